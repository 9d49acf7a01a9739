package org.elasticreset.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.elasticreset.model.tokenizer.BpeTrainer;
import org.elasticreset.model.tokenizer.Tokenizer;

/** Small model directories of every kind, to be damaged. */
final class HostileModelFixtures {

  static final GptConfig CONFIG = new GptConfig(270, 8, 8, 1, 2).withEndTokens(0);

  /** Tokenizers of {@code src/test/resources/tokenizers}. */
  static final List<String> FAMILIES = List.of("llama2", "llama3", "qwen2", "roberta");

  private HostileModelFixtures() {}

  /**
   * Makes {@code gpt}, {@code word-piece}, {@code encoder}, {@code n-gram}, {@code state} and
   * families.
   */
  static void save(Path directory) throws IOException {
    for (var name : List.of("gpt", "word-piece", "encoder", "n-gram", "state", "saved")) {
      Files.createDirectories(directory.resolve(name));
    }
    for (var family : FAMILIES) {
      var from = Path.of("src", "test", "resources", "tokenizers", family, "tokenizer.json");
      var to = Files.createDirectories(directory.resolve(family)).resolve("tokenizer.json");
      Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
    languageModel(directory.resolve("gpt"), directory.resolve("state"));
    Files.writeString(directory.resolve("word-piece").resolve("tokenizer.json"), wordPiece());
    encoder(directory.resolve("encoder"));
    for (var name : List.of("roberta-classifier-3", "llama-classifier-1")) {
      Checkpoint.named(name).copyTo(directory);
    }
    try (var classifier =
        new NgramClassifier(
            new Labels(List.of("NEGATIVE", "POSITIVE")), 16, new float[32], new float[2])) {
      classifier.save(directory.resolve("n-gram"));
    }
  }

  private static void languageModel(Path directory, Path state) {
    new BpeTrainer(270).train(Stream.of("one two one two"), directory.resolve("tokenizer.json"));
    try (var tokenizer = Tokenizer.open(directory.resolve("tokenizer.json"));
        var model = CausalLanguageModel.initialise(CONFIG, tokenizer, 1);
        var trainer = new PolicyTrainer(model, OptimizerSettings.DEFAULT, 1)) {
      model.save(directory);
      trainer.saveState(state);
    }
  }

  private static void encoder(Path directory) {
    var special = List.of("[PAD]", "[CLS]", "[UNK]");
    new BpeTrainer(270, true, special)
        .train(Stream.of("one two one two"), directory.resolve("tokenizer.json"));
    var sizes = new EncoderConfig(270, 8, 8, 1, 2, 16);
    try (var classifier =
        EncoderClassifier.initialise(
            sizes,
            List.of("NEGATIVE", "POSITIVE"),
            Tokenizer.open(directory.resolve("tokenizer.json")),
            1)) {
      classifier.save(directory);
    }
  }

  /** As those of BERT. */
  private static String wordPiece() {
    return """
        {"version": "1.0", "truncation": null, "padding": null,
         "added_tokens": [
           {"id": 0, "content": "[PAD]", "single_word": false, "lstrip": false, "rstrip": false,
            "normalized": false, "special": true},
           {"id": 8, "content": "[NEW]", "single_word": true, "lstrip": true, "rstrip": true,
            "normalized": true, "special": false}],
         "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
           "strip_accents": null, "lowercase": true},
         "pre_tokenizer": {"type": "BertPreTokenizer"},
         "post_processor": {"type": "TemplateProcessing",
           "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
             {"Sequence": {"id": "A", "type_id": 0}}], "pair": [],
           "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]}}},
         "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
         "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
           "max_input_chars_per_word": 100,
           "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "one": 3, "tw": 4, "##o": 5, "a": 6,
             "##a": 7}}}
        """;
  }
}
