package org.elasticreset.learner;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Settings of a small run in a directory; every test names what it cares about. */
final class TestConfig {

  private TestConfig() {}

  static Map<String, String> properties(Path directory) {
    try {
      Path model = Files.createDirectories(directory.resolve("model"));
      Path prompts = directory.resolve("prompts.txt");
      Files.write(
          prompts,
          List.of("# prompts", "one", "two", "", "three", "four", "five", "six", "seven", "eight"));
      Path heldOut = directory.resolve("held-out.txt");
      Files.write(heldOut, List.of("nine", "ten", "eleven"));
      Map<String, String> properties = new HashMap<>();
      properties.put("learner.run-id", "test-run");
      properties.put("learner.model", model.toString());
      properties.put("learner.output", directory.resolve("policy").toString());
      properties.put("learner.ema-service", "localhost:9000");
      properties.put("learner.checkpoint.directory", directory.resolve("checkpoints").toString());
      properties.put("learner.discarded-batches", directory.resolve("discarded").toString());
      properties.put("learner.steps", "3");
      properties.put("learner.prompts", prompts.toString());
      properties.put("learner.rollouts-per-step", "4");
      properties.put("learner.generation-batch-size", "2");
      properties.put("learner.ppo.epochs", "2");
      properties.put("learner.ppo.minibatch-size", "2");
      properties.put("learner.ppo.micro-batch-size", "2");
      properties.put("learner.ppo.learning-rate", "0.1");
      properties.put("learner.ppo.discount", "0.99");
      properties.put("learner.ppo.max-gradient-norm", "0.5");
      properties.put("learner.sampling.max-new-tokens", "4");
      properties.put("learner.sampling.max-prompt-tokens", "8");
      properties.put("learner.sampling.stop-at-eos", "false");
      properties.put("learner.evaluation.prompts", heldOut.toString());
      properties.put("learner.evaluation.every", "2");
      return properties;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The small run, with these keys changed: {@code key, value, key, value}. */
  static LearnerConfig in(Path directory, String... changes) {
    Map<String, String> properties = properties(directory);
    for (int i = 0; i < changes.length; i += 2) {
      properties.put("learner." + changes[i], changes[i + 1]);
    }
    return of(properties);
  }

  static LearnerConfig of(Map<String, String> properties) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .withConverter(Duration.class, 200, new DurationConverter())
        .withMapping(LearnerConfig.class)
        .withValidateUnknown(true)
        .withSources(new PropertiesConfigSource(properties, "test", 100))
        .build()
        .getConfigMapping(LearnerConfig.class);
  }
}
