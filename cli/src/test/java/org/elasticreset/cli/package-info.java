/** Tests of the launcher. */
@NullMarked
package org.elasticreset.cli;

import org.jspecify.annotations.NullMarked;
