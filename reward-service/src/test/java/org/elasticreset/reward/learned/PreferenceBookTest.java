package org.elasticreset.reward.learned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.elasticreset.reward.learned.Preferences.RUN;
import static org.elasticreset.reward.learned.Preferences.text;

import org.elasticreset.model.text.PreferencePair;
import org.elasticreset.proto.v1.Preference;
import org.junit.jupiter.api.Test;

class PreferenceBookTest {

  private final PreferenceBook book = new PreferenceBook(RUN);

  private static Preference ranking(String request) {
    return Preferences.of(request, "Q")
        .addCandidates(text("worst", 0))
        .addCandidates(text("good", 0.75))
        .addCandidates(text("as good", 0.75))
        .build();
  }

  @Test
  void aRankingIsItsPairsWithoutTies() {
    book.put("b", ranking("b"));
    book.put("a", Preferences.of("a", "P", "yes", "no"));

    assertThat(book.pairs())
        .extracting(pair -> pair.prompt() + ": " + pair.chosen() + " > " + pair.rejected())
        .containsExactly("P: yes > no", "Q: good > worst", "Q: as good > worst");
    assertThat(book.size()).isEqualTo(3);
  }

  @Test
  void equalTextsTeachNothing() {
    book.put("a", Preferences.of("a", "P", "same", "same"));

    assertThat(book.size()).isZero();
  }

  @Test
  void whatIsSaidAnewReplacesAndWhatIsTakenBackIsForgotten() {
    book.put("a", ranking("a"));
    book.put("b", ranking("b"));

    book.put("a", Preferences.of("a", "P", "yes", "no"));
    book.remove("b");
    book.remove("never there");

    assertThat(book.size()).isEqualTo(1);
    assertThat(book.pairs()).extracting(PreferencePair::chosen).containsExactly("yes");
  }

  @Test
  void whatCannotBeUsedIsRefusedByFieldAndLeavesNothing() {
    book.put("a", ranking("a"));
    var value = Preferences.of("a", "P").addCandidates(text("x", Double.NaN));

    assertThatThrownBy(() -> book.put("a", ranking("b")))
        .hasMessage("request_id: b (expected: a, the key)");
    assertThatThrownBy(() -> book.put("a", ranking("a").toBuilder().setRunId("other").build()))
        .hasMessage("run_id: other (expected: test-run)");
    assertThatThrownBy(() -> book.put("a", value.build()))
        .hasMessage("candidates: 1 (expected: at least 2)");
    assertThatThrownBy(() -> book.put("a", value.addCandidates(text("y", 0)).build()))
        .hasMessage("candidates.value: NaN (expected: 0 to 1)");
    assertThat(book.size()).isZero();
  }
}
