package org.elasticreset.learner;

import io.quarkus.arc.DefaultBean;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.DecoderDirectory;
import org.elasticreset.model.Engine;
import org.elasticreset.model.LoraSettings;
import org.elasticreset.model.ModelSettings;

/** A Hugging Face directory, opened in the tensor engine; or what is simulated, without it. */
@DefaultBean
@Singleton
class InitialPolicyDirectory implements InitialPolicySource {

  @Override
  public TrainedPolicy open(LearnerConfig config, List<String> humanText) {
    if (config.simulated().isPresent()) {
      return new SimulatedPolicy(config.simulated().get(), config.seed());
    }
    Engine.useThreads(config.threads());
    Engine.useDevice(config.device());
    Optional<LoraSettings> lora = lora(config);
    CausalLanguageModel model =
        CausalLanguageModel.open(
            config.model(),
            new ModelSettings(config.baseWeights(), lora, new Seeds(config.seed()).of("adapters")));
    return new ModelPolicy(model, lora, config, humanText);
  }

  private static Optional<LoraSettings> lora(LearnerConfig config) {
    if (config.lora().isEmpty()) {
      return Optional.empty();
    }
    LoraConfig lora = config.lora().get();
    try {
      return Optional.of(
          DecoderDirectory.read(config.model())
              .lora(lora.rank(), lora.alpha(), lora.dropout().orElse(0), lora.targetModules()));
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingsException(
          "learner.lora."
              + String.valueOf(e.getMessage()).replace("target_modules", "target-modules"));
    }
  }
}
