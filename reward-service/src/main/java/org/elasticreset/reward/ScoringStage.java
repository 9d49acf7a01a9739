package org.elasticreset.reward;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.DefaultBean;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import org.elasticreset.model.Engine;
import org.elasticreset.model.SequenceClassifier;
import org.elasticreset.reward.RewardSettings.ScorerSettings;
import org.elasticreset.reward.WeightedSum.Term;
import org.jboss.logging.Logger;

/** Puts the service together, and refuses to start with settings that cannot work. */
@ApplicationScoped
class ScoringStage {

  private static final Logger LOG = Logger.getLogger(ScoringStage.class);

  /** Before the channels open, so that a bad setting is the first and only thing to be read. */
  void onStart(
      @Observes @Priority(1) StartupEvent event,
      RewardSettings settings,
      Instance<RolloutScorer> scorer) {
    RewardSettings.requireValid(settings);
    scorer.get();
    LOG.infof(
        "scorers ready run=%s scorers=%s judge=%s threads=%d",
        settings.runId(),
        settings.scorers().keySet(),
        settings.judge().isPresent(),
        settings.threads());
  }

  @Produces
  @Singleton
  @DefaultBean
  ScorerFactory scorers(RewardSettings settings, ReceiverStage receiver, LearnedStage learned) {
    return new ScorerFactory(
        directory -> {
          Engine.useThreads(settings.threads());
          Engine.useDevice(settings.device());
          return SequenceClassifier.open(directory);
        },
        receiver.receiver(),
        learned.reward());
  }

  @Produces
  @Singleton
  RolloutScorer scorer(
      RewardSettings settings,
      ScorerFactory scorers,
      ReceiverStage receiver,
      LearnedStage learned) {
    Map<String, Term> terms = new LinkedHashMap<>();
    settings
        .scorers()
        .forEach(
            (name, scorer) -> terms.put(name, term("reward.scorers." + name, scorer, scorers)));
    return new RolloutScorer(
        new RolloutBatchCheck(settings.runId()),
        new WeightedSum(terms),
        settings.judge().map(judge -> scorers.create("reward.judge", judge)).orElse(null),
        receiver.receiver(),
        learned.reward());
  }

  private static Term term(String key, ScorerSettings scorer, ScorerFactory scorers) {
    if (!Double.isFinite(scorer.weight())) {
      throw ScorerFactory.wrong(key + ".weight", scorer.weight(), "a finite number");
    }
    return new Term(scorer.weight(), scorers.create(key, scorer));
  }

  @Produces
  @Singleton
  RewardMetrics metrics(MeterRegistry registry) {
    return new RewardMetrics(registry);
  }
}
