package org.elasticreset.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.elasticreset.algorithm.SequenceKl;
import org.elasticreset.cli.ab.DriftMeter;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.Engine;
import org.elasticreset.model.Precision;
import org.elasticreset.model.TokenSequence;
import org.elasticreset.proto.v1.Rollout;
import org.jspecify.annotations.Nullable;

/** Measures the drift of answers by a pass of the initial policy over their tokens. */
final class InitialPolicy implements DriftMeter, AutoCloseable {
  private static final int BATCH = 16;

  private final @Nullable CausalLanguageModel model;
  private final double temperature;

  private InitialPolicy(@Nullable CausalLanguageModel model, double temperature) {
    this.model = model;
    this.temperature = temperature;
  }

  /** The one that is named, or one that measures nothing. */
  static InitialPolicy open(AbSettings settings) {
    Engine.useThreads(settings.rollout().threads());
    return new InitialPolicy(
        settings.initial() == null ? null : CausalLanguageModel.open(settings.initial()),
        settings.sampling().temperature());
  }

  @Override
  public List<OptionalDouble> nats(List<Rollout> rollouts) {
    if (model == null) {
      return rollouts.stream().map(rollout -> OptionalDouble.empty()).toList();
    }
    List<TokenSequence> sequences =
        rollouts.stream()
            .map(
                rollout ->
                    new TokenSequence(
                        ints(rollout.getPromptTokensList()), ints(rollout.getResponseTokensList())))
            .toList();
    List<float[]> reference = model.logProbs(sequences, temperature, BATCH, Precision.FLOAT32);
    List<OptionalDouble> nats = new ArrayList<>();
    for (int i = 0; i < rollouts.size(); i++) {
      List<Float> drawn = rollouts.get(i).getBehaviourLogProbsList();
      float[] behaviour = new float[drawn.size()];
      for (int t = 0; t < behaviour.length; t++) {
        behaviour[t] = drawn.get(t);
      }
      SequenceKl one = SequenceKl.of(List.of(behaviour), List.of(reference.get(i)));
      nats.add(OptionalDouble.of(one.nats()));
    }
    return nats;
  }

  private static int[] ints(List<Integer> tokens) {
    return tokens.stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public void close() {
    if (model != null) {
      model.close();
    }
  }
}
