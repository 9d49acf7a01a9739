package org.elasticreset.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What may stand before and after the model of a {@code tokenizer.json}: stages that are known to
 * take any text in bounded time and that no setting makes panic. Patterns of one's own are not
 * among them.
 */
record TokenizerStages(JsonFile file) {

  /** Characters of a prefix. */
  static final int MAX_TEXT = 16;

  private static final int MAX_STAGES = 16;

  private enum Kind {
    FLAG(JsonNode::isBoolean, "true or false"),
    FLAG_OR_NULL(value -> value.isBoolean() || value.isNull(), "true, false or null"),
    TEXT(value -> value.isTextual() && value.textValue().length() <= MAX_TEXT, "a short text");

    private final Predicate<JsonNode> holds;
    private final String expected;

    Kind(Predicate<JsonNode> holds, String expected) {
      this.holds = holds;
      this.expected = expected;
    }
  }

  private static final Map<String, Kind> BYTE_LEVEL =
      Map.of("add_prefix_space", Kind.FLAG, "trim_offsets", Kind.FLAG, "use_regex", Kind.FLAG);

  private static final Map<String, Map<String, Kind>> NORMALIZERS =
      Map.of(
          "Lowercase", Map.of(),
          "NFC", Map.of(),
          "NFD", Map.of(),
          "NFKC", Map.of(),
          "NFKD", Map.of(),
          "StripAccents", Map.of(),
          "BertNormalizer",
              Map.of(
                  "clean_text", Kind.FLAG,
                  "handle_chinese_chars", Kind.FLAG,
                  "strip_accents", Kind.FLAG_OR_NULL,
                  "lowercase", Kind.FLAG));

  private static final Map<String, Map<String, Kind>> PRE_TOKENIZERS =
      Map.of(
          "ByteLevel", BYTE_LEVEL,
          "BertPreTokenizer", Map.of(),
          "Whitespace", Map.of(),
          "WhitespaceSplit", Map.of());

  private static final Map<String, Map<String, Kind>> DECODERS =
      Map.of(
          "ByteLevel", BYTE_LEVEL, "WordPiece", Map.of("prefix", Kind.TEXT, "cleanup", Kind.FLAG));

  JsonNode normalizer(JsonNode node) {
    return stages("normalizer", "normalizers", node, NORMALIZERS);
  }

  JsonNode preTokenizer(JsonNode node) {
    return stages("pre_tokenizer", "pretokenizers", node, PRE_TOKENIZERS);
  }

  JsonNode decoder(JsonNode node) {
    return stages("decoder", "decoders", node, DECODERS);
  }

  /** None, one, or a {@code Sequence} of them under {@code listKey}. */
  private JsonNode stages(
      String role, String listKey, JsonNode node, Map<String, Map<String, Kind>> known) {
    if (node.isMissingNode() || node.isNull()) {
      return JsonNodeFactory.instance.nullNode();
    }
    if (!node.path("type").asText().equals("Sequence")) {
      return stage(role, node, known);
    }
    var list = node.path(listKey);
    if (!list.isArray() || list.size() > MAX_STAGES) {
      throw ModelFormatException.of(
          file.path(), role + "." + listKey, list, "a list of at most " + MAX_STAGES);
    }
    var checked = JsonFile.MAPPER.createObjectNode();
    checked.put("type", "Sequence");
    var stages = checked.putArray(listKey);
    list.forEach(stage -> stages.add(stage(role, stage, known)));
    return checked;
  }

  private JsonNode stage(String role, JsonNode node, Map<String, Map<String, Kind>> known) {
    var type = node.path("type").asText("missing");
    var fields = known.get(type);
    if (fields == null) {
      throw ModelFormatException.of(
          file.path(), role + ".type", type, "one of " + known.keySet().stream().sorted().toList());
    }
    var checked = JsonFile.MAPPER.createObjectNode();
    checked.put("type", type);
    for (var field : node.properties()) {
      var kind = fields.get(field.getKey());
      if (kind != null && kind.holds.test(field.getValue())) {
        checked.set(field.getKey(), field.getValue());
      } else if (!field.getKey().equals("type")) {
        throw ModelFormatException.of(
            file.path(),
            role + "." + field.getKey(),
            field.getValue(),
            kind == null ? "no such key" : kind.expected);
      }
    }
    return checked;
  }
}
