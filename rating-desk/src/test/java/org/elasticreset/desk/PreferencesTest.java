package org.elasticreset.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.elasticreset.desk.Cases.PATIENCE;
import static org.elasticreset.desk.Cases.first;
import static org.elasticreset.desk.Cases.gold;
import static org.elasticreset.desk.Cases.pair;
import static org.elasticreset.desk.Cases.second;
import static org.elasticreset.desk.Cases.withdrawal;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.elasticreset.proto.v1.Preference;
import org.elasticreset.proto.v1.PreferredCandidate;
import org.elasticreset.proto.v1.RatingCase;
import org.elasticreset.proto.v1.ThumbsQuestion;
import org.elasticreset.rating.Fallback;
import org.junit.jupiter.api.Test;

class PreferencesTest {

  private static final Duration MOMENT = Duration.ofSeconds(2);

  private static List<List<Double>> values(List<KeyValue<String, Preference>> told) {
    return told.stream()
        .map(
            record ->
                record.value == null
                    ? List.<Double>of()
                    : record.value.getCandidatesList().stream()
                        .map(PreferredCandidate::getValue)
                        .toList())
        .toList();
  }

  @Test
  void whatPeopleDecideIsToldWithItsTexts() {
    try (DeskDriver desk = DeskDriver.with(Fallback.WAIT)) {
      RatingCase asked = pair(3, 0, 2);
      desk.open(asked);
      desk.say(second(asked, "ada", 1));
      assertThat(desk.preferences()).isEmpty();

      desk.say(second(asked, "bob", 1));

      String request = asked.getRequests(0).getRequestId();
      assertThat(desk.preferences())
          .containsExactly(
              KeyValue.pair(
                  request,
                  Preference.newBuilder()
                      .setRunId(Cases.RUN)
                      .setRequestId(request)
                      .setPrompt("The film was")
                      .addCandidates(candidate("of train-3-0/0", 0))
                      .addCandidates(candidate("of train-3-0/1", 1))
                      .setRaters(2)
                      .setPolicyVersion(7)
                      .setTargetStep(3)
                      .setDecidedMillis(Cases.START.toEpochMilli())
                      .build()));
    }
  }

  private static PreferredCandidate candidate(String text, double value) {
    return PreferredCandidate.newBuilder().setText(text).setValue(value).build();
  }

  @Test
  void itIsToldAgainWhenAnswersAreOthersOrMore() {
    try (DeskDriver desk = DeskDriver.with(Fallback.WAIT)) {
      RatingCase asked = pair(3, 0, 1);
      desk.open(asked);
      desk.say(first(asked, "ada", 1));
      assertThat(values(desk.preferences())).containsExactly(List.of(1.0, 0.0));
      desk.say(first(asked, "ada", 2));
      assertThat(desk.preferences()).as("nothing has changed").isEmpty();

      desk.say(first(asked, "bob", 1), second(asked, "ada", 3));

      assertThat(values(desk.preferences())).containsExactly(List.of(1.0, 0.0), List.of(0.5, 0.5));
    }
  }

  @Test
  void aDeskThatBeginsAgainKnowsWhatItHasTold() {
    DeskDriver before = DeskDriver.with(Fallback.WAIT);
    RatingCase asked = pair(3, 0, 1);
    before.open(asked);
    before.say(first(asked, "ada", 1));
    assertThat(before.preferences()).hasSize(1);

    try (DeskDriver desk = before.restarted()) {
      desk.say(first(asked, "ada", 2));
      assertThat(desk.preferences()).isEmpty();
    }
  }

  @Test
  void whatIsTakenBackWhileItsStepIsOpenIsPreferredNoMore() {
    try (DeskDriver desk = DeskDriver.with(Fallback.WAIT)) {
      RatingCase asked = pair(3, 0, 1);
      desk.open(asked);
      desk.say(first(asked, "ada", 1));
      desk.preferences();

      desk.say(withdrawal(asked, "ada", 2));

      assertThat(desk.preferences())
          .containsExactly(KeyValue.pair(asked.getRequests(0).getRequestId(), null));
    }
  }

  @Test
  void whatAMutedRaterPrefersIsTakenBack() {
    try (DeskDriver desk = DeskDriver.with(Fallback.WAIT)) {
      RatingCase asked = pair(3, 0, 1);
      desk.open(asked);
      desk.say(second(asked, "eve", 1));
      assertThat(values(desk.preferences())).containsExactly(List.of(0.0, 1.0));

      for (int i = 0; i < 5; i++) {
        RatingCase gold = gold("gold-" + i);
        desk.open(gold);
        desk.say(second(gold, "eve", 1));
      }
      desk.pass(MOMENT);

      assertThat(values(desk.preferences())).as("and none of gold").containsExactly(List.of());
    }
  }

  @Test
  void whatIsSaidOfAStepThatIsTrainedOnIsPreferredNoMoreAndNoLess() {
    try (DeskDriver desk = DeskDriver.with(Fallback.WAIT)) {
      RatingCase asked = pair(3, 0, 1);
      desk.open(asked);
      desk.say(first(asked, "ada", 1));
      desk.preferences();
      desk.trained(3);
      desk.pass(MOMENT);

      desk.say(second(asked, "ada", 2), withdrawal(asked, "ada", 3));

      assertThat(desk.preferences()).isEmpty();
    }
  }

  @Test
  void whatAModelDecidedAndWhatIsNoOrderIsNoPreference() {
    try (DeskDriver desk = DeskDriver.with(Fallback.MODEL_SCORE)) {
      RatingCase silent = pair(3, 0, 1);
      RatingCase.Builder thumbs = pair(3, 1, 1).toBuilder();
      thumbs
          .getRequestsBuilder(0)
          .removeCandidates(1)
          .setThumbs(ThumbsQuestion.getDefaultInstance());
      desk.open(silent, thumbs.build());
      desk.say(Cases.said(thumbs.build(), "ada", 1).setThumbUp(true).build());

      desk.pass(PATIENCE.plus(MOMENT));

      assertThat(desk.scored()).hasSize(4);
      assertThat(desk.preferences()).isEmpty();
    }
  }
}
