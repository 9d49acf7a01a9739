package org.elasticreset.model.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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

  /**
   * Every document, kept in memory.
   *
   * @throws ModelFormatException if there is none, a line lacks its column or field, or a file is
   *     not UTF-8
   */
  public List<String> read() {
    var documents = new ArrayList<String>();
    files.forEach(file -> read(file, documents));
    if (documents.isEmpty()) {
      throw new ModelFormatException(files.get(0), "no text (expected: a document a line)");
    }
    return Collections.unmodifiableList(documents);
  }

  private void read(Path file, List<String> documents) {
    boolean objects = file.getFileName().toString().matches(".*\\.jsonl(\\.gz)?");
    try (var lines = TextFile.open(file)) {
      long number = 0;
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        var raw = document(file, number, line, objects);
        var text = stripHtml ? Html.strip(raw) : raw;
        if (!text.isBlank()) {
          documents.add(text);
        }
      }
    } catch (NoSuchFileException e) {
      throw new ModelFormatException(file, "no such file (expected: text, a document a line)");
    } catch (CharacterCodingException e) {
      throw TextFile.notUtf8(file, e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + file, e);
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
  public static <T> List<T> spread(List<T> documents, int count) {
    if (documents.size() <= count) {
      return documents;
    }
    var chosen = new ArrayList<T>(count);
    for (int i = 0; i < count; i++) {
      chosen.add(documents.get((int) ((long) i * documents.size() / count)));
    }
    return chosen;
  }
}
