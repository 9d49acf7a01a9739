package org.elasticreset.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/** A change to one value of a JSON file that leaves it JSON, mostly. */
record JsonMutation(long seed) {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String AGAIN = "@again@";

  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "-1",
          "1",
          "2",
          "7",
          "31",
          "2147483647",
          "2147483648",
          "-2147483648",
          "4294967296",
          "9007199254740993",
          "9223372036854775807",
          "-9223372036854775808",
          "1" + "0".repeat(40),
          "1" + "0".repeat(2000),
          "0.5",
          "1e300",
          "1e400",
          "-1e400",
          "1e-400",
          "NaN",
          "\"\"",
          "\"a\"",
          "\" \"",
          "\"a b\"",
          "\"..\"",
          "\"../../model.safetensors\"",
          "\"/etc/passwd\"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"\\u202e\\n\"",
          "\"" + "a".repeat(20_000) + "\"",
          "\"" + "é".repeat(300) + "\"",
          "[]",
          "{}",
          "[0,0]",
          "[1,0]",
          "[0,9223372036854775807]",
          "[-1]",
          "[[]]",
          "[\"a\",\"b\"]",
          "[".repeat(40) + "]".repeat(40),
          "[".repeat(5000) + "]".repeat(5000),
          "{\"a\":".repeat(3000) + "0" + "}".repeat(3000),
          "[" + "0,".repeat(50_000) + "0]",
          "[" + "{},".repeat(50_000) + "{}]",
          "\"BPE\"",
          "\"WordPiece\"",
          "\"Unigram\"",
          "\"WordLevel\"",
          "\"Sequence\"",
          "\"F16\"",
          "\"BF16\"",
          "\"I64\"",
          "\"F64\"",
          "\"gpt2\"",
          "\"distilbert\"",
          "\"hashed-ngram\"",
          "{\"type\":\"Lowercase\"}",
          "{\"type\":\"NFKC\"}",
          "{\"type\":\"StripAccents\"}",
          "{\"type\":\"WhitespaceSplit\"}",
          "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"(a+)+$\"},\"content\":\"b\"}",
          "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"AAAA\"}",
          "{\"type\":\"Strip\",\"content\":\"a\",\"start\":9,\"stop\":9}",
          "{\"type\":\"FixedLength\",\"length\":0}",
          "{\"type\":\"BertNormalizer\",\"clean_text\":true,\"handle_chinese_chars\":true,"
              + "\"strip_accents\":null,\"lowercase\":true}",
          "{\"type\":\"WordPiece\",\"prefix\":\"##\",\"cleanup\":true}",
          "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"NFD\"},{\"type\":\"Lowercase\"}]}",
          "{\"type\":\"ByteLevel\",\"add_prefix_space\":true,\"trim_offsets\":true,"
              + "\"use_regex\":false}",
          "{\"type\":\"NFC\"}",
          "{\"type\":\"Fuse\"}",
          "{\"type\":\"ByteFallback\"}",
          "{\"type\":\"Prepend\",\"prepend\":\"\u2581\"}",
          "{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},\"content\":\"\u2581\"}",
          "{\"type\":\"Replace\",\"pattern\":{\"String\":\"\u2581\"},\"content\":\" \"}",
          "{\"type\":\"Strip\",\"content\":\" \",\"start\":1,\"stop\":0}",
          "{\"type\":\"Metaspace\",\"replacement\":\"\u2581\",\"prepend_scheme\":\"first\","
              + "\"split\":true}",
          "{\"type\":\"Digits\",\"individual_digits\":true}",
          "{\"type\":\"BertProcessing\",\"cls\":[\"a\",0],\"sep\":[\"b\",1]}",
          "{\"id\":0,\"content\":\" \",\"single_word\":true,\"lstrip\":true,\"rstrip\":true,"
              + "\"normalized\":true,\"special\":false}");

  /** All of them, one after the other. */
  static byte[] apply(byte[] json, List<JsonMutation> mutations) {
    try {
      var root = MAPPER.readTree(json);
      mutations.forEach(mutation -> mutation.apply(root));
      var text = MAPPER.writeValueAsString(root);
      return text.replace(AGAIN, "").getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void apply(JsonNode root) {
    var random = new SplittableRandom(seed);
    var container = root;
    // Down a random path, so that a few settings are hit as often as many tokens.
    while (!container.isEmpty()) {
      var child = child(container, random.nextInt(container.size()));
      if (!child.isContainerNode() || child.isEmpty() || random.nextInt(3) == 0) {
        break;
      }
      container = child;
    }
    var value = value(root, random);
    if (container instanceof ObjectNode object) {
      change(object, value, random);
    } else if (container instanceof ArrayNode array) {
      change(array, value, random);
    }
  }

  private static void change(ObjectNode object, JsonNode value, SplittableRandom random) {
    if (object.isEmpty()) {
      object.set("a", value);
      return;
    }
    var key = List.copyOf(object.properties()).get(random.nextInt(object.size())).getKey();
    switch (random.nextInt(8)) {
      case 0 -> object.remove(key);
      case 1 -> object.set(AGAIN + key, value);
      case 2 -> object.set(key + random.nextInt(3), object.remove(key));
      case 3 -> object.set("", value);
      default -> object.set(key, value);
    }
  }

  private static void change(ArrayNode array, JsonNode value, SplittableRandom random) {
    int index = random.nextInt(array.size() + 1);
    if (index == array.size()) {
      array.add(value);
    } else if (random.nextInt(4) == 0) {
      array.remove(index);
    } else {
      array.set(index, value);
    }
  }

  private static JsonNode value(JsonNode root, SplittableRandom random) {
    if (random.nextInt(4) > 0) {
      var text = VALUES.get(random.nextInt(VALUES.size()));
      return JsonNodeFactory.instance.rawValueNode(new RawValue(text));
    }
    // What is fine elsewhere in the file.
    var node = root;
    while (!node.isEmpty() && (node == root || random.nextBoolean())) {
      node = child(node, random.nextInt(node.size()));
    }
    return node.deepCopy();
  }

  private static JsonNode child(JsonNode container, int index) {
    return container instanceof ObjectNode object
        ? List.copyOf(object.properties()).get(index).getValue()
        : container.get(index);
  }
}
