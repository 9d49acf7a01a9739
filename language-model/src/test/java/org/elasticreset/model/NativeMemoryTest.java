package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class NativeMemoryTest {

  /** One logits tensor of a step has 8 · 16 · 1000 floats: leaking it is 250 MB in 500 steps. */
  private static final GptConfig CONFIG = new GptConfig(1000, 32, 16, 1, 2);

  private static final int WARM_UP = 100;
  private static final int STEPS = 500;
  private static final long BOUND_KILOBYTES = 48 << 10;

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc/self/status")
  void staysFlatOverGenerationsAndTrainingSteps() throws IOException {
    try (var model = CausalLanguageModel.initialise(CONFIG, null, 1);
        var trainer = new PolicyTrainer(model, OptimizerSettings.DEFAULT, 1)) {
      long warm = 0;
      for (int step = 0; step < WARM_UP + STEPS; step++) {
        if (step == WARM_UP) {
          warm = residentKilobytes();
        }
        generateAndStep(model, trainer, step);
      }
      assertThat(residentKilobytes() - warm).isLessThan(BOUND_KILOBYTES);
    }
  }

  private static void generateAndStep(CausalLanguageModel model, PolicyTrainer trainer, int step) {
    var random = new SplittableRandom(step);
    var requests = new ArrayList<GenerationRequest>();
    for (int i = 0; i < 8; i++) {
      requests.add(new GenerationRequest(random.ints(1 + i, 0, 1000).toArray(), i));
    }
    var generations = model.generate(requests, Sampling.untruncated(16, 8));
    var sequences =
        generations.stream()
            .map(g -> new TokenSequence(g.promptTokens(), g.responseTokens()))
            .toList();
    var logProbs = generations.stream().map(Generation::logProbs).toList();
    var settings = new PpoSettings(0.2, 0.2, 0.5, 0.01, 1);
    trainer.ppoStep(PpoSamples.near(logProbs, sequences, random), settings, 1e-4, 4);
    trainer.languageModelStep(List.of(sequences.get(0).tokens()), 1e-4, 1);
  }

  private static long residentKilobytes() throws IOException {
    System.gc();
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")))
        .findFirst()
        .orElseThrow();
  }
}
