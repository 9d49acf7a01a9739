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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SftCommandTest {

  @TempDir Path directory;
  private Path data;
  private Path heldOut;

  @BeforeEach
  void writeText() throws IOException {
    data = Files.writeString(directory.resolve("train.txt"), lines("rain falls on hill", 200));
    heldOut = Files.writeString(directory.resolve("test.txt"), lines("snow falls on roof", 20));
  }

  @Test
  void trainsAModelThatOpensAndDescribesItWithoutPathsOfThisMachine() throws IOException {
    var output = directory.resolve("weather");

    assertThat(sft(output, "--steps", "2", "--half-weights").code()).isZero();

    try (var model = CausalLanguageModel.open(output)) {
      assertThat(model.config().width()).isEqualTo(16);
      assertThat(model.config().endTokens()).containsExactly(0);
    }
    assertThat(Files.readString(output.resolve("README.md")))
        .contains("# weather\n")
        .contains("| optimizer steps | 2 |")
        .contains("./elastic-reset sft --data train.txt --held-out test.txt")
        .doesNotContain(directory.toString())
        .doesNotContain("rain falls");
  }

  @Test
  void fineTunesAnExistingModelAndResumes() throws IOException {
    var base = directory.resolve("base");
    var tuned = directory.resolve("tuned");
    assertThat(sft(base, "--steps", "2").code()).isZero();

    assertThat(sft(tuned, "--model", base.toString(), "--steps", "2").code()).isZero();
    assertThat(sft(tuned, "--resume", "--steps", "4").code()).isZero();

    assertThat(Files.readString(tuned.resolve("training.json"))).contains("\"step\" : 4");
  }

  @Test
  void refusesToOverwriteAModel() {
    var output = directory.resolve("weather");
    sft(output, "--steps", "1");

    var again = sft(output, "--steps", "1");

    assertThat(again.code()).isEqualTo(2);
    assertThat(again.error()).contains("holds a model (expected: another directory, or --resume)");
  }

  @Test
  void namesWhatIsWrong() {
    var output = directory.resolve("x");

    assertThat(sft(output, "--steps", "0").error()).startsWith("steps: 0 (expected: at least 1)");
    assertThat(sft(output, "--steps", "1", "--heads", "3").error())
        .startsWith("n_embd: 16 (expected: a multiple of n_head, 3)");
    assertThat(sft(output, "--steps", "1", "--model", "./nowhere").error())
        .startsWith("./nowhere: no such directory");
    assertThat(sft(output, "--steps", "1", "--precision", "int8").error())
        .startsWith("--precision: int8 (expected: float32 or bfloat16)");
    assertThat(sft(output).error()).contains("--steps", "--minutes");
  }

  private record Answer(int code, String error) {}

  private Answer sft(Path output, String... options) {
    var arguments =
        new ArrayList<>(
            List.of(
                "sft",
                "--data",
                data.toString(),
                "--held-out",
                heldOut.toString(),
                "--output",
                output.toString()));
    arguments.addAll(
        List.of("--vocabulary", "280", "--width", "16", "--layers", "1", "--context", "8"));
    arguments.addAll(List.of("--batch-size", "4", "--threads", "1"));
    if (!List.of(options).contains("--heads")) {
      arguments.addAll(List.of("--heads", "2"));
    }
    arguments.addAll(List.of(options));
    var errors = new ByteArrayOutputStream();
    var before = System.err;
    System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
    try {
      int code = ElasticResetCommand.execute(arguments.toArray(String[]::new));
      return new Answer(code, errors.toString(StandardCharsets.UTF_8));
    } finally {
      System.setErr(before);
    }
  }

  private static String lines(String text, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> text + " " + i)
        .collect(Collectors.joining("\n"));
  }
}
