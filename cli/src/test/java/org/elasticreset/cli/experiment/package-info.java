@NullMarked
package org.elasticreset.cli.experiment;

import org.jspecify.annotations.NullMarked;
