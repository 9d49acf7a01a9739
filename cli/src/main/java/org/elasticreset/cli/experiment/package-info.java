/**
 * Experiments: runs of several arms and seeds, compared. {@code compare} and {@code sweep} read an
 * experiment file, run what is missing on one broker, and write what the runs' own figures say. The
 * statistics are those of the module {@code evidence}.
 */
@org.jspecify.annotations.NullMarked
package org.elasticreset.cli.experiment;
