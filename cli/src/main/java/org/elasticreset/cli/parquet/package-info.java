/** Parquet files, as data sets of the Hub are. */
@NullMarked
package org.elasticreset.cli.parquet;

import org.jspecify.annotations.NullMarked;
