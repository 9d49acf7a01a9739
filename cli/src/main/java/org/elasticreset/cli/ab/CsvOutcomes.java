package org.elasticreset.cli.ab;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Outcomes of a CSV file with a header, which may grow; it is read again when its size changes. */
public final class CsvOutcomes {
  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).setTrim(true).get();

  private final Path file;
  private final String idColumn;
  private final String valueColumn;
  private long size = -1;

  /**
   * Of a file that need not exist yet.
   *
   * @param idColumn that holds prompt ids
   * @param valueColumn that holds the metric
   */
  public CsvOutcomes(Path file, String idColumn, String valueColumn) {
    this.file = file;
    this.idColumn = idColumn;
    this.valueColumn = valueColumn;
  }

  /**
   * All outcomes by prompt id if the file has changed, none otherwise; the first of an id stands.
   * Rows whose value is no number are passed over.
   *
   * @throws IllegalArgumentException if a column is missing
   */
  public Map<String, Double> news() {
    Map<String, Double> outcomes = new LinkedHashMap<>();
    try {
      if (!Files.exists(file) || Files.size(file) == size) {
        return outcomes;
      }
      size = Files.size(file);
      String text = Files.readString(file);
      // A line without its end is being written: half a number is a number, too.
      String whole = text.substring(0, text.lastIndexOf('\n') + 1);
      try (CSVParser rows = FORMAT.parse(new StringReader(whole))) {
        for (String column : new String[] {idColumn, valueColumn}) {
          if (!whole.isEmpty() && !rows.getHeaderMap().containsKey(column)) {
            throw new IllegalArgumentException(
                "%s: columns %s (expected: one named %s)"
                    .formatted(file, rows.getHeaderNames(), column));
          }
        }
        for (CSVRecord row : rows) {
          add(row, outcomes);
        }
      }
      return outcomes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(CSVRecord row, Map<String, Double> outcomes) {
    if (!row.isSet(idColumn) || !row.isSet(valueColumn) || row.get(idColumn).isBlank()) {
      return;
    }
    try {
      double value = Double.parseDouble(row.get(valueColumn));
      if (Double.isFinite(value)) {
        outcomes.putIfAbsent(row.get(idColumn), value);
      }
    } catch (NumberFormatException e) {
      // Not an outcome.
    }
  }
}
