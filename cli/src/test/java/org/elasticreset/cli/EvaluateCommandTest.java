package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.DecoderDirectory;
import org.elasticreset.model.ModelSettings;
import org.elasticreset.model.Precision;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandTest {
  private static final List<String> TEXTS = List.of("the dog sat on a mat", "a cat had a day");

  @TempDir private Path root;
  private Path model;
  private Path classifier;
  private Path prompts;
  private Path texts;

  @BeforeEach
  void writeModels() throws IOException {
    model = root.resolve("llama");
    classifier = root.resolve("classifier");
    TinyModels.writeLlama(model);
    TinyModels.writeClassifier(classifier);
    prompts =
        Files.writeString(root.resolve("prompts.txt"), "# some\nthe cat\n\na good\nthe dog\n");
    texts = Files.write(root.resolve("texts.txt"), TEXTS);
  }

  private record Output(int code, String out, String error) {}

  private Output evaluate(Object... arguments) {
    List<String> all = new ArrayList<>(List.of("evaluate"));
    for (Object argument : arguments) {
      all.add(argument.toString());
    }
    if (!all.contains("--max-new-tokens")) {
      all.addAll(List.of("--max-new-tokens", "6"));
    }
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    ByteArrayOutputStream error = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(error, true, StandardCharsets.UTF_8));
    try {
      int code = ElasticResetCommand.execute(all.toArray(String[]::new));
      return new Output(
          code,
          printed.toString(StandardCharsets.UTF_8),
          error.toString(StandardCharsets.UTF_8).strip());
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private ObjectNode figures(Object... arguments) throws IOException {
    List<Object> all = new ArrayList<>(List.of(arguments));
    all.add("--json");
    Output output = evaluate(all.toArray());
    assertThat(output.error).isEmpty();
    assertThat(output.code).isZero();
    return (ObjectNode) new ObjectMapper().readTree(output.out);
  }

  @Test
  void figuresAreThoseOfTheMetricsPage() throws IOException {
    JsonNode figures =
        figures(
            model,
            "--prompts",
            prompts,
            "--texts",
            texts,
            "--reward",
            classifier,
            "--label",
            "GOOD",
            "--judge",
            classifier,
            "--judge-label",
            "BAD",
            "--reference",
            model,
            "--temperature",
            "1",
            "--samples",
            "2");

    assertThat(figures.path("prompts").asInt()).isEqualTo(3);
    assertThat(figures.path("reward_mean").asDouble() + figures.path("judge_mean").asDouble())
        .isCloseTo(1, within(1e-6));
    assertThat(figures.path("kl_to_initial_nats").asDouble()).isCloseTo(0, within(1e-4));
    assertThat(figures.path("distinct_1").asDouble()).isBetween(0.3, 1.0);
    assertThat(figures.path("distinct_2").asDouble()).isBetween(0.3, 1.0);
    assertThat(figures.path("length_mean_tokens").asDouble()).isBetween(1.0, 6.0);
    assertThat(figures.path("tokens_per_second").asDouble()).isPositive();
    assertThat(figures.path("samples")).hasSize(2);
    assertThat(figures.path("samples").path(1).path("prompt").asText()).isEqualTo("a good");
    try (CausalLanguageModel opened = CausalLanguageModel.open(model)) {
      List<int[]> tokens = TEXTS.stream().map(opened.tokenizer()::encodeWithSpecialTokens).toList();
      assertThat(figures.path("perplexity_human_text").asDouble())
          .isCloseTo(opened.perplexity(tokens, 2), within(1e-3));
    }
  }

  @Test
  void adaptersAreMeasuredFromTheirBase() throws IOException {
    Path adapter = writeAdapter();

    JsonNode beside =
        figures(model, "--adapter", adapter, "--prompts", prompts, "--temperature", "1");
    JsonNode alone = figures(adapter, "--prompts", prompts, "--temperature", "1");
    JsonNode base = figures(model, "--prompts", prompts, "--temperature", "1");

    assertThat(beside.path("kl_to_initial_nats").asDouble()).isNotCloseTo(0, within(1e-3));
    assertThat(alone.path("kl_to_initial_nats")).isEqualTo(beside.path("kl_to_initial_nats"));
    assertThat(base.has("kl_to_initial_nats")).isFalse();
  }

  private Path writeAdapter() {
    Path adapter = root.resolve("adapter");
    var lora = DecoderDirectory.read(model).lora(4, OptionalDouble.empty(), 0, Optional.empty());
    try (CausalLanguageModel adapted =
        CausalLanguageModel.open(
            model, new ModelSettings(Precision.FLOAT32, Optional.of(lora), 1))) {
      int bytes = (int) adapted.parameters().totalBytes();
      ByteBuffer values = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; values.hasRemaining(); i++) {
        values.putFloat((float) Math.sin(i));
      }
      adapted.parameters().write(0, values.flip());
      adapted.saveAdapter(adapter, model.toString());
    }
    return adapter;
  }

  @Test
  void sameSeedDrawsTheSameAndAnotherDoesNot() throws IOException {
    JsonNode first = timeless("--seed", "1", "--temperature", "1");

    assertThat(timeless("--seed", "1", "--temperature", "1", "--batch-size", "1")).isEqualTo(first);
    assertThat(timeless("--seed", "2", "--temperature", "1")).isNotEqualTo(first);
  }

  private JsonNode timeless(Object... more) throws IOException {
    List<Object> all = new ArrayList<>(List.of(model, "--prompts", prompts, "--samples", "3"));
    all.addAll(List.of(more));
    return figures(all.toArray()).path("samples");
  }

  @Test
  void whatTheModelsAuthorsSayIsTheDefault() throws IOException {
    assertThat(figures(model, "--prompts", prompts).path("sampling").asText())
        .isEqualTo("greedy, at most 6 tokens");
    Files.writeString(
        model.resolve("generation_config.json"),
        "{\"do_sample\": true, \"temperature\": 0.7, \"top_k\": 5, \"top_p\": 0.9}");

    assertThat(figures(model, "--prompts", prompts).path("sampling").asText())
        .isEqualTo("temperature 0.7, top-k 5, top-p 0.9, at most 6 tokens");
    assertThat(figures(model, "--prompts", prompts, "--top-k", "3").path("sampling").asText())
        .isEqualTo("temperature 1.0, top-k 3, top-p 1.0, at most 6 tokens");
    assertThat(figures(model, "--prompts", prompts, "--greedy").path("sampling").asText())
        .isEqualTo("greedy, at most 6 tokens");
  }

  @Test
  void peopleReadSamplesAndFigures() {
    Output output =
        evaluate(model, "--prompts", prompts, "--samples", "1", "--texts", texts, "--greedy");

    assertThat(output.code).isZero();
    assertThat(output.out)
        .startsWith("> the cat\n")
        .contains("3 prompts, greedy, at most 6 tokens\n", "perplexity_human_text  ")
        .doesNotContain("a good", "kl_to_initial_nats");
  }

  /** Of 288 tokens drawn by chance some are bytes that a terminal obeys. */
  @Test
  void whatAModelSaysGivesNoOrdersToTheTerminal() {
    Object[] arguments = {
      model,
      "--prompts",
      prompts,
      "--samples",
      "3",
      "--temperature",
      "1000",
      "--never-stop",
      "--max-new-tokens",
      "24"
    };

    Output output = evaluate(arguments);

    assertThat(output.out).contains("\\u00");
    assertThat(output.out.codePoints().filter(Character::isISOControl).boxed()).isSubsetOf(9, 10);
  }

  @Test
  void labelOfAStrangersModelGivesNoOrdersToTheTerminal() throws IOException {
    Path config = classifier.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("BAD", "\\u001b]0;owned\\u0007BAD"));

    assertThat(evaluate(model, "--prompts", prompts, "--reward", classifier).error)
        .startsWith("--label: missing (expected: \\u001b]0;owned\\u0007BAD | GOOD, the labels of ");
  }

  @Test
  void driftOfTokensThatAreNotDrawnIsRefused() {
    assertThat(evaluate(model, "--prompts", prompts, "--greedy", "--reference", model).error)
        .startsWith("--reference: " + model + " (expected: tokens that are drawn");
  }

  @Test
  void labelIsAskedForByName() {
    assertThat(evaluate(model, "--prompts", prompts, "--reward", classifier).error)
        .isEqualTo("--label: missing (expected: BAD | GOOD, the labels of " + classifier + ")");
  }

  @Test
  void nothingToMeasureIsRefused() {
    assertThat(evaluate(model).error)
        .isEqualTo("--prompts: missing (expected: --prompts, --texts or both)");
    assertThat(evaluate(model, "--prompts", prompts, "--temperature", "0").error)
        .isEqualTo("--temperature: 0.0 (expected: above 0)");
    assertThat(evaluate(model, "--prompts", prompts, "--max-new-tokens", "32").error)
        .startsWith("--max-new-tokens: 32 (expected: max-prompt-tokens + max-new-tokens <= 32");
  }
}
