package org.elasticreset.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.ModelFormatException;

/**
 * The special tokens that a tokenizer's {@code post_processor} puts around a text: {@code [CLS]}
 * and {@code [SEP]} of BERT, {@code <s>} of Llama. They are put there in Java; native code never
 * sees a post-processor.
 */
record TokenFrame(int[] before, int[] after) {

  static final TokenFrame NONE = new TokenFrame(new int[0], new int[0]);

  private static final String KEY = "post_processor";
  private static final int MAX_STEPS = 16;
  private static final int MAX_TOKENS = 64;

  /** Special tokens around {@code text}. */
  int[] around(int[] text) {
    return Stream.of(before, text, after).flatMapToInt(Arrays::stream).toArray();
  }

  /**
   * As many of the first tokens of {@code text}, or of its last ones, as leave room for the special
   * ones.
   *
   * @throws IllegalArgumentException if there is no room for those
   */
  int[] around(int[] text, int maxTokens, boolean keepsEnd) {
    int kept = Math.min(text.length, room(maxTokens, before.length + after.length));
    int from = keepsEnd ? text.length - kept : 0;
    return around(Arrays.copyOfRange(text, from, from + kept));
  }

  /**
   * The special tokens in front, and as many of the last tokens of {@code text} as fit behind them.
   *
   * @throws IllegalArgumentException if there is no room for those in front
   */
  int[] before(int[] text, int maxTokens) {
    int room = room(maxTokens, before.length);
    int from = Math.max(0, text.length - room);
    return joined(before, Arrays.copyOfRange(text, from, text.length));
  }

  private static int room(int maxTokens, int special) {
    if (maxTokens < special) {
      throw new IllegalArgumentException(
          "maxTokens: %d (expected: at least the %d special tokens)".formatted(maxTokens, special));
    }
    return maxTokens - special;
  }

  /**
   * Reads {@code post_processor}: {@code TemplateProcessing}, of which the template for one text,
   * {@code BertProcessing}, {@code RobertaProcessing}, {@code ByteLevel}, which adds nothing, or a
   * {@code Sequence} of them.
   *
   * @param ids of all tokens; a post-processor must say the same
   */
  static TokenFrame read(JsonFile file, Map<String, Integer> ids) {
    var node = file.root().path(KEY);
    if (node.isMissingNode() || node.isNull()) {
      return NONE;
    }
    var reader = new Reader(file, ids);
    if (!node.path("type").asText().equals("Sequence")) {
      return reader.step(node);
    }
    var steps = node.path("processors");
    if (!steps.isArray() || steps.size() > MAX_STEPS) {
      throw reader.wrong(".processors", steps, "a list of at most " + MAX_STEPS);
    }
    var frame = NONE;
    for (var step : steps) {
      var outer = reader.step(step);
      frame = new TokenFrame(joined(outer.before, frame.before), joined(frame.after, outer.after));
    }
    return frame;
  }

  private static int[] joined(int[] first, int[] second) {
    return IntStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
  }

  private record Reader(JsonFile file, Map<String, Integer> ids) {

    TokenFrame step(JsonNode node) {
      var type = node.path("type").asText("missing");
      return switch (type) {
        case "ByteLevel" -> NONE;
        case "BertProcessing", "RobertaProcessing" ->
            new TokenFrame(
                new int[] {token(".cls", node.path("cls"))},
                new int[] {token(".sep", node.path("sep"))});
        case "TemplateProcessing" -> template(node);
        default ->
            throw wrong(
                ".type",
                node.path("type"),
                "one of [BertProcessing, ByteLevel, RobertaProcessing, Sequence,"
                    + " TemplateProcessing]");
      };
    }

    /** {@code ["[CLS]", 101]}. */
    private int token(String key, JsonNode pair) {
      if (pair.size() != 2 || !pair.path(0).isTextual()) {
        throw wrong(key, pair, "a token and its id");
      }
      return id(key, pair.path(0).textValue(), pair.path(1));
    }

    private int id(String key, String token, JsonNode id) {
      var known = ids.get(token);
      if (known == null || !id.isInt() || id.intValue() != known) {
        throw wrong(key + ": " + token, id, known == null ? "a token of the vocabulary" : known);
      }
      return known;
    }

    /** {@code single: [{SpecialToken: {id, type_id}}, {Sequence: {id: "A", type_id}}, ...]}. */
    private TokenFrame template(JsonNode node) {
      var pieces = node.path("single");
      if (!pieces.isArray() || pieces.size() > MAX_STEPS) {
        throw wrong(".single", pieces, "a list of at most " + MAX_STEPS);
      }
      var frame = NONE;
      boolean text = false;
      for (var piece : pieces) {
        if (piece.has("Sequence")) {
          if (text || !piece.path("Sequence").path("id").asText().equals("A")) {
            throw wrong(".single", pieces, "the text A, once");
          }
          text = true;
        } else {
          var tokens = special(node, piece.path("SpecialToken").path("id").asText());
          frame =
              text
                  ? new TokenFrame(frame.before, joined(frame.after, tokens))
                  : new TokenFrame(joined(frame.before, tokens), frame.after);
        }
      }
      if (!text) {
        throw wrong(".single", pieces, "the text A, once");
      }
      return frame;
    }

    /** {@code special_tokens: {NAME: {id, ids: [...], tokens: [...]}}}. */
    private int[] special(JsonNode node, String name) {
      var special = node.path("special_tokens").path(name);
      var tokens = special.path("tokens");
      var tokenIds = special.path("ids");
      var key = ".special_tokens." + name;
      if (tokens.isEmpty() || tokens.size() != tokenIds.size() || tokens.size() > MAX_TOKENS) {
        throw wrong(key, special, "1 to " + MAX_TOKENS + " tokens and their ids");
      }
      return IntStream.range(0, tokens.size())
          .map(i -> id(key, tokens.path(i).asText(), tokenIds.path(i)))
          .toArray();
    }

    private ModelFormatException wrong(String key, JsonNode value, Object expected) {
      return ModelFormatException.of(
          file.path(), KEY + key, value.isMissingNode() ? "missing" : value, expected.toString());
    }
  }
}
