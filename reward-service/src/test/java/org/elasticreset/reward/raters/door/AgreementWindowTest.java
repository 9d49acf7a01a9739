package org.elasticreset.reward.raters.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.elasticreset.proto.v1.Ranks;
import org.elasticreset.rating.Question;
import org.junit.jupiter.api.Test;

class AgreementWindowTest {

  private final BoardOfTest of = new BoardOfTest(0);
  private final AgreementWindow window = new AgreementWindow(new Question.Scale(1, 5));

  @Test
  void tellsWhoSaysTheSameAsTheOthers() {
    for (int i = 0; i < 20; i++) {
      say("ann", i, i % 2 == 0);
      say("bob", i, i % 2 == 0);
      say("eve", i, i % 2 != 0);
    }

    var agreement = window.agreement(Set.of("eve"));
    assertThat(agreement.krippendorffAlpha()).hasValue(1);
    assertThat(window.agreement(Set.of()).krippendorffAlpha().orElseThrow()).isLessThan(0.5);
  }

  @Test
  void leavesOutWhatAnswersNothing() {
    say("ann", 1, true);
    window.said(
        of.rating("bob", "r1@1#0", 1)
            .setRanks(Ranks.newBuilder().addRanks(1).addRanks(2).addRanks(3))
            .build());
    window.said(of.rating("", "r1@1#0", 1).setMark(3).build());

    assertThat(window.agreement(Set.of()).krippendorffAlpha()).isEmpty();
  }

  @Test
  void recordsThatCannotBeReadHoldNothingUp() {
    var agreement = new AgreementFigures(window, of.raters, of.clock);
    var metrics = new RatingMetrics(new SimpleMeterRegistry(), of.board, of.raters, agreement);
    var topics = new PeopleTopics(BoardOfTest.RUN, of.board, of.raters, window, metrics, () -> {});

    for (String topic : topics.names()) {
      topics.take(record(topic, "key", "garbage".getBytes(StandardCharsets.UTF_8)), true);
      topics.take(record(topic, "key", null), true);
      topics.take(record(topic, null, null), true);
    }
    topics.take(
        record(
            BoardOfTest.RUN + ".ratings",
            "key",
            of.answer("ann", "a@1#0", 1).toBuilder().setRunId("another").build().toByteArray()),
        true);

    assertThat(of.board.counts().open()).isZero();
    assertThat(agreement.alpha()).isNaN();
  }

  private static ConsumerRecord<String, byte[]> record(String topic, String key, byte[] value) {
    return new ConsumerRecord<>(topic, 0, 0, key, value);
  }

  private void say(String rater, int request, boolean first) {
    window.said(
        of.rating(rater, "r" + request + "@1#0", 1)
            .setRanks(Ranks.newBuilder().addRanks(first ? 1 : 2).addRanks(first ? 2 : 1))
            .build());
  }
}
