package org.elasticreset.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One JSON object of a model directory, e.g. {@code config.json}. Every complaint names file, key,
 * value and expectation.
 */
final class JsonFile {

  static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path path;
  private final ObjectNode root;

  private JsonFile(Path path, ObjectNode root) {
    this.path = path;
    this.root = root;
  }

  static JsonFile open(Path path) {
    try {
      var node = MAPPER.readTree(Files.readAllBytes(path));
      if (node instanceof ObjectNode object) {
        return new JsonFile(path, object);
      }
      throw new ModelFormatException(path, "not a JSON object");
    } catch (NoSuchFileException e) {
      throw new ModelFormatException(
          path, "no such file (expected: a Hugging Face model directory)");
    } catch (JsonProcessingException e) {
      throw new ModelFormatException(path, "not valid JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + path, e);
    }
  }

  /** Writes {@code root} as indented JSON with a final newline. */
  static void write(Path path, JsonNode root) {
    var printer = new DefaultPrettyPrinter();
    printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE.withLinefeed("\n"));
    printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
    try {
      Files.writeString(path, MAPPER.writer(printer).writeValueAsString(root) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + path, e);
    }
  }

  Path path() {
    return path;
  }

  ObjectNode root() {
    return root;
  }

  boolean has(String key) {
    return root.hasNonNull(key);
  }

  String text(String key) {
    var value = root.get(key);
    if (value == null || !value.isTextual()) {
      throw wrong(key, "a string");
    }
    return value.textValue();
  }

  String text(String key, String otherwise) {
    return has(key) ? text(key) : otherwise;
  }

  int positiveInt(String key) {
    var value = root.get(key);
    if (value == null || !value.isInt() || value.intValue() <= 0) {
      throw wrong(key, "a positive integer");
    }
    return value.intValue();
  }

  int positiveInt(String key, int otherwise) {
    return has(key) ? positiveInt(key) : otherwise;
  }

  double number(String key) {
    var value = root.get(key);
    if (value == null || !value.isNumber()) {
      throw wrong(key, "a number");
    }
    return value.doubleValue();
  }

  double number(String key, double otherwise) {
    return has(key) ? number(key) : otherwise;
  }

  boolean flag(String key, boolean otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    if (!root.get(key).isBoolean()) {
      throw wrong(key, "true or false");
    }
    return root.get(key).booleanValue();
  }

  /** One integer or a list of them, as {@code eos_token_id} may be; absent is empty. */
  int[] ints(String key) {
    if (!has(key)) {
      return new int[0];
    }
    var value = root.get(key);
    List<JsonNode> nodes = new ArrayList<>();
    if (value.isArray()) {
      value.forEach(nodes::add);
    } else {
      nodes.add(value);
    }
    return nodes.stream()
        .mapToInt(
            node -> {
              if (!node.isInt()) {
                throw wrong(key, "an integer or a list of integers");
              }
              return node.intValue();
            })
        .toArray();
  }

  /** The complaint about {@code key}: {@code file: key: value (expected: ...)}. */
  ModelFormatException wrong(String key, String expected) {
    return ModelFormatException.of(path, key, root.has(key) ? root.get(key) : "missing", expected);
  }
}
