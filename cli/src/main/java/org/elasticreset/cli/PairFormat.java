package org.elasticreset.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.elasticreset.cli.parquet.ParquetRows;
import org.elasticreset.rating.tools.PreferenceFile;
import org.elasticreset.rating.tools.PreferenceFile.Imported;
import org.jspecify.annotations.Nullable;

/** Files of pairs. */
enum PairFormat {
  /** An object a line. */
  JSONL,
  /** As data sets of the Hub are. */
  PARQUET;

  private static final Set<String> COLUMNS = Set.of("prompt", "chosen", "rejected");

  /** What was asked for, or what the name of the file says. */
  static PairFormat of(@Nullable PairFormat asked, Path file) {
    if (asked != null) {
      return asked;
    }
    return file.toString().endsWith(".parquet") ? PARQUET : JSONL;
  }

  /** Writes rows that all have the same columns; at least one. */
  void write(Path file, List<ObjectNode> rows) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    if (this == PARQUET) {
      ParquetRows.write(file, rows);
      return;
    }
    try (BufferedWriter lines = Files.newBufferedWriter(file)) {
      for (ObjectNode row : rows) {
        lines.write(row.toString());
        lines.write('\n');
      }
    }
  }

  /**
   * Reads {@code prompt}, {@code chosen} and {@code rejected}, texts or conversations.
   *
   * @throws IllegalArgumentException naming the row and the field that cannot be used
   */
  Imported read(Path file) throws IOException {
    return this == PARQUET
        ? PreferenceFile.read(file.toString(), ParquetRows.read(file, COLUMNS))
        : PreferenceFile.readJsonLines(file);
  }
}
