package org.elasticreset.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.elasticreset.desk.Cases.first;
import static org.elasticreset.desk.Cases.gold;
import static org.elasticreset.desk.Cases.pair;
import static org.elasticreset.desk.Cases.second;

import java.time.Duration;
import org.elasticreset.proto.v1.RatingCase;
import org.elasticreset.proto.v1.ScoredRollout;
import org.elasticreset.rating.Fallback;
import org.junit.jupiter.api.Test;

/** Raters who are muted, and believed again, while cases are open. */
class RaterMutingTest {

  private static final Duration LOOK = Duration.ofSeconds(2);

  /** Both times that the desk looks around, eve is muted; in between she was not. */
  @Test
  void whoWasBelievedForAMomentDoesNotCountInWhatWasDecidedThen() {
    try (DeskDriver desk = DeskDriver.with(Fallback.WAIT)) {
      RatingCase asked = pair(3, 0, 2);
      desk.open(asked);
      for (int i = 0; i < 5; i++) {
        desk.open(gold("gold-" + i));
        desk.say(second(gold("gold-" + i), "eve", 1));
      }
      desk.pass(LOOK);

      desk.say(first(gold("gold-0"), "eve", 2));
      desk.say(second(asked, "eve", 1), second(asked, "ada", 1));
      assertThat(desk.scored()).extracting(ScoredRollout::getReward).containsExactly(0.0, 1.0);
      desk.say(second(gold("gold-0"), "eve", 3));
      desk.requests();
      desk.pass(LOOK);

      assertThat(desk.requests()).as("asked again").hasSize(1);
      assertThat(desk.scored()).extracting(ScoredRollout::getReward).containsOnly(Cases.MODEL);
      desk.say(first(asked, "bob", 1));
      assertThat(desk.scored()).extracting(ScoredRollout::getReward).containsExactly(0.5, 0.5);
    }
  }

  /** Both times that the desk looks around, eve is believed; in between she was not. */
  @Test
  void whoWasMutedForAMomentCountsInWhatWasAskedThen() {
    try (DeskDriver desk = DeskDriver.with(Fallback.WAIT)) {
      RatingCase asked = pair(3, 0, 2);
      desk.open(asked);
      desk.say(first(asked, "eve", 1));
      desk.pass(LOOK);

      for (int i = 0; i < 5; i++) {
        desk.open(gold("gold-" + i));
        desk.say(second(gold("gold-" + i), "eve", 1));
      }
      desk.say(first(asked, "ada", 1));
      assertThat(desk.scored()).isEmpty();
      desk.say(first(gold("gold-0"), "eve", 2));
      desk.pass(LOOK);

      assertThat(desk.scored()).extracting(ScoredRollout::getReward).containsExactly(1.0, 0.0);
    }
  }
}
