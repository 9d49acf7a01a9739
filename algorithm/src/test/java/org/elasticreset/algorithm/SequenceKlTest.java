package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SequenceKlTest {
  @Provide
  Arbitrary<List<float[]>> responses() {
    return Floats.rows(-8, 0);
  }

  @Property
  void isZeroBetweenAPolicyAndItself(@ForAll("responses") List<float[]> responses) {
    SequenceKl kl = SequenceKl.of(responses, responses);

    assertThat(kl.nats()).isZero();
    assertThat(kl.natsPerToken()).isZero();
  }

  @Property
  void perTokenTimesMeanLengthIsPerSequence(@ForAll("responses") List<float[]> responses) {
    List<float[]> reference = responses.stream().map(row -> new float[row.length]).toList();

    SequenceKl kl = SequenceKl.of(responses, reference);

    double meanLength = responses.stream().mapToInt(row -> row.length).average().orElseThrow();
    assertThat(kl.natsPerToken() * meanLength).isCloseTo(kl.nats(), within(1e-9));
  }

  @Example
  void findsTheDivergenceOfTwoKnownPoliciesWithinItsError() {
    double[] policy = {0.7, 0.2, 0.1};
    double[] reference = {0.2, 0.3, 0.5};
    double perToken = 0;
    for (int token = 0; token < 3; token++) {
      perToken += policy[token] * Math.log(policy[token] / reference[token]);
    }
    Random random = new Random(7);
    List<float[]> logProbs = new ArrayList<>();
    List<float[]> referenceLogProbs = new ArrayList<>();
    for (int i = 0; i < 4000; i++) {
      float[] drawn = new float[5];
      float[] anchored = new float[5];
      for (int t = 0; t < 5; t++) {
        double u = random.nextDouble();
        int token = u < 0.7 ? 0 : u < 0.9 ? 1 : 2;
        drawn[t] = (float) Math.log(policy[token]);
        anchored[t] = (float) Math.log(reference[token]);
      }
      logProbs.add(drawn);
      referenceLogProbs.add(anchored);
    }

    SequenceKl kl = SequenceKl.of(logProbs, referenceLogProbs);

    assertThat(kl.standardError()).isBetween(0.02, 0.05);
    assertThat(kl.nats()).isCloseTo(5 * perToken, within(3 * kl.standardError()));
    assertThat(kl.natsPerToken()).isCloseTo(kl.nats() / 5, within(1e-9));
  }

  @Example
  void givesTheSampleDeviationOverTheRootOfTheCount() {
    SequenceKl kl =
        SequenceKl.of(
            List.of(new float[] {-1, -1}, new float[] {-3}),
            List.of(new float[] {-2, -2}, new float[] {-3}));

    assertThat(kl).isEqualTo(new SequenceKl(1, 1, 2 / 3.0));
  }

  @Example
  void oneResponseSaysNothingAboutItsError() {
    SequenceKl kl = SequenceKl.of(List.of(new float[] {-1}), List.of(new float[] {-2}));

    assertThat(kl.standardError()).isNaN();
  }

  @Example
  void saysWhatWasWrong() {
    List<float[]> one = List.of(new float[] {-1});
    assertThatThrownBy(() -> SequenceKl.of(List.of(), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("logProbs: empty (expected: at least one response)");
    assertThatThrownBy(() -> SequenceKl.of(one, List.of()))
        .hasMessage("referenceLogProbs: 0 elements (expected: 1, as logProbs)");
    assertThatThrownBy(() -> SequenceKl.of(List.of(new float[0]), one))
        .hasMessage("response: empty (expected: at least one token)");
    assertThatThrownBy(() -> SequenceKl.of(one, List.of(new float[2])))
        .hasMessage("referenceLogProbs: 2 elements (expected: 1, as logProbs)");
  }
}
