package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.GenerationRequest;
import org.elasticreset.model.Sampling;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SftPairsCommandTest {

  private static final List<String> COLOURS = List.of("red", "blue", "green", "black");
  private static final List<String> NUMBERS = List.of("one", "two", "three", "four");

  private static final Sampling GREEDY = new Sampling(1, 0, 1, true, 4, 20, new int[] {0});

  @TempDir Path directory;
  private Path pairs;

  @BeforeEach
  void writePairs() throws IOException {
    pairs =
        Files.writeString(
            directory.resolve("pairs.tsv"),
            IntStream.range(0, 400)
                .mapToObj(i -> "%s %d\t%s".formatted(COLOURS.get(i % 4), i, NUMBERS.get(i % 4)))
                .collect(Collectors.joining("\n")));
  }

  @Test
  void learnsToAnswerInTheFormOfTheTemplateAndToEnd() throws IOException {
    var output = directory.resolve("counter");

    var answer = sft(output, "--template", "Q: {prompt}\\nA: ", "--steps", "250");

    assertThat(answer.code()).isZero();
    assertThat(answer.output()).contains("360 pairs to train on, 40 held out");
    try (var model = CausalLanguageModel.open(output)) {
      var prompt = model.tokenizer().encodePrompt("Q: green 77\nA:", 20);
      var request = new GenerationRequest(prompt, 1);
      var generated = model.generate(List.of(request), GREEDY).get(0);
      assertThat(model.tokenizer().decode(generated.responseTokens())).isEqualTo(" three");
      assertThat(generated.responseTokens()).endsWith(0);
    }
    assertThat(Files.readString(output.resolve("README.md")))
        .contains("## Prompts")
        .contains("    Q: {prompt}\n    A:\n")
        .contains("| training pairs | `pairs.tsv` |")
        .contains("40 of the same, of other prompts")
        .doesNotContain(directory.toString());
  }

  @Test
  void theSameSeedMakesTheSameModel() throws IOException {
    sft(directory.resolve("first"), "--steps", "3");

    sft(directory.resolve("second"), "--steps", "3");

    assertThat(directory.resolve("second").resolve("model.safetensors"))
        .hasSameBinaryContentAs(directory.resolve("first").resolve("model.safetensors"));
  }

  @Test
  void fineTunesAnExistingModelAndLeavesHeldOutPromptsOutOfItsTraining() throws IOException {
    var base = directory.resolve("base");
    sft(base, "--steps", "2");
    var heldOut = Files.writeString(directory.resolve("test.tsv"), "red 0\tone\nblue 1\ttwo\n");

    var answer =
        sft(
            directory.resolve("tuned"),
            "--model",
            base.toString(),
            "--held-out",
            heldOut.toString(),
            "--steps",
            "2");

    assertThat(answer.code()).isZero();
    assertThat(answer.output())
        .contains(
            "398 pairs to train on, 2 held out; 2 left out, since their prompts are held out");
  }

  @Test
  void namesWhatIsWrong() {
    var output = directory.resolve("x");

    assertThat(sft(output, "--template", "Q:", "--steps", "1").error())
        .contains("template: Q: with 0 places for a prompt (expected: {prompt} once)");
    assertThat(sft(output, "--data", pairs.toString(), "--steps", "1").error())
        .contains("mutually exclusive");
    assertThat(sft(output, "--max-prompt-tokens", "99", "--steps", "1").error())
        .contains("longest prompt: 99 tokens (expected: 1 to 24, the context)");
  }

  private record Answer(int code, String output, String error) {}

  private Answer sft(Path output, String... options) {
    var arguments =
        new ArrayList<>(List.of("sft", "--pairs", pairs.toString(), "--output", output.toString()));
    arguments.addAll(List.of("--prompt-field", "1", "--response-field", "2"));
    arguments.addAll(
        List.of("--vocabulary", "290", "--width", "32", "--layers", "1", "--heads", "2"));
    arguments.addAll(List.of("--context", "24", "--batch-size", "16", "--threads", "1"));
    arguments.addAll(List.of("--learning-rate", "1e-2", "--warm-up-steps", "5"));
    arguments.addAll(List.of(options));
    var said = new ByteArrayOutputStream();
    var errors = new ByteArrayOutputStream();
    var out = System.out;
    var err = System.err;
    System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
    try {
      int code = ElasticResetCommand.execute(arguments.toArray(String[]::new));
      return new Answer(
          code, said.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }
}
