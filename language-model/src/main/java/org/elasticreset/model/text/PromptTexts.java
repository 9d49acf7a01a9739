package org.elasticreset.model.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.ModelFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Prompts of a file, UTF-8, compressed if it is named {@code .gz}. What is behind the dot says the
 * form:
 *
 * <ul>
 *   <li>{@code .tsv}: columns between tabs, named in the first line. The column {@code prompt} is
 *       the prompt, every other a reference of its name.
 *   <li>{@code .jsonl}: an object a line, likewise.
 *   <li>anything else: {@link PlainTexts}, a prompt a line without references.
 * </ul>
 *
 * Empty lines and those that begin with {@code #} are left out, as is the space around a text.
 */
public final class PromptTexts {

  private static final String PROMPT = "prompt";

  private final Path file;
  private final List<PromptText> prompts = new ArrayList<>();

  private PromptTexts(Path file) {
    this.file = file;
  }

  /**
   * Every prompt, in order.
   *
   * @throws ModelFormatException naming file, line and column if a row lacks one or has nothing in
   *     it
   * @throws java.nio.charset.CharacterCodingException if the file is not UTF-8
   */
  public static List<PromptText> read(Path file) throws IOException {
    String name = file.getFileName().toString();
    if (!name.matches(".*\\.(tsv|jsonl)(\\.gz)?")) {
      return PlainTexts.read(file).stream().map(PromptText::of).toList();
    }
    var texts = new PromptTexts(file);
    try (var lines = TextFile.open(file)) {
      texts.read(lines, name.contains(".jsonl"));
    }
    return List.copyOf(texts.prompts);
  }

  private void read(BufferedReader lines, boolean objects) throws IOException {
    @Nullable List<String> header = null;
    int number = 0;
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (objects) {
        prompts.add(ofObject(number, line));
      } else if (header == null) {
        header = header(number, line);
      } else {
        prompts.add(ofColumns(number, header, line.split("\t", -1)));
      }
    }
  }

  private List<String> header(int number, String line) {
    var names = Arrays.stream(line.split("\t", -1)).map(String::strip).toList();
    if (!names.contains(PROMPT) || names.contains("")) {
      throw wrong(number, "header", line, "names of columns, one of them " + PROMPT);
    }
    return names;
  }

  private PromptText ofColumns(int number, List<String> header, String[] columns) {
    if (columns.length != header.size()) {
      throw wrong(number, "columns", columns.length, header.size() + ", as the header has");
    }
    Map<String, String> texts = new TreeMap<>();
    for (int i = 0; i < columns.length; i++) {
      texts.put(header.get(i), columns[i]);
    }
    return prompt(number, texts);
  }

  private PromptText ofObject(int number, String line) {
    Map<String, String> texts = new TreeMap<>();
    try {
      JsonFile.MAPPER
          .readTree(line)
          .properties()
          .forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
    } catch (JsonProcessingException e) {
      throw new ModelFormatException(
          file, "line " + number + " is not JSON: " + e.getOriginalMessage(), e);
    }
    return prompt(number, texts);
  }

  private PromptText prompt(int number, Map<String, String> texts) {
    texts.putIfAbsent(PROMPT, "");
    texts.replaceAll((name, text) -> text.strip());
    texts.forEach(
        (name, text) -> {
          if (text.isEmpty()) {
            throw wrong(number, name, "nothing", "a text");
          }
        });
    Map<String, String> references = new TreeMap<>(texts);
    String prompt = references.remove(PROMPT);
    return new PromptText(prompt == null ? "" : prompt, references);
  }

  private ModelFormatException wrong(int line, String column, Object value, String expected) {
    return ModelFormatException.of(file, "line " + line + ", " + column, value, expected);
  }
}
