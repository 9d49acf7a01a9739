package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.elasticreset.algorithm.ElasticReset;
import org.elasticreset.algorithm.ResetRequest;
import org.elasticreset.algorithm.ResetTarget;
import org.elasticreset.algorithm.ResetTrigger;
import org.elasticreset.algorithm.ResetTrigger.EveryNUpdates;
import org.elasticreset.proto.v1.TrainingEvent;
import org.elasticreset.proto.v1.Update;
import org.junit.jupiter.api.Test;

/** Audit events say what was so at their moment, as the learner's events of that step do. */
class AuditFiguresTest extends RunOnDisk {

  private static final ResetTrigger NEVER = new ResetTrigger.OnRequest();

  private final List<TrainingEvent> heard = new ArrayList<>();

  @Test
  void resetCountsTheUpdateThatItFollowsAndNamesThePolicyThatItLeadsTo() {
    var policy = begun(new ElasticReset(new EveryNUpdates(2)));
    tell(policy, 1);

    var newest = tell(policy, 2).newest();

    var reset = heard.get(0);
    assertThat(reset.getAudit().getAction()).isEqualTo("reset-done");
    assertThat(reset.getAudit().getFigures().getUpdatesSinceReset()).isEqualTo(2);
    assertThat(reset.getAudit().getFigures().getRewardMean()).isEqualTo(0.5);
    assertThat(reset.getAudit().getFigures().getKlToInitialNats()).isEqualTo(4);
    assertThat(reset.getStep()).isEqualTo(2);
    assertThat(reset.getPolicyVersion()).isEqualTo(newest.getVersion());
    assertThat(reset.getResetEpoch()).isEqualTo(newest.getResetEpoch()).isEqualTo(1);
  }

  @Test
  void proposalNamesThePolicyOfItsStep() {
    var policy = begun(new ElasticReset(new EveryNUpdates(2), 1, ResetTarget.AVERAGE));
    tell(policy, 1);

    var newest = tell(policy, 2).newest();

    var proposed = heard.get(0);
    assertThat(proposed.getAudit().getAction()).isEqualTo("reset-proposed");
    assertThat(proposed.getAudit().getFigures().getUpdatesSinceReset()).isEqualTo(2);
    assertThat(proposed.getStep()).isEqualTo(2);
    assertThat(proposed.getPolicyVersion()).isEqualTo(newest.getVersion());
  }

  @Test
  void noFigureIsOfAnotherStepThanItsEvent() {
    var policy = begun(new ElasticReset(NEVER));
    tell(policy, 1);
    policy.take(learner, Policies.upload(told(2).setPublish(false).build(), weights(2)));
    assertThat(paused(policy).getAudit().getFigures().getRewardMean()).isEqualTo(0.25);

    take(policy, 2, weights(2));

    var silent = paused(policy);
    assertThat(silent.getStep()).isEqualTo(2);
    assertThat(silent.getAudit().getFigures().hasRewardMean()).isFalse();
    assertThat(silent.getAudit().getFigures().hasKlToInitialNats()).isFalse();
  }

  @Test
  void figuresOfStepsThatTheLearnerAbandonedAreGone() {
    var policy = begun(new ElasticReset(NEVER));
    tell(policy, 1);
    resume(policy, 0, 1, initial);

    var back = paused(policy);

    assertThat(back.getStep()).isZero();
    assertThat(back.getPolicyVersion()).isEqualTo(3);
    assertThat(back.getAudit().getFigures().hasRewardMean()).isFalse();
  }

  @Test
  void personActsOnThePolicyThatIsServedWhileTheLearnerIsAway() throws Exception {
    var before = begun(new ElasticReset(NEVER));
    checkpoint(before, 1);
    var policy = Policies.averagedPolicy(new ElasticReset(NEVER), directory, heard::add);
    policy.load();

    var event = paused(policy);

    assertThat(event.getStep()).isEqualTo(1);
    assertThat(event.getPolicyVersion()).isEqualTo(2);
    assertThat(event.getAudit().getFigures().getUpdatesSinceReset()).isEqualTo(1);
  }

  private AveragedPolicy begun(ElasticReset elasticReset) {
    var policy = Policies.averagedPolicy(elasticReset, directory, heard::add);
    policy.open(learner, Policies.openRun(initial));
    checkpoint(policy, 0);
    return policy;
  }

  /** An update with what the learner measured. */
  private UpdateAnswer tell(AveragedPolicy policy, long step) {
    return policy.take(learner, Policies.upload(told(step).build(), weights(step)));
  }

  private static Update.Builder told(long step) {
    return Policies.update(step, true).toBuilder()
        .setRewardMean(0.25 * step)
        .setKlToInitialNats(2.0 * step);
  }

  private TrainingEvent paused(AveragedPolicy policy) {
    policy.operators().hold(Policies.RUN, new ResetRequest("ada", "a look"));
    return heard.get(heard.size() - 1);
  }
}
