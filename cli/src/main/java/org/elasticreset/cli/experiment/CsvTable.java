package org.elasticreset.cli.experiment;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.elasticreset.checkpoint.DurableFiles;

/**
 * A table as a file that every program reads (RFC 4180, with {@code \n}).
 *
 * @param rows each as long as the header
 */
record CsvTable(List<String> header, List<List<String>> rows) {
  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setRecordSeparator("\n").get();

  CsvTable {
    header = List.copyOf(header);
    rows = List.copyOf(rows);
  }

  /** Writes the file anew; whoever reads it sees the old one or the new one, whole. */
  void write(Path file) {
    StringWriter text = new StringWriter();
    try (CSVPrinter printer = new CSVPrinter(text, FORMAT)) {
      printer.printRecord(header);
      printer.printRecords(rows);
      printer.flush();
      DurableFiles.replace(file, text.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
