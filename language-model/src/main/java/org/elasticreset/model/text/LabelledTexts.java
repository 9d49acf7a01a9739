package org.elasticreset.model.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.ModelFormatException;

/**
 * Reads labelled texts: JSON lines or tab-separated columns, UTF-8, plain or with gzip.
 *
 * <p>A column of a TSV file is a number that counts from 1, and then there is no header; or a name
 * in the first line. A field of a JSON line is always a name. HTML line breaks become spaces.
 */
public final class LabelledTexts {

  private final Path file;
  private final String textColumn;
  private final String labelColumn;

  private LabelledTexts(Path file, String textColumn, String labelColumn) {
    this.file = file;
    this.textColumn = textColumn;
    this.labelColumn = labelColumn;
  }

  /**
   * Reads all of {@code file}; names that end in {@code .jsonl} or {@code .jsonl.gz} are JSON
   * lines.
   *
   * @throws ModelFormatException naming file, line and column if a line has no such column
   */
  public static List<LabelledText> read(Path file, String textColumn, String labelColumn) {
    return new LabelledTexts(file, textColumn, labelColumn).read();
  }

  private List<LabelledText> read() {
    var name = file.getFileName().toString();
    try (var lines = TextFile.open(file)) {
      var texts = name.matches(".*\\.jsonl(\\.gz)?") ? jsonLines(lines) : columns(lines);
      if (texts.isEmpty()) {
        throw new ModelFormatException(file, "no texts (expected: one a line)");
      }
      return texts;
    } catch (NoSuchFileException e) {
      throw new ModelFormatException(file, "no such file (expected: labelled texts)");
    } catch (CharacterCodingException e) {
      throw TextFile.notUtf8(file, e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + file, e);
    }
  }

  private List<LabelledText> jsonLines(BufferedReader lines) throws IOException {
    var texts = new ArrayList<LabelledText>();
    int number = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      try {
        var object = JsonFile.MAPPER.readTree(line);
        if (!object.path(textColumn).isTextual() || !object.path(labelColumn).isValueNode()) {
          throw wrong(number, "fields " + textColumn + " and " + labelColumn);
        }
        texts.add(labelled(object.path(textColumn).textValue(), object.path(labelColumn).asText()));
      } catch (JsonProcessingException e) {
        throw wrong(number, "a JSON object");
      }
    }
    return texts;
  }

  private List<LabelledText> columns(BufferedReader lines) throws IOException {
    boolean numbered = textColumn.matches("\\d+") && labelColumn.matches("\\d+");
    int text = numbered ? Integer.parseInt(textColumn) - 1 : -1;
    int label = numbered ? Integer.parseInt(labelColumn) - 1 : -1;
    var texts = new ArrayList<LabelledText>();
    int number = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      var fields = line.split("\t", -1);
      if (!numbered && number == 1) {
        text = Arrays.asList(fields).indexOf(textColumn);
        label = Arrays.asList(fields).indexOf(labelColumn);
        if (text < 0 || label < 0) {
          throw wrong(number, "a header with the columns " + textColumn + " and " + labelColumn);
        }
      } else if (!line.isBlank()) {
        if (Math.min(text, label) < 0 || Math.max(text, label) >= fields.length) {
          throw wrong(number, "columns " + textColumn + " and " + labelColumn);
        }
        texts.add(labelled(fields[text], fields[label]));
      }
    }
    return texts;
  }

  private static LabelledText labelled(String text, String label) {
    return new LabelledText(
        text.replaceAll("<br\\s*/?>", " ").replaceAll("\\s+", " ").strip(), label.strip());
  }

  private ModelFormatException wrong(int line, String expected) {
    return new ModelFormatException(file, "line " + line + " (expected: " + expected + ")");
  }
}
