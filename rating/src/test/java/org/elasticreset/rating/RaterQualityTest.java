package org.elasticreset.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RaterQualityTest {

  private static final MutingRule RULE = new MutingRule(0.6, 0.99);

  /** Mutes as soon as the rule does, looking after every gold question. */
  private static double shareMuted(double accuracy, int questions, int raters) {
    Random random = new Random(7);
    int muted = 0;
    for (int rater = 0; rater < raters; rater++) {
      GoldRecord gold = GoldRecord.NONE;
      for (int i = 0; i < questions && !RULE.mutes(gold); i++) {
        gold = gold.and(random.nextDouble() < accuracy);
      }
      muted += RULE.mutes(gold) ? 1 : 0;
    }
    return (double) muted / raters;
  }

  @Test
  void goodRatersAreHeardAndBadOnesMuted() {
    assertThat(shareMuted(0.85, 60, 4000)).as("good").isLessThan(0.01);
    assertThat(shareMuted(0.5, 60, 4000)).as("by chance").isGreaterThan(0.35);
    assertThat(shareMuted(0.1, 20, 4000)).as("adversarial").isGreaterThan(0.99);
  }

  @Test
  void aStrangerIsNotMuted() {
    assertThat(RULE.mutes(GoldRecord.NONE)).isFalse();
    assertThat(GoldRecord.NONE.accuracy()).isEqualTo(0.5);
  }

  /** Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), example C, nominal: 0.743. */
  @Test
  void alphaIsThatOfThePublishedExample() {
    Integer[][] published = {
      {1, 2, 3, 3, 2, 1, 4, 1, 2, null, null, null},
      {1, 2, 3, 3, 2, 2, 4, 1, 2, 5, null, 3},
      {null, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, null},
      {1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, null}
    };
    assertThat(Agreement.of(marked(published), Set.of()).krippendorffAlpha().orElseThrow())
        // Interval data of the same example: 0.849.
        .isCloseTo(0.849, within(5e-4));
  }

  private static List<RatedRequest> marked(Integer[][] byRater) {
    List<RatedRequest> requests = new ArrayList<>();
    for (int item = 0; item < byRater[0].length; item++) {
      String id = "item-" + item;
      RatedRequest request =
          RatedRequest.open(Requests.of(id, new Question.Scale(1, 5), 4, Fallback.WAIT));
      for (int rater = 0; rater < byRater.length; rater++) {
        Integer mark = byRater[rater][item];
        if (mark != null) {
          request = request.with(Requests.rating(id, "rater-" + rater, 1, new Answer.Mark(mark)));
        }
      }
      requests.add(request);
    }
    return requests;
  }

  /** Of 50 thumbs of two raters 20 are both up and 15 both down: κ = (0.7 − 0.5) / (1 − 0.5). */
  @Test
  void kappaIsThatOfTheTextbook() {
    List<RatedRequest> requests = new ArrayList<>();
    addThumbs(requests, 20, true, true);
    addThumbs(requests, 5, true, false);
    addThumbs(requests, 10, false, true);
    addThumbs(requests, 15, false, false);
    Agreement agreement = Agreement.of(requests, Set.of());
    assertThat(agreement.cohenKappa("ada").orElseThrow()).isCloseTo(0.4, within(1e-9));
    assertThat(agreement.cohenKappa("nobody")).isEmpty();
    assertThat(Agreement.of(requests, Set.of("bob")).cohenKappa("ada")).isEmpty();
  }

  private static void addThumbs(List<RatedRequest> requests, int count, boolean ada, boolean bob) {
    for (int i = 0; i < count; i++) {
      String id = "thumb-" + requests.size();
      requests.add(
          RatedRequest.open(Requests.of(id, new Question.Thumbs(), 2, Fallback.WAIT))
              .with(Requests.rating(id, "ada", 1, new Answer.Thumb(ada)))
              .with(Requests.rating(id, "bob", 1, new Answer.Thumb(bob))));
    }
  }

  @Test
  void whereAllSayTheSameChanceCannotBeTold() {
    List<RatedRequest> requests = new ArrayList<>();
    addThumbs(requests, 5, true, true);
    assertThat(Agreement.of(requests, Set.of()).krippendorffAlpha()).isEmpty();
    assertThat(Agreement.of(requests, Set.of()).cohenKappa("ada")).isEmpty();
  }

  @Test
  void aRankingCountsAsItsPairs() {
    RatedRequest ranked =
        RatedRequest.open(Requests.of("r", new Question.Order(3), 2, Fallback.WAIT))
            .with(Requests.rating("r", "ada", 1, new Answer.Ranks(List.of(1, 2, 3))))
            .with(Requests.rating("r", "bob", 1, new Answer.Ranks(List.of(1, 3, 2))));
    // Three pairs, of which they agree on two, both the first better; observed disagreement 1/3,
    // expected
    // of five first-better and one second-better among six: 2 · 5 · 1 / 30 = 1/3.
    assertThat(Agreement.of(List.of(ranked), Set.of()).krippendorffAlpha().orElseThrow())
        .isCloseTo(0, within(1e-9));
  }
}
