package org.elasticreset.learner;

import java.util.List;

/** Where the policy comes from. */
interface InitialPolicySource {

  /**
   * Loads the policy of {@code learner.model}.
   *
   * @param humanText texts that its perplexity is measured on; may be empty
   */
  TrainedPolicy open(LearnerConfig config, List<String> humanText);
}
