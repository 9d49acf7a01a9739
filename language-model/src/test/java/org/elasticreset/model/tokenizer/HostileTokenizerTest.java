package org.elasticreset.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.elasticreset.model.files.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tokenizer files that end the process, hang or give ids out of range if the library reads them.
 */
class HostileTokenizerTest {

  private static final String BPE =
      """
      {"version": "1.0", "truncation": null, "padding": null,
       "added_tokens": [{"id": 3, "content": "<end>", "single_word": false, "lstrip": false,
         "rstrip": false, "normalized": false, "special": true}],
       "normalizer": null, "pre_tokenizer": null, "post_processor": null, "decoder": null,
       "model": {"type": "BPE", "dropout": null, "unk_token": null,
         "continuing_subword_prefix": "", "end_of_word_suffix": "", "fuse_unk": false,
         "byte_fallback": false, "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]}}
      """;

  @TempDir Path directory;

  @Test
  void opensAnHonestOne() throws IOException {
    write(BPE);

    try (var tokenizer = Tokenizer.open(directory)) {
      assertThat(tokenizer.encode("abba<end>")).containsExactly(2, 1, 0, 3);
      assertThat(tokenizer.size()).isEqualTo(4);
    }
  }

  @Test
  void mergesMayBeListsAndTruncationWhateverItLikes() throws IOException {
    write(
        BPE.replace("[\"a b\"]", "[[\"a\", \"b\"]]")
            .replace("\"truncation\": null", "\"truncation\": {\"max_length\": 1, \"stride\": 9}"));

    try (var tokenizer = Tokenizer.open(directory)) {
      assertThat(tokenizer.encode("abba")).containsExactly(2, 1, 0);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
      "continuing_subword_prefix": ""  | "continuing_subword_prefix": "####" | model.continuing_subword_prefix: "####" (expected: null)
      "end_of_word_suffix": ""         | "end_of_word_suffix": "</w>"        | model.end_of_word_suffix: "</w>" (expected: null)
      "dropout": null                  | "dropout": 0.5                      | model.dropout: 0.5 (expected: null)
      "unk_token": null                | "unk_token": "?"                    | model.unk_token: "?" (expected: null or a token)
      "fuse_unk": false                | "fuse_unk": 0                       | model.fuse_unk: 0 (expected: true or false)
      "fuse_unk": false                | "fuse": false                       | model.fuse: false (expected: no such key)
      "a b"                            | "b a"                               | model.merges: "b a" (expected: two tokens
      "a b"                            | "ab ab"                             | model.merges: "ab ab" (expected: two tokens
      ["a b"]                          | [["a", "b", "a"]]                   | model.merges: ["a","b","a"] (expected: two tokens
      ["a b"]                          | 7                                   | model.merges: 7 (expected: a list of pairs)
      "ab": 2                          | "ab": 2147483647                    | model.vocab: ab: 2147483647 (expected: an id from 0 to 2)
      "ab": 2                          | "ab": 4294967298                    | model.vocab: ab: 4294967298 (expected: an id from 0 to 2)
      "ab": 2                          | "ab": 1                             | model.vocab: ab: 1 (expected: an id of its own)
      "ab": 2                          | "ab": 2, "ab": 2                    | Duplicate field 'ab'
      {"a": 0, "b": 1, "ab": 2}        | [["a", 0.5]]                        | model.vocab: [["a",0.5]] (expected: an object
      {"a": 0, "b": 1, "ab": 2}        | {}                                  | model.vocab: {} (expected: an object
      "type": "BPE"                    | "type": "Unigram"                   | model.type: Unigram (expected: BPE or WordPiece)
      "id": 3                          | "id": 0                             | id of "<end>": 0 (expected: 3)
      "<end>"                          | ""                                  | added_tokens: content: "" (expected: 1 to 256
      "special": true                  | "special": 1                        | added_tokens: special: 1 (expected: true or false
      "normalizer": null | "normalizer": {"type": "Precompiled", "precompiled_charsmap": "AAAA"} | normalizer.type: Precompiled
      "normalizer": null | "normalizer": {"type": "Replace", "pattern": {"Regex": "(a+)+$"}, "content": ""} | normalizer.pattern: {"Regex":"(a+)+$"} (expected: {"String": " "})
      "normalizer": null | "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": "  "} | normalizer.content: "  " (expected: one of "▁")
      "normalizer": null | "normalizer": {"type": "Prepend", "prepend": "aaaa"} | normalizer.prepend: "aaaa" (expected: one of "▁")
      "normalizer": null | "normalizer": {"type": "Sequence", "normalizers": [{"type": "Sequence"}]} | normalizer.type: Sequence
      "pre_tokenizer": null | "pre_tokenizer": {"type": "FixedLength", "length": 0} | pre_tokenizer.type: FixedLength
      "pre_tokenizer": null | "pre_tokenizer": {"type": "Whitespace", "more": 1}    | pre_tokenizer.more: 1 (expected: no such key)
      "pre_tokenizer": null | "pre_tokenizer": {"type": "Split", "pattern": {"Regex": "(a+)+$"}, "behavior": "Isolated", "invert": false} | pre_tokenizer.pattern: {"Regex":"(a+)+$"} (expected: {"Regex": ...} with the pattern of GPT-2, Llama 3, Mistral Tekken, Qwen2)
      "pre_tokenizer": null | "pre_tokenizer": {"type": "Split", "pattern": {"String": "a"}, "behavior": "Isolated", "invert": false} | pre_tokenizer.pattern: {"String":"a"} (expected: {"Regex"
      "pre_tokenizer": null | "pre_tokenizer": {"type": "Metaspace", "replacement": "ab"} | pre_tokenizer.replacement: "ab" (expected: one of "▁")
      "decoder": null | "decoder": {"type": "Strip", "content": " ", "start": 1, "stop": 1} | decoder.stop: 1 (expected: 0 to 0)
      "decoder": null | "decoder": {"type": "Strip", "content": "a", "start": 1, "stop": 0} | decoder.content: "a" (expected: one of " ")
      "decoder": null | "decoder": {"type": "Replace", "pattern": {"String": ""}, "content": " "} | decoder.pattern: {"String":""} (expected: {"String": "▁"})
      "post_processor": null | "post_processor": {"type": "?"} | post_processor.type: "?" (expected: one of
      "post_processor": null | "post_processor": {"type": "BertProcessing", "cls": ["<end>", 3], "sep": ["<end>", 2]} | post_processor.sep: <end>: 2 (expected: 3)
      "post_processor": null | "post_processor": {"type": "BertProcessing", "cls": ["?", 3]} | post_processor.cls: ?: 3 (expected: a token of the vocabulary)
      "post_processor": null | "post_processor": {"type": "Sequence", "processors": [{"type": "Sequence"}]} | post_processor.type: "Sequence"
      "post_processor": null | "post_processor": {"type": "TemplateProcessing", "single": []} | post_processor.single: [] (expected: the text A, once)
      "post_processor": null | "post_processor": {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "B"}}]} | post_processor.single: [{"Sequence":{"id":"B"}}] (expected: the text A, once)
      "post_processor": null | "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "x"}}, {"Sequence": {"id": "A"}}]} | post_processor.special_tokens.x: missing (expected: 1 to 64
      "decoder": null | "decoder": {"type": "WordPiece", "prefix": 7, "cleanup": true} | decoder.prefix: 7 (expected: a short text)
      """)
  void isRefusedByTheKey(String honest, String hostile, String message) throws IOException {
    assertThat(BPE).contains(honest);
    write(BPE.replace(honest, hostile));

    assertThatThrownBy(() -> Tokenizer.open(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(directory.resolve("tokenizer.json") + ": ")
        .hasMessageContaining(message);
  }

  /** Found by fuzzing: a pattern that is empty is found inside of characters. */
  @Test
  void anAddedTokenOfWhichTheNormalizerMayLeaveNothingIsRefused() throws IOException {
    var bert =
        """
        "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
          "strip_accents": null, "lowercase": true}""";
    write(
        BPE.replace("\"normalizer\": null", bert)
            .replace("\"normalized\": false", "\"normalized\": true")
            .replace("<end>", "\\u0000"));

    assertThatThrownBy(() -> Tokenizer.open(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("(expected: ASCII without spaces, as it is normalized)");
  }

  @Test
  void anAddedTokenOfASpaceBesideOneThatStripsIsRefused() throws IOException {
    write(BPE.replace("<end>", " ").replace("\"rstrip\": false", "\"rstrip\": true"));

    assertThatThrownBy(() -> Tokenizer.open(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("content: \" \" (expected: no spaces, as a token strips them)");
  }

  /** Found by fuzzing: in the prefix of a decoder it ended the process. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
      "decoder": null | "decoder": {"type": "WordPiece", "prefix": "\\ud800", "cleanup": true}
      <end>           | \\udc00
      ["a b"]         | ["a b"], "unk_token": "\\ud800"
      """)
  void halfASurrogatePairIsRefused(String honest, String hostile) throws IOException {
    write(BPE.replace("\"unk_token\": null,", "").replace(honest, hostile));

    assertThatThrownBy(() -> Tokenizer.open(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(directory.resolve("tokenizer.json") + ": ");
  }

  @Test
  void modelsOfOldFilesHaveNoType() throws IOException {
    write(BPE.replace("\"type\": \"BPE\", ", ""));
    try (var tokenizer = Tokenizer.open(directory)) {
      assertThat(tokenizer.encode("abba<end>")).containsExactly(2, 1, 0, 3);
    }

    write(
        """
        {"model": {"unk_token": "a", "continuing_subword_prefix": "##",
         "max_input_chars_per_word": 100, "vocab": {"a": 0, "b": 1, "##b": 2}}}
        """);
    try (var tokenizer = Tokenizer.open(directory)) {
      assertThat(tokenizer.encode("bb")).containsExactly(1, 2);
    }
  }

  @Test
  void wordsOfUnboundedLengthAreRefused() throws IOException {
    write(
        """
        {"model": {"type": "WordPiece", "unk_token": "a", "continuing_subword_prefix": "##",
         "max_input_chars_per_word": 1000000, "vocab": {"a": 0}}}
        """);

    assertThatThrownBy(() -> Tokenizer.open(directory))
        .hasMessageEndingWith("model.max_input_chars_per_word: 1000000 (expected: 1 to 1000)");
  }

  @Test
  void aRoleThatIsNoTextIsRefused() throws IOException {
    write(BPE);
    Files.writeString(directory.resolve("tokenizer_config.json"), "{\"eos_token\": 7}");

    assertThatThrownBy(() -> Tokenizer.open(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("tokenizer_config.json: eos_token: 7 (expected: a token");
  }

  @Test
  void lessRoomThanTheSpecialTokensTakeIsRefused() throws IOException {
    write(
        BPE.replace(
            "\"post_processor\": null",
            "\"post_processor\": {\"type\": \"BertProcessing\", \"cls\": [\"<end>\", 3],"
                + " \"sep\": [\"<end>\", 3]}"));

    try (var tokenizer = Tokenizer.open(directory)) {
      assertThat(tokenizer.encodeWithSpecialTokens("abba", 4)).containsExactly(3, 2, 1, 3);
      assertThatThrownBy(() -> tokenizer.encodeWithSpecialTokens("abba", 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("maxTokens: 1 (expected: at least the 2 special tokens)");
      assertThatThrownBy(() -> tokenizer.encodePrompt("abba", 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("maxTokens: 0 (expected: at least the 1 special tokens)");
    }
  }

  @Test
  void whatIsTooLongKeepsTheSideThatTheConfigurationSays() throws IOException {
    write(BPE);
    var configuration = directory.resolve("tokenizer_config.json");
    Files.writeString(configuration, "{\"truncation_side\": \"left\"}");
    try (var tokenizer = Tokenizer.open(directory)) {
      var all = tokenizer.encode("abba");
      assertThat(tokenizer.encodeWithSpecialTokens("abba", 1)).containsExactly(all[all.length - 1]);
    }
    Files.writeString(configuration, "{\"truncation_side\": \"middle\"}");

    assertThatThrownBy(() -> Tokenizer.open(directory))
        .hasMessageContaining("truncation_side: \"middle\" (expected: left or right)");
  }

  /** Found by fuzzing: such a configuration opened, and the model could not be saved. */
  @Test
  void halfASurrogatePairOfTheConfigurationIsSavedAsItCame() throws IOException {
    write(BPE);
    Files.writeString(directory.resolve("tokenizer_config.json"), "{\"a\": \"\\ud800\"}");
    var saved = Files.createDirectory(directory.resolve("saved"));

    try (var tokenizer = Tokenizer.open(directory)) {
      tokenizer.save(saved);
    }

    assertThat(saved.resolve("tokenizer_config.json")).content().containsIgnoringCase("\\ud800");
  }

  private void write(String json) throws IOException {
    Files.writeString(directory.resolve("tokenizer.json"), json);
  }
}
