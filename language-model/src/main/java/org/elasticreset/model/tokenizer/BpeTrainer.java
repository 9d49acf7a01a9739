package org.elasticreset.model.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.elasticreset.model.files.JsonFile;

/**
 * Learns a byte-level BPE vocabulary, as GPT-2 has one, and writes it as {@code tokenizer.json}.
 *
 * <p>Text is cut into words by GPT-2's pattern, a word into its UTF-8 bytes; then the most frequent
 * adjacent pair becomes a token, again and again (Sennrich et al. 2016; Radford et al. 2019). Ids
 * and the choice among equally frequent pairs are those of Hugging Face's trainer: special tokens
 * first, then the bytes, then merges; the pair with the smaller ids wins.
 */
public final class BpeTrainer {

  /** Ends a document; also what a policy says when it has finished. */
  public static final String END_OF_TEXT = "<|endoftext|>";

  /** GPT-2's words: contractions, letters, digits, the rest, each with one space before it. */
  private static final Pattern WORD =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  private final int vocabularySize;
  private final boolean lowercase;
  private final List<String> specialTokens;

  /**
   * @param vocabularySize tokens wanted, bytes and special tokens included; fewer come out if the
   *     text has no more pairs that occur twice
   * @param lowercase whether the tokenizer lower-cases text, as classifiers like it
   * @param specialTokens tokens with the first ids, never produced from ordinary text, e.g. {@link
   *     #END_OF_TEXT}
   */
  public BpeTrainer(int vocabularySize, boolean lowercase, List<String> specialTokens) {
    int least = ByteAlphabet.SIZE + specialTokens.size();
    if (vocabularySize < least) {
      throw new IllegalArgumentException(
          "vocabulary: %d (expected: at least %d, the bytes and %d special tokens)"
              .formatted(vocabularySize, least, specialTokens.size()));
    }
    if (new LinkedHashSet<>(specialTokens).size() != specialTokens.size()) {
      throw new IllegalArgumentException(
          "special tokens: " + specialTokens + " (expected: no two alike)");
    }
    this.vocabularySize = vocabularySize;
    this.lowercase = lowercase;
    this.specialTokens = List.copyOf(specialTokens);
  }

  /** For language models: {@link #END_OF_TEXT} and the text's own case. */
  public BpeTrainer(int vocabularySize) {
    this(vocabularySize, false, List.of(END_OF_TEXT));
  }

  /** Learns from {@code texts} and writes {@code tokenizer.json} to {@code file}. */
  public void train(Stream<String> texts, Path file) {
    var merges = new BpeMerges(countWords(texts));
    var learned = merges.learn(vocabularySize - ByteAlphabet.SIZE - specialTokens.size());
    JsonFile.write(file, definition(merges, learned));
  }

  private Map<String, Long> countWords(Stream<String> texts) {
    return texts
        .parallel()
        .collect(
            HashMap::new,
            (counts, text) -> {
              var words = WORD.matcher(lowercase ? text.toLowerCase(Locale.ROOT) : text);
              while (words.find()) {
                counts.merge(words.group(), 1L, Long::sum);
              }
            },
            (left, right) -> right.forEach((word, count) -> left.merge(word, count, Long::sum)));
  }

  private ObjectNode definition(BpeMerges merges, List<BpeMerges.Merge> learned) {
    var root = JsonFile.MAPPER.createObjectNode();
    root.put("version", "1.0");
    root.putNull("truncation");
    root.putNull("padding");
    var added = root.putArray("added_tokens");
    for (int id = 0; id < specialTokens.size(); id++) {
      added
          .addObject()
          .put("id", id)
          .put("content", specialTokens.get(id))
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false)
          .put("special", true);
    }
    if (lowercase) {
      root.putObject("normalizer").put("type", "Lowercase");
    } else {
      root.putNull("normalizer");
    }
    byteLevel(root, "pre_tokenizer");
    root.putNull("post_processor");
    byteLevel(root, "decoder");
    model(root.putObject("model"), merges, learned);
    return root;
  }

  private static void byteLevel(ObjectNode root, String role) {
    root.putObject(role)
        .put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true)
        .put("use_regex", true);
  }

  private void model(ObjectNode model, BpeMerges merges, List<BpeMerges.Merge> learned) {
    model.put("type", "BPE");
    model.putNull("dropout");
    model.putNull("unk_token");
    model.putNull("continuing_subword_prefix");
    model.putNull("end_of_word_suffix");
    model.put("fuse_unk", false);
    model.put("byte_fallback", false);
    model.put("ignore_merges", false);
    var vocabulary = model.putObject("vocab");
    specialTokens.forEach(token -> vocabulary.put(token, vocabulary.size()));
    var tokens = merges.tokens();
    tokens.forEach(token -> vocabulary.put(token, vocabulary.size()));
    var pairs = model.putArray("merges");
    for (var merge : learned) {
      pairs.add(tokens.get(merge.left()) + " " + tokens.get(merge.right()));
    }
  }
}
