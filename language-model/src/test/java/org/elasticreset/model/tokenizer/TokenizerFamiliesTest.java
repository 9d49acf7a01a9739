package org.elasticreset.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.elasticreset.model.files.JsonFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tiny tokenizers with the parts of known families, held against what transformers makes of the
 * same files ({@code src/test/fixtures/tokenizer_families.py}).
 */
class TokenizerFamiliesTest {

  private static final Path FAMILIES = Path.of("src", "test", "resources", "tokenizers");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert",
        "gpt2",
        "llama2",
        "llama2-end",
        "llama2-metaspace",
        "llama3",
        "qwen2",
        "roberta",
        "smollm2",
        "tekken"
      })
  void tokensAreThoseOfTransformers(String family) throws IOException {
    var directory = FAMILIES.resolve(family);
    var expected = cases(directory);
    var actual = JsonFile.MAPPER.createArrayNode();

    try (var tokenizer = Tokenizer.open(directory)) {
      for (var each : expected) {
        var text = each.path("text").textValue();
        var tokens = tokenizer.encode(text);
        var made = actual.addObject();
        made.put("text", text);
        made.set("ids", JsonFile.MAPPER.valueToTree(tokens));
        made.set(
            "withSpecialTokens",
            JsonFile.MAPPER.valueToTree(tokenizer.encodeWithSpecialTokens(text)));
        made.set(
            "atMost8", JsonFile.MAPPER.valueToTree(tokenizer.encodeWithSpecialTokens(text, 8)));
        made.put("decoded", tokenizer.decode(tokens));
      }
    }

    assertThat(lines(actual)).hasSizeGreaterThan(15).isEqualTo(lines(expected));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama2", "llama2-metaspace", "llama3", "qwen2", "tekken"})
  void responseGoesOnWhereItsPromptStops(String family) {
    var directory = FAMILIES.resolve(family);
    try (var tokenizer = Tokenizer.open(directory)) {
      int[] tokens = tokenizer.encodeWithSpecialTokens("the little boat sailed out to sea");
      for (int cut = 1; cut < tokens.length; cut++) {
        int[] prompt = Arrays.copyOf(tokens, cut);
        int[] response = Arrays.copyOfRange(tokens, cut, tokens.length);

        assertThat(tokenizer.decode(prompt) + tokenizer.decodeBehind(prompt, response))
            .isEqualTo("the little boat sailed out to sea");
      }
    }
  }

  @Test
  void responseBehindHalfACharacterIsDecodedAlone() {
    try (var tokenizer = Tokenizer.open(FAMILIES.resolve("gpt2"))) {
      int[] tokens = tokenizer.encode("\u2603 sea");
      int[] prompt = Arrays.copyOf(tokens, 1);
      int[] response = Arrays.copyOfRange(tokens, 1, tokens.length);

      assertThat(tokenizer.decodeBehind(prompt, response)).isEqualTo(tokenizer.decode(response));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama2", "llama2-end", "llama3", "qwen2"})
  void documentsAreReadAsPromptsAre(String family) {
    try (var tokenizer = Tokenizer.open(FAMILIES.resolve(family))) {
      assertThat(tokenizer.encodeDocuments(List.of("the sea", "a boat")))
          .containsExactly(
              tokenizer.encodePrompt("the sea", 100), tokenizer.encodePrompt("a boat", 100));
    }
  }

  @Test
  void idsBeyondTheTokenizerDecodeToNothingAsInTransformers() {
    // Qwen's embeddings have more rows than its tokenizer has tokens.
    try (var tokenizer = Tokenizer.open(FAMILIES.resolve("qwen2"))) {
      int[] tokens = {tokenizer.size() + 7, tokenizer.id("t").orElseThrow(), 1_000_000};

      assertThat(tokenizer.decode(tokens)).isEqualTo("t");
    }
  }

  @Test
  void rolesAreStringsOrAddedTokens() {
    try (var gpt2 = Tokenizer.open(FAMILIES.resolve("gpt2"));
        var qwen2 = Tokenizer.open(FAMILIES.resolve("qwen2"))) {
      assertThat(gpt2.id(SpecialToken.BOS)).isEqualTo(gpt2.id("<|endoftext|>")).isPresent();
      assertThat(gpt2.id(SpecialToken.PAD)).isEmpty();
      assertThat(qwen2.id(SpecialToken.EOS)).isEqualTo(qwen2.id("<|im_end|>")).isPresent();
      assertThat(qwen2.id(SpecialToken.UNK)).isEmpty();
    }
  }

  @Test
  void savedFilesAreThoseThatCame(@TempDir Path home) throws IOException {
    var came = Files.createDirectory(home.resolve("came"));
    var saved = Files.createDirectory(home.resolve("saved"));
    for (var name : List.of("tokenizer.json", "tokenizer_config.json")) {
      Files.copy(FAMILIES.resolve("llama3").resolve(name), came.resolve(name));
    }
    Files.writeString(came.resolve("special_tokens_map.json"), "{\"pad_token\":   \"<|eot_id|>\"}");

    try (var tokenizer = Tokenizer.open(came)) {
      tokenizer.save(saved);
      assertThat(tokenizer.id(SpecialToken.PAD)).isEqualTo(tokenizer.id("<|eot_id|>"));
    }

    try (var files = Files.list(came)) {
      for (var file : files.toList()) {
        assertThat(saved.resolve(file.getFileName())).hasSameBinaryContentAs(file);
      }
    }
  }

  private static JsonNode cases(Path directory) throws IOException {
    return JsonFile.MAPPER.readTree(directory.resolve("expected.json").toFile());
  }

  /** One case a line, so that a failure shows the text. */
  private static List<String> lines(JsonNode cases) {
    var lines = new ArrayList<String>();
    cases.forEach(each -> lines.add(each.toString()));
    return lines;
  }
}
