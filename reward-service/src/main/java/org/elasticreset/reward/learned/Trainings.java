package org.elasticreset.reward.learned;

import java.nio.file.Path;
import java.util.Optional;
import org.elasticreset.model.ClusteredShare;
import org.elasticreset.model.text.DataSplit;
import org.elasticreset.model.text.PreferencePair;

/** Trains reward models. */
interface Trainings {

  /**
   * One training, which has not begun.
   *
   * @param before folder of the version that scores now; empty: none does
   * @param output an empty folder, for the model
   */
  Training of(DataSplit<PreferencePair> data, Optional<Path> before, Path output);

  /** A training. */
  interface Training {

    /** Trains, writes, and measures what was written beside what scores now. */
    Trained run();

    /** Has {@link #run} end soon by an exception, from any thread. */
    void stop();
  }

  /**
   * What came of it, on the held-out pairs.
   *
   * @param accuracy of the new model
   * @param before accuracy of what scores now; 0.5 where nothing does
   */
  record Trained(ClusteredShare accuracy, double before) {
    boolean isWorse() {
      return accuracy.share() < before;
    }
  }
}
