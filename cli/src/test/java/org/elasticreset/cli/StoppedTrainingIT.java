package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.SequenceClassifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings without an end, as processes that are told to end while the engine is at work. */
class StoppedTrainingIT {
  private static final int SIGTERM = 143;

  @TempDir private Path directory;

  @Test
  void classifierIsKeptAsItWasAfterItsLastEpoch() throws Exception {
    write("texts.tsv", 200, "up\tprices rose on day %d\ndown\tprices fell on day %1$d\n");
    write("held-out.tsv", 20, "up\tcosts rose on day %d\ndown\tcosts fell on day %1$d\n");

    String said =
        stopped(
            "epoch=2 held-out-accuracy=",
            "train-reward",
            "--data=texts.tsv",
            "--held-out=held-out.tsv",
            "--text-column=2",
            "--label-column=1",
            "--vocabulary=300",
            "--epochs=1000000");

    assertThat(said)
        .containsPattern("stopped before the end: model holds the model of epoch \\d+, not measur");
    try (var classifier = SequenceClassifier.open(directory.resolve("model"))) {
      assertThat(classifier.labels()).containsExactly("down", "up");
    }
  }

  @Test
  void nothingIsKeptOfARewardModel() throws Exception {
    write(
        "pairs.jsonl",
        200,
        "{\"prompt\": \"day %d\", \"chosen\": \"prices rose\", \"rejected\": \"prices fell\"}\n");

    String said =
        stopped(
            "epoch=2 held-out-loss=",
            "train-reward",
            "--pairs=pairs.jsonl",
            "--vocabulary=300",
            "--epochs=1000000");

    assertThat(said).endsWith("stopped before the end: model holds no trained model\n");
  }

  @Test
  void languageModelIsMeasuredKeptAndDescribed() throws Exception {
    write("texts.txt", 200, "rain falls on hill %d\n");
    write("held-out.txt", 20, "snow falls on roof %d\n");

    String said =
        stopped(
            "step 100  held-out loss",
            "sft",
            "--data=texts.txt",
            "--held-out=held-out.txt",
            "--vocabulary=280",
            "--context=16",
            "--evaluate-every=50",
            "--steps=1000000");

    assertThat(said).contains("model: held-out perplexity ");
    assertThat(directory.resolve("model/README.md")).exists();
    try (var model = CausalLanguageModel.open(directory.resolve("model"))) {
      assertThat(model.config().positions()).isEqualTo(16);
    }
  }

  /** What a training printed that got SIGTERM once it had said some words. */
  private String stopped(String words, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(FakeService.java()));
    command.add("-Djava.util.logging.manager=org.jboss.logmanager.LogManager");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ElasticResetCommand.class.getName());
    command.addAll(List.of(arguments));
    command.addAll(List.of("--output=model", "--threads=1"));
    Path log = directory.resolve("log");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      while (!Files.readString(log).contains(words)) {
        assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
        Thread.sleep(20);
      }
      process.destroy();

      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends within a minute").isTrue();
      assertThat(process.exitValue()).as(Files.readString(log)).isEqualTo(SIGTERM);
      try (Stream<Path> left = Files.list(directory)) {
        assertThat(left).noneMatch(file -> file.getFileName().toString().startsWith("hs_err"));
      }
      return Files.readString(log);
    } finally {
      process.destroyForcibly();
    }
  }

  private void write(String name, int count, String line) throws IOException {
    Files.writeString(
        directory.resolve(name),
        IntStream.range(0, count).mapToObj(line::formatted).collect(Collectors.joining()));
  }
}
