package org.elasticreset.cli.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.elasticreset.cli.tracking.MetricsFollower.Batch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsFollowerTest {
  @TempDir private Path folder;
  private MetricsLines lines;
  private MetricsFollower follower;
  private Ledger ledger;

  @BeforeEach
  void open() {
    Path file = folder.resolve("metrics.jsonl");
    lines = new MetricsLines(file);
    follower = new MetricsFollower(file);
    ledger = Ledger.open(folder.resolve("ledger.txt"));
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  @Test
  void fileThatIsNotThereYetHasNothing() throws IOException {
    assertThat(follower.next(ledger, 10).isEmpty()).isTrue();
  }

  @Test
  void everyLineComesOnceInOrder() throws IOException {
    lines.steps(1, 3);
    assertThat(steps(deliver(2))).containsExactly(1L, 2L);
    assertThat(steps(deliver(2))).containsExactly(3L);
    assertThat(deliver(2).isEmpty()).isTrue();
    lines.steps(4, 4);
    Batch last = deliver(2);
    assertThat(steps(last)).containsExactly(4L);
    assertThat(last.replacing()).isFalse();
  }

  @Test
  void longFileIsReadWhole() throws IOException {
    lines.steps(1, 1500);
    assertThat(deliver(5000).points()).hasSize(1500);
  }

  @Test
  void lineWithoutItsEndWaits() throws IOException {
    lines.steps(1, 1).torn("{\"event\":\"step\",\"step\":2,\"ti");
    assertThat(steps(deliver(9))).containsExactly(1L);
    assertThat(deliver(9).isEmpty()).isTrue();
    lines.steps(2, 2);
    assertThat(steps(deliver(9))).containsExactly(2L);
  }

  @Test
  void whatALearnerTellsAgainAlikeIsNotSentAgain() throws IOException {
    lines.steps(1, 5);
    deliver(9);
    lines.backTo(2);
    assertThat(deliver(9).isEmpty()).isTrue();
    lines.steps(3, 5);
    assertThat(deliver(9).isEmpty()).as("other times, the same figures").isTrue();
    lines.steps(6, 6);
    Batch next = deliver(9);
    assertThat(steps(next)).containsExactly(6L);
    assertThat(next.replacing()).isFalse();
  }

  @Test
  void whatALearnerTellsAgainOtherwiseReplacesFromTheBeginningOfItsStep() throws IOException {
    lines.steps(1, 3).evaluation(3, 0.5).steps(4, 5);
    deliver(9);
    lines.backTo(3).evaluation(3, 0.6).step(4, 0.9);
    Batch again = deliver(9);
    assertThat(again.replacing()).isTrue();
    assertThat(steps(again)).containsExactly(3L, 3L, 4L);
    assertThat(again.points().get(1).scalars()).containsEntry("eval/reward_mean", 0.6);
    assertThat(ledger.size()).isEqualTo(5);
  }

  @Test
  void linesThatWereTakenBackAndOvertakenBetweenTwoLooksAreSeen() throws IOException {
    lines.steps(1, 4);
    deliver(9);
    lines.backTo(1).step(2, 0.7).steps(3, 6);
    assertThat(steps(deliver(9))).containsExactly(2L, 3L, 4L, 5L, 6L);
  }

  @Test
  void whatCouldNotBeSentComesAgainFromTheBeginningOfItsStep() throws IOException {
    lines.steps(1, 2).evaluation(2, 0.5);
    deliver(2);
    assertThat(steps(follower.next(ledger, 9))).containsExactly(2L);
    follower.uncertain();
    Batch again = deliver(9);
    assertThat(again.replacing()).isTrue();
    assertThat(steps(again)).containsExactly(2L, 2L);
  }

  @Test
  void anotherProcessGoesOnWhereOneWasKilled() throws IOException {
    lines.steps(1, 3);
    deliver(9);
    lines.evaluation(3, 0.5);
    ledger.close();
    ledger = Ledger.open(folder.resolve("ledger.txt"));
    follower = new MetricsFollower(folder.resolve("metrics.jsonl"));
    Batch next = deliver(9);
    assertThat(next.replacing()).as("the step may be there twice else").isTrue();
    assertThat(steps(next)).containsExactly(3L, 3L);
  }

  @Test
  void sinkThatKnowsHowManyLinesItHasIsBelieved() throws IOException {
    lines.steps(1, 5);
    follower.trust(ledger, 3);
    assertThat(ledger.size()).isEqualTo(3);
    assertThat(steps(deliver(9))).containsExactly(4L, 5L);
  }

  private Batch deliver(int most) throws IOException {
    Batch batch = follower.next(ledger, most);
    if (!batch.isEmpty()) {
      ledger.add(batch.digests());
    }
    return batch;
  }

  private static List<Long> steps(Batch batch) {
    return batch.points().stream().map(MetricsPoint::step).toList();
  }
}
