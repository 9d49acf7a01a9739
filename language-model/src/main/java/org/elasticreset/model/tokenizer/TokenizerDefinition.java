package org.elasticreset.model.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.ModelFormatException;

/**
 * A {@code tokenizer.json}, checked field by field before native code sees it.
 *
 * <p>Hugging Face's library panics over some files, and a panic in native code ends the process: a
 * BPE prefix longer than a token is one. So that library never reads a file: it reads {@link
 * #checked}, which holds what this class has understood and nothing else. Models are BPE, without
 * prefix, suffix and dropout, and WordPiece; {@link TokenizerStages} says which normalizers,
 * pre-tokenizers and decoders there are, {@link AddedTokens} which tokens beside them. Truncation
 * and padding are left out: texts are laid out by whoever encodes. So is the post-processor, which
 * {@link TokenFrame} reads.
 *
 * @param ids of every token, special ones included
 * @param frame the special tokens around a text
 * @param checked the same tokenizer as JSON
 */
record TokenizerDefinition(Map<String, Integer> ids, TokenFrame frame, byte[] checked) {

  private static final int MAX_WORD = 1000;

  private static final Set<String> BPE_FLAGS = Set.of("fuse_unk", "byte_fallback", "ignore_merges");

  /** Reads {@code model.vocab} and {@code added_tokens}, and checks the rest. */
  static TokenizerDefinition read(JsonFile file) {
    var root = file.root();
    var checked = JsonFile.MAPPER.createObjectNode();
    checked.put("version", "1.0");
    checked.putNull("truncation");
    checked.putNull("padding");
    var ids = new HashMap<>(vocabulary(file));
    checked.set("model", model(file, ids.keySet()));
    checked.set("added_tokens", new AddedTokens(file).read(ids));
    var stages = new TokenizerStages(file);
    checked.set("normalizer", stages.normalizer(root.path("normalizer")));
    checked.set("pre_tokenizer", stages.preTokenizer(root.path("pre_tokenizer")));
    checked.set("decoder", stages.decoder(root.path("decoder")));
    checked.putNull("post_processor");
    return new TokenizerDefinition(ids, TokenFrame.read(file, ids), unicode(file, checked));
  }

  /** As UTF-8, which has no half surrogate pairs; the library panics over them. */
  private static byte[] unicode(JsonFile file, JsonNode json) {
    try {
      var text = CharBuffer.wrap(JsonFile.MAPPER.writeValueAsString(json));
      var bytes = StandardCharsets.UTF_8.newEncoder().encode(text);
      return Arrays.copyOf(bytes.array(), bytes.limit());
    } catch (JsonProcessingException | CharacterCodingException e) {
      throw new ModelFormatException(
          file.path(), "half a surrogate pair in a text (expected: Unicode)", e);
    }
  }

  /** Tokens with the ids from 0 on, each once: what the library takes for granted. */
  private static Map<String, Integer> vocabulary(JsonFile file) {
    var vocabulary = file.root().path("model").path("vocab");
    if (!vocabulary.isObject() || vocabulary.isEmpty()) {
      throw wrong(file, "model.vocab", vocabulary, "an object of tokens and their ids");
    }
    var ids = new HashMap<String, Integer>();
    var taken = new BitSet(vocabulary.size());
    for (var token : vocabulary.properties()) {
      var id = token.getValue();
      if (!id.isInt() || id.intValue() < 0 || id.intValue() >= vocabulary.size()) {
        throw wrong(
            file,
            "model.vocab: " + token.getKey(),
            id,
            "an id from 0 to " + (vocabulary.size() - 1));
      }
      if (taken.get(id.intValue())) {
        throw wrong(file, "model.vocab: " + token.getKey(), id, "an id of its own");
      }
      taken.set(id.intValue());
      ids.put(token.getKey(), id.intValue());
    }
    return ids;
  }

  private static JsonNode model(JsonFile file, Set<String> tokens) {
    var model = file.root().path("model");
    var type = model.has("type") ? model.path("type").asText() : unnamed(model);
    var checked = JsonFile.MAPPER.createObjectNode();
    checked.put("type", type);
    for (var field : model.properties()) {
      var key = field.getKey();
      var value = field.getValue();
      switch (type) {
        case "BPE" -> requireBpe(file, key, value, tokens);
        case "WordPiece" -> requireWordPiece(file, key, value, tokens);
        default -> throw wrong(file, "model.type", type, "BPE or WordPiece");
      }
      // Empty texts mean the same as none and are written so by some.
      if (value.isTextual() && value.textValue().isEmpty()) {
        checked.putNull(key);
      } else {
        checked.set(key, value);
      }
    }
    return checked;
  }

  /** The files of GPT-2, RoBERTa and BERT are older than the key; the library tries BPE first. */
  private static String unnamed(JsonNode model) {
    return model.has("merges") ? "BPE" : "WordPiece";
  }

  private static void requireBpe(JsonFile file, String key, JsonNode value, Set<String> tokens) {
    if (key.equals("type") || key.equals("vocab")) {
      return;
    }
    if (BPE_FLAGS.contains(key)) {
      require(file, key, value, value.isBoolean(), "true or false");
      return;
    }
    switch (key) {
      case "merges" -> requireMerges(file, value, tokens);
      case "unk_token" ->
          require(file, key, value, value.isNull() || in(tokens, value), "null or a token");
      case "dropout" -> require(file, key, value, value.isNull(), "null");
      case "continuing_subword_prefix", "end_of_word_suffix" ->
          require(file, key, value, value.isNull() || value.asText("-").isEmpty(), "null");
      default -> throw wrong(file, "model." + key, value, "no such key");
    }
  }

  private static void requireWordPiece(
      JsonFile file, String key, JsonNode value, Set<String> tokens) {
    switch (key) {
      case "type", "vocab" -> {}
      case "unk_token" -> require(file, key, value, in(tokens, value), "a token");
      case "continuing_subword_prefix" ->
          require(
              file,
              key,
              value,
              value.isTextual()
                  && !value.textValue().isEmpty()
                  && value.textValue().length() <= TokenizerStages.MAX_TEXT,
              "a short text");
      case "max_input_chars_per_word" ->
          require(
              file,
              key,
              value,
              value.isInt() && value.intValue() > 0 && value.intValue() <= MAX_WORD,
              "1 to " + MAX_WORD);
      default -> throw wrong(file, "model." + key, value, "no such key");
    }
  }

  /** Each {@code "a b"} or {@code ["a", "b"]}, where a, b and ab are tokens. */
  private static void requireMerges(JsonFile file, JsonNode merges, Set<String> tokens) {
    require(file, "merges", merges, merges.isArray(), "a list of pairs");
    for (var merge : merges) {
      String left;
      String right;
      if (merge.isTextual()) {
        int space = merge.textValue().indexOf(' ');
        left = merge.textValue().substring(0, Math.max(space, 0));
        right = merge.textValue().substring(space + 1);
      } else {
        left = merge.path(0).asText("");
        right = merge.size() == 2 ? merge.path(1).asText("") : "";
      }
      if (!tokens.contains(left) || !tokens.contains(right) || !tokens.contains(left + right)) {
        throw wrong(file, "model.merges", merge, "two tokens whose concatenation is a token");
      }
    }
  }

  private static boolean in(Set<String> tokens, JsonNode value) {
    return value.isTextual() && tokens.contains(value.textValue());
  }

  private static void require(
      JsonFile file, String key, JsonNode value, boolean fits, String expected) {
    if (!fits) {
      throw wrong(file, "model." + key, value, expected);
    }
  }

  private static ModelFormatException wrong(
      JsonFile file, String key, Object value, String expected) {
    boolean missing = value instanceof JsonNode node && node.isMissingNode();
    return ModelFormatException.of(file.path(), key, missing ? "missing" : value, expected);
  }
}
