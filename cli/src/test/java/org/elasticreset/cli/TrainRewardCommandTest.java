package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.elasticreset.model.SequenceClassifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TrainRewardCommandTest {

  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter errors = new StringWriter();

  @BeforeEach
  void writeTexts() throws IOException {
    Files.writeString(directory.resolve("texts.tsv"), days(0, 40));
    Files.writeString(directory.resolve("held-out.tsv"), days(30, 70));
  }

  private static String days(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(
            day -> "up\tprices rose on day %d\ndown\tprices fell on day %1$d\n".formatted(day))
        .collect(Collectors.joining());
  }

  @Test
  void trainsOnTheUsersOwnLabels() {
    int exit =
        train("--architecture", "ngram", "--rename-label", "up=RISING", "--data-note", "Prices.");

    assertThat(errors.toString()).isEmpty();
    assertThat(exit).isZero();
    assertThat(out.toString()).contains("epoch=1 loss=", "accuracy 100.00 % on 80 held-out texts");
    try (var classifier = SequenceClassifier.open(directory.resolve("model"))) {
      assertThat(classifier.labels()).containsExactly("RISING", "down");
    }
    assertThat(directory.resolve("model/README.md"))
        .content()
        .contains("Prices.")
        .contains("train-reward --data texts.tsv --held-out held-out.tsv --output model")
        .doesNotContain(directory.toString());
  }

  @Test
  void trainsOnNothingThatIsHeldOut() {
    train("--architecture", "ngram");

    assertThat(out.toString()).contains("20 texts of --data are held out, and not trained on");
    assertThat(directory.resolve("model/README.md"))
        .content()
        .contains("| trained on | 60 labelled texts |");
  }

  @Test
  void refusesDataThatIsAllHeldOut() {
    assertThat(train("--held-out", directory.resolve("texts.tsv").toString())).isEqualTo(2);
    assertThat(errors.toString())
        .contains("--data: nothing but held-out texts (expected: other texts to train on)");
  }

  @Test
  void refusesAnUnknownArchitecture() {
    assertThat(train("--architecture", "forest")).isEqualTo(2);
    assertThat(errors.toString()).contains("architecture: forest (expected: encoder or ngram)");
  }

  @Test
  void refusesAMissingColumnByLine() {
    assertThat(train("--text-column", "7")).isEqualTo(2);
    assertThat(errors.toString()).contains("texts.tsv: line 1 (expected: columns 7 and 1)");
    assertThat(directory.resolve("model")).doesNotExist();
  }

  @Test
  void modelThatIsThereIsNotOverwritten() throws IOException {
    train("--architecture", "ngram");
    var card = Files.readString(directory.resolve("model/README.md"));

    assertThat(train("--architecture", "ngram", "--seed", "2")).isEqualTo(2);

    assertThat(errors.toString())
        .contains(directory.resolve("model") + " holds a model (expected: another directory)");
    assertThat(directory.resolve("model/README.md")).hasContent(card);
  }

  private int train(String... more) {
    var texts = directory.resolve("texts.tsv").toString();
    var command =
        new CommandLine(new TrainRewardCommand())
            .setOverwrittenOptionsAllowed(true)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(errors, true));
    var arguments =
        new String[] {
          "--data",
          texts,
          "--held-out",
          directory.resolve("held-out.tsv").toString(),
          "--output",
          directory.resolve("model").toString(),
          "--text-column",
          "2",
          "--label-column",
          "1"
        };
    var all = java.util.Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return command.execute(all);
  }
}
