package org.elasticreset.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.ModelFormatException;

/**
 * What may stand before and after the model of a {@code tokenizer.json}: stages that are known to
 * take any text in bounded time and that no setting makes panic. Patterns of one's own are not
 * among them ({@link SplitPatterns}), nor are texts of one's own to put into a text, which a few
 * stages would blow up.
 */
public record TokenizerStages(JsonFile file) {

  /** Characters of a prefix. */
  static final int MAX_TEXT = 16;

  /** U+2581, what SentencePiece writes for a space. */
  public static final String META_SPACE = "\u2581";

  private static final int MAX_STAGES = 16;

  private record Kind(Predicate<JsonNode> holds, String expected) {

    static final Kind FLAG = new Kind(JsonNode::isBoolean, "true or false");
    static final Kind FLAG_OR_NULL =
        new Kind(value -> value.isBoolean() || value.isNull(), "true, false or null");
    static final Kind TEXT =
        new Kind(
            value -> value.isTextual() && value.textValue().length() <= MAX_TEXT, "a short text");
    static final Kind SPLIT_PATTERN = new Kind(SplitPatterns::known, SplitPatterns.expected());

    static Kind text(String... texts) {
      return new Kind(
          value -> value.isTextual() && List.of(texts).contains(value.textValue()),
          "one of \"" + String.join("\", \"", texts) + "\"");
    }

    /** {@code {"String": text}}. */
    static Kind pattern(String text) {
      return new Kind(
          value -> value.size() == 1 && text.equals(value.path("String").textValue()),
          "{\"String\": \"" + text + "\"}");
    }

    static Kind upTo(int most) {
      return new Kind(
          value -> value.isInt() && value.intValue() >= 0 && value.intValue() <= most,
          "0 to " + most);
    }
  }

  private static final Map<String, Kind> BYTE_LEVEL =
      Map.of("add_prefix_space", Kind.FLAG, "trim_offsets", Kind.FLAG, "use_regex", Kind.FLAG);

  private static final Map<String, Kind> METASPACE =
      Map.of(
          "replacement", Kind.text(META_SPACE),
          "str_rep", Kind.text(META_SPACE),
          "add_prefix_space", Kind.FLAG,
          "prepend_scheme", Kind.text("always", "first", "never"),
          "split", Kind.FLAG);

  private static final Map<String, Map<String, Kind>> NORMALIZERS =
      Map.of(
          "Lowercase", Map.of(),
          "NFC", Map.of(),
          "NFD", Map.of(),
          "NFKC", Map.of(),
          "NFKD", Map.of(),
          "StripAccents", Map.of(),
          "Prepend", Map.of("prepend", Kind.text(META_SPACE)),
          "Replace", Map.of("pattern", Kind.pattern(" "), "content", Kind.text(META_SPACE)),
          "BertNormalizer",
              Map.of(
                  "clean_text", Kind.FLAG,
                  "handle_chinese_chars", Kind.FLAG,
                  "strip_accents", Kind.FLAG_OR_NULL,
                  "lowercase", Kind.FLAG));

  private static final Map<String, Map<String, Kind>> PRE_TOKENIZERS =
      Map.of(
          "ByteLevel", BYTE_LEVEL,
          "Metaspace", METASPACE,
          "BertPreTokenizer", Map.of(),
          "Whitespace", Map.of(),
          "WhitespaceSplit", Map.of(),
          "Digits", Map.of("individual_digits", Kind.FLAG),
          "Split",
              Map.of(
                  "pattern", Kind.SPLIT_PATTERN,
                  "behavior", Kind.text("Isolated", "Removed"),
                  "invert", Kind.FLAG));

  private static final Map<String, Map<String, Kind>> DECODERS =
      Map.of(
          "ByteLevel", BYTE_LEVEL,
          "Metaspace", METASPACE,
          "ByteFallback", Map.of(),
          "Fuse", Map.of(),
          "Replace", Map.of("pattern", Kind.pattern(META_SPACE), "content", Kind.text(" ")),
          // It panics over a token that it is to shorten from both ends by more than it has.
          "Strip", Map.of("content", Kind.text(" "), "start", Kind.upTo(1), "stop", Kind.upTo(0)),
          "WordPiece", Map.of("prefix", Kind.TEXT, "cleanup", Kind.FLAG));

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
