package org.elasticreset.model.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.ModelFormatException;

/**
 * Reads chosen columns of a file, UTF-8, plain or with gzip: fields of JSON lines where the name
 * ends in {@code .jsonl}, else columns between tabs.
 *
 * <p>A column of a TSV file is a name in its first line; or all are numbers that count from 1, and
 * then there is no header. A field of a JSON line is always a name. Texts are taken as they are.
 *
 * @param columns that every row must have, with something in it
 * @param split a column that may say which part of the data a row belongs to; rows may lack it
 */
public record TextTable(List<String> columns, String split) {

  /** The column that data sets name their parts in. */
  public static final String SPLIT = "split";

  /**
   * A row.
   *
   * @param line in its file, from 1
   * @param texts in the order of the columns
   * @param split what the split column says
   */
  public record Row(int line, List<String> texts, Optional<String> split) {
    public Row {
      texts = List.copyOf(texts);
    }
  }

  public TextTable {
    columns = List.copyOf(columns);
  }

  /**
   * Every row but empty lines, kept in memory.
   *
   * @throws ModelFormatException naming file, line and column if a row lacks a column or has
   *     nothing in it, or the file is not there, empty or not UTF-8
   */
  public List<Row> read(Path file) {
    boolean objects = file.getFileName().toString().matches(".*\\.jsonl(\\.gz)?");
    try (var lines = TextFile.open(file)) {
      var rows = objects ? jsonLines(file, lines) : tabbed(file, lines);
      if (rows.isEmpty()) {
        throw new ModelFormatException(file, "no rows (expected: one a line)");
      }
      return rows;
    } catch (NoSuchFileException e) {
      throw new ModelFormatException(file, "no such file (expected: rows with " + names() + ")");
    } catch (CharacterCodingException e) {
      throw TextFile.notUtf8(file, e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + file, e);
    }
  }

  private List<Row> jsonLines(Path file, BufferedReader lines) throws IOException {
    var rows = new ArrayList<Row>();
    int number = 0;
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      var object = object(file, number, line);
      var texts = new ArrayList<String>();
      for (var column : columns) {
        texts.add(text(file, number, column, object.path(column)));
      }
      rows.add(
          new Row(
              number,
              texts,
              Optional.of(object.path(split))
                  .filter(JsonNode::isTextual)
                  .map(JsonNode::textValue)));
    }
    return rows;
  }

  private static JsonNode object(Path file, int number, String line) {
    try {
      var object = JsonFile.MAPPER.readTree(line);
      if (!object.isObject()) {
        throw new ModelFormatException(file, "line " + number + " (expected: a JSON object)");
      }
      return object;
    } catch (JsonProcessingException e) {
      throw new ModelFormatException(
          file, "line " + number + " is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static String text(Path file, int number, String column, JsonNode value) {
    if (!value.isTextual() || value.textValue().isBlank()) {
      String found =
          value.isMissingNode()
              ? "missing"
              : value.isTextual()
                  ? "empty"
                  : "a " + value.getNodeType().name().toLowerCase(Locale.ROOT);
      throw ModelFormatException.of(file, "line " + number + ", field " + column, found, "text");
    }
    return value.textValue();
  }

  private List<Row> tabbed(Path file, BufferedReader lines) throws IOException {
    boolean numbered = columns.stream().allMatch(column -> column.matches("\\d{1,4}"));
    var places = numbered ? columns.stream().map(c -> Integer.parseInt(c) - 1).toList() : null;
    int splitPlace = -1;
    var rows = new ArrayList<Row>();
    int number = 0;
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      var fields = Arrays.asList(line.split("\t", -1));
      if (places == null) {
        places = columns.stream().map(fields::indexOf).toList();
        splitPlace = fields.indexOf(split);
        requireHeader(file, places);
      } else if (!line.isBlank()) {
        rows.add(row(file, number, fields, places, splitPlace));
      }
    }
    return rows;
  }

  private void requireHeader(Path file, List<Integer> places) {
    if (places.contains(-1)) {
      throw new ModelFormatException(
          file,
          "line 1 has no column %s (expected: a header with %s, or numbers as their names)"
              .formatted(columns.get(places.indexOf(-1)), names()));
    }
  }

  private Row row(
      Path file, int number, List<String> fields, List<Integer> places, int splitPlace) {
    var texts = new ArrayList<String>();
    for (int i = 0; i < places.size(); i++) {
      int place = places.get(i);
      if (place < 0 || place >= fields.size() || fields.get(place).isBlank()) {
        String found = place < fields.size() && place >= 0 ? "empty" : "missing";
        throw ModelFormatException.of(
            file, "line " + number + ", column " + columns.get(i), found, "text");
      }
      texts.add(fields.get(place));
    }
    boolean placed = splitPlace >= 0 && splitPlace < fields.size();
    return new Row(number, texts, placed ? Optional.of(fields.get(splitPlace)) : Optional.empty());
  }

  private String names() {
    return String.join(", ", columns);
  }
}
