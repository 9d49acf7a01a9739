package org.elasticreset.reward.learned;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.elasticreset.model.ClusteredShare;
import org.elasticreset.model.text.DataSplit;
import org.elasticreset.model.text.PreferencePair;

/** Trainings that write a number and come out as a test says. */
final class FakeTrainings implements Trainings {

  /** What came of each; NaN: it fails. */
  private final Deque<Double> accuracies = new ArrayDeque<>();

  final List<DataSplit<PreferencePair>> trained = Collections.synchronizedList(new ArrayList<>());
  final List<Optional<Path>> before = Collections.synchronizedList(new ArrayList<>());
  volatile int stopped;
  private double best = 0.5;

  /** Those that follow are as good as the last of these. */
  FakeTrainings comingOutAs(double... accuracies) {
    for (double accuracy : accuracies) {
      this.accuracies.add(accuracy);
    }
    return this;
  }

  @Override
  public Training of(DataSplit<PreferencePair> data, Optional<Path> scoring, Path output) {
    return new Training() {
      @Override
      public Trained run() {
        trained.add(data);
        before.add(scoring);
        double accuracy = accuracies.size() > 1 ? accuracies.remove() : accuracies.getFirst();
        if (Double.isNaN(accuracy)) {
          throw new IllegalStateException("nothing was learned");
        }
        write(output.resolve("score"), String.valueOf(accuracy));
        double earlier = best;
        best = Math.max(best, accuracy);
        return new Trained(new ClusteredShare(accuracy, 100, 100, 100), earlier);
      }

      @Override
      public void stop() {
        stopped++;
      }
    };
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
