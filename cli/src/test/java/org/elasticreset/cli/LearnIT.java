package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose reward model learns from somebody who likes short words, while it goes on. */
class LearnIT {
  @TempDir private Path root;

  @Test
  void versionsComeWhileTheRunGoesOnAndScore() throws Exception {
    TinyRun.write(root, 16);
    Files.writeString(
        root.resolve("run.yaml"),
        """
        raters:
          share: 1
          gold: null
          absent-deadline: 2m
          learn:
            model: policy
            every-pairs: 12
            least-pairs: 12
            at-most-every: 0s
            held-out: 0.4
            epochs: 20
            learning-rate: 0.01
        """,
        StandardOpenOption.APPEND);
    RunDirectory run = new RunDirectory(root.resolve("runs/learning"));
    LauncherProcess launcher =
        LauncherProcess.start(
            run,
            TinyRun.arguments(
                root, "learning", "--raters=ann", "--set", "reward.scorers.people.type=learned"));

    RaterByHttp.of("ann", launcher).answerAll(launcher, LearnIT::shorterIsBetter);

    assertThat(launcher.process().waitFor()).as(launcher.said()).isZero();
    String log = Files.readString(run.log("reward-service"));
    assertThat(log).contains("reward learner trains here", "reward model trained version=1 ");
    assertThat(log).contains("reward model adopted version=");
    assertThat(versions(run)).isNotEmpty().allMatch(card -> card.contains("held-out accuracy"));
  }

  private static List<String> versions(RunDirectory run) throws IOException {
    try (var folders = Files.list(run.rewardModels())) {
      return folders.map(LearnIT::card).toList();
    }
  }

  private static String card(Path folder) {
    try {
      return Files.readString(folder.resolve("README.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String shorterIsBetter(List<String> texts) {
    return texts.stream()
        .map(own -> 1 + texts.stream().filter(other -> other.length() < own.length()).count())
        .map(String::valueOf)
        .collect(Collectors.joining(",", "[", "]"));
  }
}
