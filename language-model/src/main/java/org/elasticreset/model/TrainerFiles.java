package org.elasticreset.model;

import java.nio.file.Path;
import java.util.Map;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.model.files.ParameterFile;

/**
 * What a {@link PolicyTrainer} goes on from, as two files that any reader of safetensors opens.
 *
 * <p>{@code policy.safetensors} has the tensors of the policy's model file. {@code
 * trainer.safetensors} has the value head, {@code v_head.…}, and AdamW's moments of both, {@code
 * first_moment.<tensor>} and {@code second_moment.<tensor>}; the number of steps they are made of
 * is {@code optimizer_steps} of its metadata.
 */
final class TrainerFiles {

  private static final String POLICY = "policy.safetensors";
  private static final String TRAINER = "trainer.safetensors";
  private static final String STEPS = "optimizer_steps";

  private final Path trainerFile;
  private final ParameterFile.Section[] policySections;
  private final ParameterFile.Section[] trainerSections;
  private final Path policyFile;
  private final AdamW optimizer;

  TrainerFiles(Path directory, Parameters policy, Parameters valueHead, AdamW optimizer) {
    this.policyFile = directory.resolve(POLICY);
    this.trainerFile = directory.resolve(TRAINER);
    this.optimizer = optimizer;
    this.policySections = new ParameterFile.Section[] {new ParameterFile.Section("", policy)};
    this.trainerSections =
        new ParameterFile.Section[] {
          new ParameterFile.Section("", valueHead),
          new ParameterFile.Section("first_moment.", optimizer.firstMoment()),
          new ParameterFile.Section("second_moment.", optimizer.secondMoment())
        };
  }

  void save() {
    ParameterFile.write(policyFile, Map.of(), policySections);
    ParameterFile.write(
        trainerFile, Map.of(STEPS, Integer.toString(optimizer.steps())), trainerSections);
  }

  /** Checks both files before it changes anything. */
  void restore() {
    try (var policy = ParameterFile.open(policyFile, policySections);
        var trainer = ParameterFile.open(trainerFile, trainerSections)) {
      int steps = steps(trainer.metadata().getOrDefault(STEPS, "missing"));
      policy.load();
      trainer.load();
      optimizer.continueFrom(steps);
    }
  }

  private int steps(String text) {
    try {
      int steps = Integer.parseInt(text);
      if (steps >= 0) {
        return steps;
      }
    } catch (NumberFormatException e) {
      // told below, like a negative number
    }
    throw ModelFormatException.of(
        trainerFile, "__metadata__: " + STEPS, text, "an integer of at least 0");
  }
}
