package org.elasticreset.model.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
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
 *
 * <p>Files may come from anyone, so their size is bounded before they are read, and while they are
 * parsed what they can become: an object of Java takes up to 70 bytes a JSON token beside the file
 * itself. A key that comes twice and text after the object are refused.
 */
public final class JsonFile {

  /** What a kind of file may take, several times what honest ones do. */
  public enum Limits {
    /** {@code config.json} and the like: 4 MiB, 250 thousand JSON tokens. */
    CONFIGURATION(4 << 20, 250_000),
    /**
     * {@code tokenizer.json}: 32 MiB, 2 million JSON tokens. That of GPT-2 has 150 thousand, that
     * of Llama 3 1.4 million in 17 MB: a merge written as a list of two is four of them.
     */
    TOKENIZER(32 << 20, 2_000_000);

    private static final int MAX_DEPTH = 32;
    private static final int MAX_NAME = 10_000;
    private static final int MAX_NUMBER = 100;
    private static final int MAX_TEXT = 1_000_000;

    private final int maxBytes;
    private final ObjectMapper parser;

    Limits(int maxBytes, long maxTokens) {
      this.maxBytes = maxBytes;
      this.parser = parser(maxTokens);
    }

    /** Depth 32, names of 10 thousand characters, texts of a million, numbers of 100 digits. */
    static ObjectMapper parser(long maxTokens) {
      var constraints =
          StreamReadConstraints.builder()
              .maxTokenCount(maxTokens)
              .maxNestingDepth(MAX_DEPTH)
              .maxNameLength(MAX_NAME)
              .maxNumberLength(MAX_NUMBER)
              .maxStringLength(MAX_TEXT)
              .build();
      var factory =
          JsonFactory.builder()
              .streamReadConstraints(constraints)
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              // Its table of names takes quadratic time to grow: minutes for a long header.
              .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
              .build();
      return JsonMapper.builder(factory)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
    }
  }

  public static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path path;
  private final byte[] bytes;
  private final ObjectNode root;

  private JsonFile(Path path, byte[] bytes, ObjectNode root) {
    this.path = path;
    this.bytes = bytes;
    this.root = root;
  }

  public static JsonFile open(Path path) {
    return open(path, Limits.CONFIGURATION);
  }

  public static JsonFile open(Path path, Limits limits) {
    var bytes = read(path, limits.maxBytes);
    try {
      if (limits.parser.readTree(bytes) instanceof ObjectNode object) {
        return new JsonFile(path, bytes, object);
      }
      throw new ModelFormatException(path, "not a JSON object");
    } catch (JsonProcessingException e) {
      throw new ModelFormatException(path, "not valid JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new ModelFormatException(path, "not valid JSON: " + e.getMessage(), e);
    }
  }

  private static byte[] read(Path path, int maxBytes) {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new ModelFormatException(path, "not a file (expected: a regular file)");
    }
    try (var in = Files.newInputStream(path)) {
      if (Files.size(path) <= maxBytes) {
        return in.readNBytes(maxBytes);
      }
      throw ModelFormatException.of(
          path, "size", Files.size(path) + " bytes", "at most " + maxBytes);
    } catch (NoSuchFileException e) {
      throw new ModelFormatException(
          path, "no such file (expected: a Hugging Face model directory)");
    } catch (IOException e) {
      throw new ModelFormatException(path, "cannot be read: " + e, e);
    }
  }

  /** Writes {@code root} as indented JSON with a final newline. */
  public static void write(Path path, JsonNode root) {
    var printer = new DefaultPrettyPrinter();
    printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE.withLinefeed("\n"));
    printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
    try (var out = Files.newOutputStream(path)) {
      // As bytes, for Jackson escapes what UTF-8 cannot say: half a surrogate pair of a read file.
      out.write(MAPPER.writer(printer).writeValueAsBytes(root));
      out.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + path, e);
    }
  }

  public Path path() {
    return path;
  }

  /** The file as it was read. Not copied. */
  public byte[] bytes() {
    return bytes;
  }

  public ObjectNode root() {
    return root;
  }

  public boolean has(String key) {
    return root.hasNonNull(key);
  }

  public String text(String key) {
    var value = root.get(key);
    if (value == null || !value.isTextual()) {
      throw wrong(key, "a string");
    }
    return value.textValue();
  }

  public String text(String key, String otherwise) {
    return has(key) ? text(key) : otherwise;
  }

  public int positiveInt(String key) {
    var value = root.get(key);
    if (value == null || !value.isInt() || value.intValue() <= 0) {
      throw wrong(key, "a positive integer");
    }
    return value.intValue();
  }

  public int positiveInt(String key, int otherwise) {
    return has(key) ? positiveInt(key) : otherwise;
  }

  public double number(String key) {
    var value = root.get(key);
    if (value == null || !value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw wrong(key, "a finite number");
    }
    return value.doubleValue();
  }

  public double number(String key, double otherwise) {
    return has(key) ? number(key) : otherwise;
  }

  public boolean flag(String key, boolean otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    if (!root.get(key).isBoolean()) {
      throw wrong(key, "true or false");
    }
    return root.get(key).booleanValue();
  }

  /** One integer or a list of them, as {@code eos_token_id} may be; absent is empty. */
  public int[] ints(String key) {
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
  public ModelFormatException wrong(String key, String expected) {
    return ModelFormatException.of(path, key, root.has(key) ? root.get(key) : "missing", expected);
  }
}
