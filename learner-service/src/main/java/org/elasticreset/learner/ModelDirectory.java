package org.elasticreset.learner;

import io.quarkus.arc.DefaultBean;
import jakarta.inject.Singleton;
import java.util.List;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.Engine;

/** A Hugging Face directory, opened in the tensor engine. */
@DefaultBean
@Singleton
class ModelDirectory implements PolicySource {

  @Override
  public TrainedPolicy open(LearnerConfig config, List<String> humanText) {
    Engine.useThreads(config.threads());
    return new ModelPolicy(CausalLanguageModel.open(config.model()), config, humanText);
  }
}
