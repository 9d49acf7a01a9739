package org.elasticreset.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A run of models so small that it is mostly start-up: its files, and how to start it. */
final class TinyRun {
  private TinyRun() {}

  /** Writes models, prompts and {@code run.yaml}. */
  static void write(Path root, int steps) throws IOException {
    TinyModels.writePolicy(root.resolve("policy"));
    TinyModels.writeClassifier(root.resolve("classifier"));
    Files.writeString(
        root.resolve("prompts.txt"), "the cat\nthe dog\na good day\na bad\nthe mat\n");
    Files.writeString(
        root.resolve("held-out.txt"), "# held out\na cat\nthe day\nall\nthe good dog\n");
    Files.writeString(root.resolve("human.txt"), "the dog sat on a mat all day\na cat had a day\n");
    Files.writeString(
        root.resolve("run.yaml"),
        """
        seed: 3
        steps: %d
        policy: policy
        prompts: prompts.txt
        rollout: {workers: 1, batch-size: 4, per-step: 8}
        sampling: {max-new-tokens: 8, max-prompt-tokens: 8}
        reward:
          scorers:
            good: {type: classifier, model: classifier, label: GOOD}
            vowel: {type: regex, pattern: "[aeiou]", weight: 0.5}
          judge: {type: length, target-tokens: 5}
        evaluation: {prompts: held-out.txt, human-text: human.txt, every: 2}
        learner: {threads: 1}
        ppo: {epochs: 2, minibatch-size: 4, micro-batch-size: 4, learning-rate: 0.003}
        ema: {decay: 0.5}
        reset: {trigger: every-n-updates, every: 2}
        """
            .formatted(steps));
  }

  /** Command line of {@code run}. */
  static String[] arguments(Path root, String name, String... more) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("run", "--config", root.resolve("run.yaml").toString()));
    arguments.addAll(List.of("--runs", root.resolve("runs").toString(), "--name", name));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }
}
