package org.elasticreset.reward;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.DefaultBean;
import io.quarkus.runtime.PreventFurtherStepsException;
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
import org.elasticreset.model.ModelFormatException;
import org.elasticreset.model.SequenceClassifier;
import org.elasticreset.reward.WeightedSum.Term;
import org.jboss.logging.Logger;

/** Puts the service together, and refuses to start with settings that cannot work. */
@ApplicationScoped
class RewardService {

  private static final Logger LOG = Logger.getLogger(RewardService.class);
  private static final int BAD_SETTINGS = 2;

  /** Before the channels open, so that a bad setting is the first and only thing to be read. */
  void onStart(
      @Observes @Priority(1) StartupEvent event,
      RewardSettings settings,
      Instance<RolloutScorer> scorer) {
    try {
      scorer.get();
    } catch (IllegalArgumentException | ModelFormatException e) {
      throw new PreventFurtherStepsException("reward-service: " + e.getMessage(), BAD_SETTINGS);
    }
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
  ScorerFactory scorers(RewardSettings settings) {
    return new ScorerFactory(
        directory -> {
          Engine.useThreads(settings.threads());
          return SequenceClassifier.open(directory);
        });
  }

  @Produces
  @Singleton
  RolloutScorer scorer(RewardSettings settings, ScorerFactory scorers) {
    if (settings.threads() < 1) {
      throw ScorerFactory.wrong("reward.threads", settings.threads(), "at least 1");
    }
    Map<String, Term> terms = new LinkedHashMap<>();
    settings
        .scorers()
        .forEach(
            (name, scorer) ->
                terms.put(
                    name,
                    new Term(scorer.weight(), scorers.create("reward.scorers." + name, scorer))));
    return new RolloutScorer(
        new RolloutBatchCheck(settings.runId()),
        new WeightedSum(terms),
        settings.judge().map(judge -> scorers.create("reward.judge", judge)).orElse(null));
  }

  @Produces
  @Singleton
  RewardMetrics metrics(MeterRegistry registry) {
    return new RewardMetrics(registry);
  }
}
