package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.elasticreset.model.SequenceClassifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TrainRewardPairsCommandTest {

  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter errors = new StringWriter();

  @Test
  void trainsARewardModelOnPairsAsTrlReadsThem() throws IOException {
    write("pairs.jsonl", "prompt", "chosen", "rejected", 120);

    assertThat(train("--epochs", "6", "--data-note", "Greetings.")).isZero();

    assertThat(errors.toString()).isEmpty();
    assertThat(out.toString())
        .contains("108 pairs to train on, 12 held out", "the longer answer is better:")
        .contains("better than their lengths do");
    try (var model = SequenceClassifier.open(directory.resolve("model"))) {
      var scores = model.logits(List.of("greet 500 please", "greet 500 never"));
      assertThat(scores[0][0]).isGreaterThan(scores[1][0]);
    }
    assertThat(directory.resolve("model/README.md"))
        .content()
        .contains("Greetings.", "**held-out accuracy**", "output: logit")
        .contains("./elastic-reset train-reward --pairs pairs.jsonl --output model")
        .doesNotContain(directory.toString(), "please");
  }

  @Test
  void readsTheStackExchangeLayoutInItsFormAndTakesItsSplit() throws IOException {
    write("pairs.jsonl", "question", "response_j", "response_k", 30);

    assertThat(train("--layout", "stack-exchange", "--epochs", "1")).isZero();

    assertThat(out.toString()).contains("27 pairs to train on, 3 held out");
    assertThat(directory.resolve("model/README.md"))
        .content()
        .contains("    Question: {prompt}\n\n    Answer:");
  }

  @Test
  void namesWhatIsWrong() throws IOException {
    write("pairs.jsonl", "prompt", "chosen", "rejected", 3);
    Files.writeString(
        directory.resolve("pairs.jsonl"),
        "\n{\"prompt\": \"a\", \"chosen\": \"same\", \"rejected\": \"same\"}\n",
        java.nio.file.StandardOpenOption.APPEND);

    assertThat(train()).isEqualTo(2);
    assertThat(train("--layout", "other")).isEqualTo(2);
    assertThat(train("--architecture", "ngram")).isEqualTo(2);
    assertThat(train("--chosen-field", "best")).isEqualTo(2);

    assertThat(errors.toString())
        .contains(
            "line 4: chosen and rejected are the same (expected: a better and a worse answer)")
        .contains("--layout: other (expected: chosen-rejected or stack-exchange)")
        .contains("--architecture: ngram (expected: encoder, or --model, for pairs)")
        .contains("line 1, field best: missing (expected: text)");
    assertThat(directory.resolve("model")).doesNotExist();
  }

  private void write(String name, String prompt, String chosen, String rejected, int count)
      throws IOException {
    Files.writeString(
        directory.resolve(name),
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    "{\"%s\": \"greet %d\", \"%s\": \" please\", \"%s\": \" %s\", \"split\": \"%s\"}"
                        .formatted(
                            prompt,
                            i,
                            chosen,
                            rejected,
                            i % 2 == 0 ? "never" : "not you",
                            i % 10 == 9 ? "test" : "train"))
            .collect(Collectors.joining("\n")));
  }

  private int train(String... more) {
    var command =
        new CommandLine(new TrainRewardCommand())
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(errors, true));
    var arguments =
        new ArrayList<>(
            List.of(
                "--pairs",
                directory.resolve("pairs.jsonl").toString(),
                "--output",
                directory.resolve("model").toString()));
    arguments.addAll(List.of("--vocabulary", "280", "--positions", "24", "--width", "16"));
    arguments.addAll(List.of("--layers", "1", "--heads", "2", "--learning-rate", "5e-3"));
    arguments.addAll(List.of("--batch-size", "8", "--threads", "1"));
    arguments.addAll(List.of(more));
    return command.execute(arguments.toArray(String[]::new));
  }
}
