/** Directories that are whole or absent, whenever the process dies. JDK only. */
@org.jspecify.annotations.NullMarked
package org.elasticreset.checkpoint;
