package org.elasticreset.reward.raters.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.elasticreset.reward.raters.tools.ToolRequests.order;
import static org.elasticreset.reward.raters.tools.ToolRequests.pair;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.elasticreset.proto.v1.RatingRequest;
import org.junit.jupiter.api.Test;

final class ToolMirrorTest {

  private static final Duration TIDY = Duration.ofMinutes(1);

  private Instant now = Instant.EPOCH;
  private final FakeTool tool = new FakeTool();
  private final ToolMirror mirror = mirror();

  @Test
  void whatIsOpenIsPutThereOnce() throws Exception {
    mirror.asked(pair(1));
    mirror.asked(pair(2));
    work();
    mirror.asked(pair(1));
    work();
    assertThat(tool.requests()).containsExactly(id(1), id(2));
    assertThat(tool.posts).isOne();
  }

  @Test
  void requestsOfOnePlaceGoTogether() throws Exception {
    mirror.asked(pair(1));
    mirror.asked(order(2, "a", "b", "c"));
    mirror.asked(pair(3));
    work();
    assertThat(tool.requests()).containsExactly(id(1), id(3), id(2));
    assertThat(tool.posts).isEqualTo(2);
  }

  @Test
  void whatHasEndedIsRemovedUnlessSomebodyAnswered() throws Exception {
    mirror.asked(pair(1));
    mirror.asked(pair(2));
    work();
    tool.answered(id(2));
    mirror.ended(id(1));
    mirror.ended(id(2));
    later();
    work();
    assertThat(tool.requests()).containsExactly(id(2));
    int looked = tool.lists;
    later();
    work();
    assertThat(tool.lists).as("what stays is not looked for again").isEqualTo(looked);
  }

  @Test
  void aRequestThatIsOpenAgainIsThereOnce() throws Exception {
    mirror.asked(pair(1));
    work();
    tool.answered(id(1));
    mirror.ended(id(1));
    later();
    work();
    mirror.asked(pair(1));
    work();
    assertThat(tool.requests()).containsExactly(id(1));
  }

  @Test
  void whoeverBeginsFindsWhatAnotherPutThere() throws Exception {
    mirror.asked(pair(1));
    mirror.asked(pair(2));
    work();
    var other = mirror();
    other.asked(pair(2));
    other.asked(pair(3));
    work(other);
    assertThat(tool.requests()).containsExactly(id(2), id(3));
  }

  @Test
  void ofTwoThatWerePutThereAtTheSameTimeTheAnsweredOneStays() throws Exception {
    tool.post(java.util.List.of(pair(1)));
    tool.answered(id(1));
    tool.post(java.util.List.of(pair(1)));
    mirror.asked(pair(1));
    work();
    assertThat(tool.has).singleElement().matches(LabellingTool.Posted::answered);
  }

  @Test
  void aToolThatIsAwayIsTriedAgain() throws Exception {
    mirror.asked(pair(1));
    work();
    mirror.asked(pair(2));
    mirror.ended(id(1));
    later();
    tool.away = true;
    assertThatThrownBy(mirror::step).isInstanceOf(IOException.class);
    tool.away = false;
    work();
    assertThat(tool.requests()).containsExactly(id(2));
  }

  @Test
  void oneThatTheToolRefusesHoldsUpNoOther() throws Exception {
    tool.dislikes.add(id(2));
    mirror.asked(RatingRequest.newBuilder().setRequestId(id(0)).build());
    for (int i = 1; i <= 3; i++) {
      mirror.asked(pair(i));
    }
    work();
    assertThat(tool.requests()).containsExactly(id(1), id(3));
  }

  private ToolMirror mirror() {
    return new ToolMirror(tool, new ToolMetrics(new SimpleMeterRegistry()), clock(), TIDY);
  }

  private void later() {
    now = now.plus(TIDY);
  }

  private void work() throws Exception {
    work(mirror);
  }

  private static void work(ToolMirror mirror) throws Exception {
    while (mirror.step()) {
      // until there is nothing to do
    }
  }

  private static String id(int number) {
    return pair(number).getRequestId();
  }

  private Clock clock() {
    return new Clock() {
      @Override
      public Instant instant() {
        return now;
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }
    };
  }
}
