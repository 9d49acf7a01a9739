package org.elasticreset.reward.raters.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.elasticreset.proto.v1.RaterRecord;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.rating.Question;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PeopleTopicsTest {

  private final BoardOfTest of = new BoardOfTest(0);
  private int seen;
  private PeopleTopics topics;

  @BeforeEach
  void begin() {
    var window = new AgreementWindow(new Question.Scale(1, 5));
    var metrics =
        new RatingMetrics(
            new SimpleMeterRegistry(),
            of.board,
            of.raters,
            new AgreementFigures(window, of.raters, of.clock));
    topics = new PeopleTopics(BoardOfTest.RUN, of.board, of.raters, window, metrics, () -> seen++);
  }

  @Test
  void whoWritesToTheTopicIsThere() {
    topics.take(record(of.answer("ann", "a@1#0", 1)), true);

    assertThat(seen).isEqualTo(1);
  }

  @Test
  void whoSaidSomethingBeforeTheServiceStartedMayBeGone() {
    topics.take(record(of.answer("ann", "a@1#0", 1)), false);

    assertThat(seen).isZero();
  }

  @Test
  void whoIsMutedHoldsNothingUp() {
    of.raters.known("eve", RaterRecord.newBuilder().setMuted(true).build());

    topics.take(record(of.answer("eve", "a@1#0", 1)), true);

    assertThat(seen).isZero();
  }

  private static ConsumerRecord<String, byte[]> record(Rating rating) {
    return new ConsumerRecord<>(
        BoardOfTest.RUN + ".ratings", 0, 0, rating.getRequestId(), rating.toByteArray());
  }
}
