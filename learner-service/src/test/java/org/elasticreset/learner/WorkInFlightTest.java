package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.elasticreset.algorithm.DropReason;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.algorithm.Rollout;
import org.elasticreset.learner.ActionMasks.Mask;
import org.elasticreset.learner.EmaService.Standing;
import org.elasticreset.learner.WorkInFlight.Books;
import org.elasticreset.learner.WorkInFlight.CollectedWork;
import org.elasticreset.proto.v1.Prompt;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.RewardFrom;
import org.elasticreset.proto.v1.TrainingEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scores that are given again while their rollouts wait for their step. */
class WorkInFlightTest {

  private static final PolicyStamp POLICY = new PolicyStamp(1, 0);
  private static final String FIRST = "train-1-0/0";
  private static final String SECOND = "train-2-0/0";

  @TempDir Path directory;

  private final Topic topic = new Topic();
  private final FakeEmaService emaService = new FakeEmaService();
  private LearnerConfig config;
  private WorkInFlight inFlight;

  @BeforeEach
  void admitsTwoSteps() {
    config = TestConfig.in(directory, "max-staleness", "1");
    inFlight = begun(new Books(0, POLICY, Books.empty().ledger(), Map.of(), List.of()), 1, 2);
  }

  @Test
  void theHighestRevisionIsTrainedOnAndTheOthersAreInTheBooks() throws Exception {
    topic.add(SECOND, POLICY, 2);
    topic.add(SECOND, POLICY, 1);
    topic.add(SECOND, POLICY, 3);
    topic.add(FIRST, POLICY, 0);
    inFlight.trained(inFlight.await(Purpose.TRAINING));

    CollectedWork second = inFlight.await(Purpose.TRAINING);
    inFlight.trained(second);

    assertThat(second.rollouts())
        .singleElement()
        .satisfies(taken -> assertThat(taken.rollout().scoreRevision()).isEqualTo(3));
    assertThat(inFlight.books(2, POLICY).ledger().dropped())
        .containsEntry(DropReason.SUPERSEDED, 1L)
        .containsEntry(DropReason.DUPLICATE, 1L);
  }

  @Test
  void theBooksBalanceWhileALaterScoreWaits() throws Exception {
    topic.add(SECOND, POLICY, 1);
    topic.add(SECOND, POLICY, 2);
    topic.add(FIRST, POLICY, 0);

    inFlight.trained(inFlight.await(Purpose.TRAINING));

    Books books = inFlight.books(1, POLICY);
    assertThat(inFlight.waiting()).isEqualTo(1);
    assertThat(books.ledger().received()).isEqualTo(3);
  }

  /** The earlier score need not be read again; the later one must be. */
  @Test
  void aLearnerThatGoesOnReadsTheLaterScoreAgain() throws Exception {
    topic.add(SECOND, POLICY, 1);
    topic.add(SECOND, POLICY, 2);
    topic.add(FIRST, POLICY, 0);
    topic.add(SECOND, POLICY, 1);
    inFlight.trained(inFlight.await(Purpose.TRAINING));
    Books books = throughACheckpoint(inFlight.books(1, POLICY));
    assertThat(books.offsets()).containsExactly(Map.entry(0, 1L));

    topic.open(books.offsets());
    inFlight = begun(books, 2);
    CollectedWork second = inFlight.await(Purpose.TRAINING);
    inFlight.trained(second);

    assertThat(second.rollouts().get(0).rollout().scoreRevision()).isEqualTo(2);
    assertThat(inFlight.books(2, POLICY).ledger().trained()).isEqualTo(2);
  }

  @Test
  void aScoreOfWhatAnotherPolicyDrewReplacesNothing() throws Exception {
    PolicyStamp newer = new PolicyStamp(2, 0);
    topic.add(FIRST, POLICY, 1);
    topic.add(SECOND, POLICY, 1);
    inFlight.trained(inFlight.await(Purpose.TRAINING));
    inFlight.trainingContinuesWith(newer, 1);
    topic.add(SECOND, newer, 7);
    topic.add(SECOND, POLICY, 2);

    CollectedWork second = inFlight.await(Purpose.TRAINING);

    assertThat(second.rollouts().get(0).rollout().policy()).isEqualTo(POLICY);
  }

  @Test
  void runsWithoutPeopleHaveNoNameForALaterScore() throws Exception {
    topic.add(FIRST, POLICY, 0);
    inFlight.await(Purpose.TRAINING);

    assertThat(inFlight.dropped()).doesNotContainKey("superseded").containsKey("duplicate");
  }

  /** It died behind versions that had no checkpoint: no worker can have them any more. */
  @Test
  void aVersionThatTheEmaServiceLostIsNotWaitedFor() {
    topic.beSilent();

    assertThatThrownBy(() -> inFlight.await(Purpose.TRAINING))
        .isInstanceOf(EmaServiceException.class)
        .extracting(LearnerApplication::exitCode)
        .isEqualTo(LearnerApplication.START_AGAIN);
    assertThat(topic.issued).hasSize(2); // nothing again, for nobody could generate it
  }

  @Test
  void aCompleteStepDoesNotWaitForTheBrokerToTakeALaterOne() throws Exception {
    topic.add(SECOND, POLICY, 0);
    topic.add(FIRST, POLICY, 0);
    inFlight.await(Purpose.TRAINING);
    topic.refusing = new IllegalStateException("the broker is away");

    assertThat(inFlight.await(Purpose.TRAINING).rollouts()).hasSize(1);
  }

  @Test
  void anIncompleteStepSaysThatTheBrokerDoesNotTakeItsPrompts() {
    topic.refusing = new IllegalStateException("the broker is away");

    assertThatThrownBy(() -> inFlight.await(Purpose.TRAINING)).isSameAs(topic.refusing);
  }

  private WorkInFlight begun(Books books, long... steps) {
    WorkInFlight begun = new WorkInFlight(config, emaService, topic, topic, books);
    for (long step : steps) {
      begun.issue(step, List.of(batch(step)));
    }
    return begun;
  }

  private Books throughACheckpoint(Books books) {
    RunState state =
        new RunState(
            new Standing(1, POLICY, ByteString.EMPTY),
            1,
            1,
            0,
            OptionalDouble.empty(),
            1,
            new Mask(0, 0),
            books);
    return RunState.of(state.message(inFlight).build()).booksGoingOnAs(POLICY);
  }

  private static PromptBatch batch(long step) {
    return PromptBatch.newBuilder()
        .setBatchId("train-" + step + "-0")
        .setPurpose(Purpose.TRAINING)
        .setTargetStep(step)
        .addPrompts(Prompt.newBuilder().setRolloutId("train-" + step + "-0/0"))
        .build();
  }

  /** The same draw with another score. */
  static ReceivedRollout rescored(
      ReceivedRollout scored, long revision, double reward, RewardFrom from) {
    Rollout rollout = scored.rollout();
    return new ReceivedRollout(
        scored.source(),
        scored.purpose(),
        scored.targetStep(),
        new Rollout(
            rollout.id(),
            rollout.promptTokens(),
            rollout.responseTokens(),
            rollout.behaviourLogProbs(),
            reward,
            revision,
            rollout.policy(),
            rollout.stopped()),
        from,
        scored.prompt(),
        scored.response(),
        scored.judge(),
        scored.references(),
        scored.continuation());
  }

  /** With one partition; whoever waits for what is not in it waits in vain. */
  private static final class Topic implements Inbox, Outbox {

    private final List<@Nullable ReceivedRollout> records = new ArrayList<>();
    final List<PromptBatch> issued = new ArrayList<>();
    private int position;

    /** What it says of the batches that were issued. */
    @Nullable RuntimeException refusing;

    /** For as long as the learner waits. */
    void beSilent() {
      records.add(null);
    }

    void add(String id, PolicyStamp policy, long revision) {
      PromptBatch batch = batch(Long.parseLong(id.substring(6, 7)));
      ReceivedRollout drawn =
          FakeWorkers.generate(
              Purpose.TRAINING, batch.getTargetStep(), batch.getPrompts(0), policy);
      records.add(
          rescored(drawn, revision, revision, RewardFrom.REWARD_FROM_MODEL)
              .from(new ReceivedRollout.Source(0, records.size())));
    }

    @Override
    public void open(Map<Integer, Long> offsets) {
      position = offsets.getOrDefault(0, 0L).intValue();
    }

    @Override
    public @Nullable ReceivedRollout poll(Duration patience) {
      if (position == records.size()) {
        throw new AssertionError("waits for more than the " + position + " records that there are");
      }
      return records.get(position++);
    }

    @Override
    public void issue(PromptBatch batch) {
      issued.add(batch);
    }

    @Override
    public void awaitIssued() {
      if (refusing != null) {
        throw refusing;
      }
    }

    @Override
    public void report(TrainingEvent event) {}
  }
}
