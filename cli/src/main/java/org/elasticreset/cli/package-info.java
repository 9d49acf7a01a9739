/** The launcher: one command that starts a broker and the four services, and records a run. */
@NullMarked
package org.elasticreset.cli;

import org.jspecify.annotations.NullMarked;
