package org.elasticreset.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder with all that a tiny run reads, and in which the runs are made: {@code runs/NAME}.
 *
 * @param root absolute; the run file is {@code root/run.yaml}
 */
record RunFiles(Path root) {

  /** Writes models, prompts and the run file. */
  static RunFiles write(Path root) throws IOException {
    Files.createDirectories(root);
    RunFiles files = new RunFiles(root.toAbsolutePath().normalize());
    TinyModels.writePolicy(files.root.resolve("policy"));
    TinyModels.writeClassifier(files.root.resolve("classifier"));
    files.text("prompts.txt", "the cat\nthe dog\na good day\na bad\nthe mat\n");
    files.text("held-out.txt", "# held out\na cat\nthe day\nall\nthe good dog\n");
    files.text("human.txt", "the dog sat on a mat all day\na cat had a day\n");
    files.text(
        "run.yaml",
        """
        seed: 3
        policy: policy
        prompts: prompts.txt
        max-staleness: 0
        reissue-after: 4s
        rollout: {workers: 1, batch-size: 4, per-step: 8}
        sampling: {max-new-tokens: 8, max-prompt-tokens: 8}
        reward:
          scorers:
            good: {type: classifier, model: classifier, label: GOOD}
            vowel: {type: regex, pattern: "[aeiou]", weight: 0.5}
          judge: {type: length, target-tokens: 5}
        evaluation: {prompts: held-out.txt, human-text: human.txt, every: 4}
        learner: {threads: 1}
        ppo: {epochs: 2, minibatch-size: 4, micro-batch-size: 4, learning-rate: 0.003}
        ema: {decay: 0.5}
        reset: {trigger: every-n-updates, every: 3}
        """);
    return files;
  }

  /** Runs of the preset that a user gets who says nothing, but for these settings. */
  static RunFiles ofThePreset(Path root, String settings) throws IOException {
    Files.createDirectories(root);
    RunFiles files = new RunFiles(root.toAbsolutePath().normalize());
    files.text("run.yaml", settings);
    return files;
  }

  Path runFile() {
    return root.resolve("run.yaml");
  }

  Path runs() {
    return root.resolve("runs");
  }

  private void text(String name, String text) throws IOException {
    Files.writeString(root.resolve(name), text);
  }
}
