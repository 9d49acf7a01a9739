package org.elasticreset.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.ModelFormatException;

/**
 * The {@code added_tokens} of a {@code tokenizer.json}: what is found in a text before its model
 * sees it.
 *
 * <p>Two kinds end in a panic of the library, when a text is encoded and not before, and are
 * refused: a token of which the normalizer leaves nothing, and one that begins inside the space
 * that another strips on its right.
 */
record AddedTokens(JsonFile file) {

  private static final String KEY = "added_tokens";
  private static final int MAX_COUNT = 10_000;
  private static final int MAX_LENGTH = 256;

  private static final Set<String> FLAGS =
      Set.of("single_word", "lstrip", "rstrip", "normalized", "special");

  /**
   * Checks them and adds them to {@code ids}; the library counts on from the vocabulary whatever
   * the file says, so the file must say the same.
   */
  JsonNode read(Map<String, Integer> ids) {
    var added = file.root().path(KEY);
    var checked = JsonFile.MAPPER.createArrayNode();
    if (added.isMissingNode()) {
      return checked;
    }
    if (!added.isArray() || added.size() > MAX_COUNT) {
      throw wrong("", added, "a list of at most " + MAX_COUNT);
    }
    boolean normalizer = file.root().hasNonNull("normalizer");
    boolean strips = false;
    for (var token : added) {
      strips |= token.path("rstrip").asBoolean();
    }
    var seen = new HashSet<String>();
    for (var token : added) {
      checked.add(flags(token));
      var content = content(token, seen, normalizer, strips);
      int id = ids.computeIfAbsent(content, unseen -> ids.size());
      if (!token.path("id").isInt() || token.path("id").intValue() != id) {
        throw wrong(": id of " + token.path("content"), token.path("id"), String.valueOf(id));
      }
    }
    return checked;
  }

  private String content(JsonNode token, Set<String> seen, boolean normalizer, boolean strips) {
    var node = token.path("content");
    if (!node.isTextual() || node.textValue().isEmpty() || node.textValue().length() > MAX_LENGTH) {
      throw wrong(": content", node, "1 to " + MAX_LENGTH + " characters");
    }
    var content = node.textValue();
    if (!seen.add(content)) {
      throw wrong(": content", node, "each once");
    }
    if (normalizer
        && token.path("normalized").asBoolean()
        && !content.chars().allMatch(character -> character > ' ' && character < 0x7f)) {
      throw wrong(": content", node, "ASCII without spaces, as it is normalized");
    }
    if (strips && content.chars().anyMatch(AddedTokens::space)) {
      throw wrong(": content", node, "no spaces, as a token strips them");
    }
    return content;
  }

  private static boolean space(int character) {
    return Character.isWhitespace(character)
        || Character.isSpaceChar(character)
        || character == '\u0085';
  }

  private JsonNode flags(JsonNode token) {
    var checked = JsonFile.MAPPER.createObjectNode();
    for (var field : token.properties()) {
      var key = field.getKey();
      boolean known =
          key.equals("id")
              || key.equals("content")
              || (FLAGS.contains(key) && field.getValue().isBoolean());
      if (!known) {
        throw wrong(": " + key, field.getValue(), "true or false for one of " + FLAGS);
      }
      checked.set(key, field.getValue());
    }
    return checked;
  }

  private ModelFormatException wrong(String what, JsonNode value, String expected) {
    return ModelFormatException.of(
        file.path(), KEY + what, value.isMissingNode() ? "missing" : value, expected);
  }
}
