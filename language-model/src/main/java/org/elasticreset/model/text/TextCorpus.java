package org.elasticreset.model.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.ModelFormatException;

/**
 * Documents from text files, one a line, UTF-8; empty ones are left out.
 *
 * <p>The name says the form: {@code .jsonl} holds an object a line, of which one field is read; any
 * other file holds plain text, or columns separated by tabs where a column is chosen. Each may be
 * compressed, {@code .gz}.
 *
 * @param files read in this order
 * @param column of tab-separated files, counted from 1; 0 takes the whole line
 * @param field of the objects in {@code .jsonl} files
 * @param stripHtml whether {@code <br />} becomes a line break, other tags disappear and entities
 *     become characters
 */
public record TextCorpus(List<Path> files, int column, String field, boolean stripHtml) {

  public TextCorpus {
    files = List.copyOf(files);
    if (column < 0) {
      throw new IllegalArgumentException(
          "text column: " + column + " (expected: 1 for the first column, 0 for whole lines)");
    }
  }

  /** Whole lines, or the field {@code text}, as they are. */
  public static TextCorpus of(Path... files) {
    return new TextCorpus(List.of(files), 0, "text", false);
  }

  /** The documents, read as the stream is consumed; close it. */
  public Stream<String> documents() {
    return files.stream().flatMap(this::documents);
  }

  /**
   * Every document, kept in memory.
   *
   * @throws ModelFormatException if there is none, or a line lacks its column or field
   */
  public List<String> read() {
    try (var documents = documents()) {
      var list = documents.toList();
      if (list.isEmpty()) {
        throw new ModelFormatException(files.get(0), "no text (expected: a document a line)");
      }
      return list;
    }
  }

  private Stream<String> documents(Path file) {
    var name = file.getFileName().toString();
    boolean compressed = name.endsWith(".gz");
    boolean objects = (compressed ? name.substring(0, name.length() - 3) : name).endsWith(".jsonl");
    var number = new AtomicLong();
    return open(file, compressed)
        .map(line -> document(file, number.incrementAndGet(), line, objects))
        .map(text -> stripHtml ? Html.strip(text) : text)
        .filter(text -> !text.isBlank());
  }

  private static Stream<String> open(Path file, boolean compressed) {
    try {
      var in = Files.newInputStream(file);
      var bytes = compressed ? new GZIPInputStream(in, 1 << 16) : in;
      var reader = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8));
      return reader.lines().onClose(() -> close(file, reader));
    } catch (NoSuchFileException e) {
      throw new ModelFormatException(file, "no such file (expected: text, a document a line)");
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + file, e);
    }
  }

  private static void close(Path file, BufferedReader reader) {
    try {
      reader.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing " + file, e);
    }
  }

  private String document(Path file, long number, String line, boolean object) {
    if (line.isBlank()) {
      return "";
    }
    return object ? fieldOf(file, number, line) : columnOf(file, number, line);
  }

  private String fieldOf(Path file, long number, String line) {
    try {
      var value = JsonFile.MAPPER.readTree(line).get(field);
      if (value == null || !value.isTextual()) {
        throw ModelFormatException.of(
            file, "line " + number + ", field " + field, value == null ? "missing" : value, "text");
      }
      return value.textValue();
    } catch (JsonProcessingException e) {
      throw new ModelFormatException(
          file, "line " + number + " is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private String columnOf(Path file, long number, String line) {
    if (column == 0) {
      return line;
    }
    var columns = line.split("\t", -1);
    if (columns.length < column) {
      throw ModelFormatException.of(
          file, "line " + number, columns.length + " columns", "at least " + column);
    }
    return columns[column - 1];
  }

  /** {@code count} of {@code documents}, spread evenly; all of them if there are fewer. */
  public static List<String> spread(List<String> documents, int count) {
    if (documents.size() <= count) {
      return documents;
    }
    var chosen = new ArrayList<String>(count);
    for (int i = 0; i < count; i++) {
      chosen.add(documents.get((int) ((long) i * documents.size() / count)));
    }
    return chosen;
  }
}
