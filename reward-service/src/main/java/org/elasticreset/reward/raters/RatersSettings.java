package org.elasticreset.reward.raters;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import org.elasticreset.rating.Aggregation;
import org.elasticreset.rating.Fallback;
import org.elasticreset.reward.learned.LearnSettings;

/** What can be set of people who rate, under {@code reward.raters.}. */
@ConfigMapping(prefix = "reward.raters")
public interface RatersSettings {

  /** Whether people are asked at all; if not, nothing else here matters. */
  @WithDefault("false")
  boolean enabled();

  /** What they are asked: {@code order} (which is better?), {@code scale} or {@code thumbs}. */
  @WithDefault("order")
  QuestionKind question();

  /** The ends of the scale of {@code question=scale}. */
  Scale scale();

  /** Whose prompts they are asked about. */
  Routing routing();

  /** Raters whose answers a request waits for, at least 1. */
  @WithDefault("1")
  int overlap();

  /** How long a request waits for them. */
  @WithDefault("PT2M")
  Duration deadline();

  /** How long it waits where no rater was seen for {@link #absentAfter()}. */
  @WithDefault("PT2S")
  Duration absentDeadline();

  /** Silence behind which nobody counts as present: no request fetched, no rating said. */
  @WithDefault("PT2M")
  Duration absentAfter();

  /**
   * What stands in at the deadline: {@code model-score}, {@code answers-so-far}, {@code readmit} or
   * {@code wait}.
   */
  @WithDefault("model-score")
  Fallback fallback();

  /** How several answers become one: {@code weighted} or {@code majority}. */
  @WithDefault("weighted")
  Aggregation aggregation();

  /**
   * Weight of what people say (0 to 1), less ½, beside the models' reward; absent: people replace
   * the models where they have answered.
   */
  OptionalDouble weightBesideModels();

  /** Requests that may be open at a time; what is more is left to the models. */
  @WithDefault("1000")
  int mostOpen();

  /** What raters are told to look at: a text file, shown as text. */
  Optional<Path> guideline();

  /** Questions with known answers, by which raters are measured: JSON lines, see docs/raters.md. */
  Optional<Path> gold();

  /** Who is no longer believed. */
  Muting muting();

  /** The ways in. */
  @WithParentName
  DoorSettings door();

  /** A reward model that is trained on what they prefer, again and again. */
  LearnSettings learn();

  /** The tools that people may rate in. */
  @WithParentName
  ToolsSettings tools();

  /** The ends of a scale. */
  interface Scale {

    /** Mark of the worst. */
    @WithDefault("1")
    double worst();

    /** Mark of the best; above the worst. */
    @WithDefault("5")
    double best();
  }

  /** See {@link org.elasticreset.rating.RoutingRule}. */
  interface Routing {

    /** Of all prompts, 0 to 1, whatever the models say. */
    @WithDefault("0.1")
    double share();

    /** Distance of the reward from ½ below which the models count as unsure; 0 asks nobody. */
    @WithDefault("0")
    double uncertainty();

    /** Difference of scorers from which they disagree; absent asks nobody for it. */
    Optional<Double> disagreement();

    /** Difference of reward and judge from which one is fooled; absent asks nobody for it. */
    Optional<Double> judgeGap();
  }

  /** See {@link org.elasticreset.rating.MutingRule}. */
  interface Muting {

    /** Below which a rater is of no use, in (0, 1). */
    @WithDefault("0.6")
    double accuracy();

    /** That the rater is below it, in (0, 1), before being muted. */
    @WithDefault("0.95")
    double confidence();
  }
}
