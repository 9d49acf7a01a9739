package org.elasticreset.rating.tools;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.elasticreset.proto.v1.Ranks;
import org.elasticreset.proto.v1.Rating;

/** What an annotation of Label Studio says, by the control that says it. */
final class LabelStudioAnswer {

  private LabelStudioAnswer() {}

  /**
   * Puts it into a rating.
   *
   * @return whether anything was chosen
   * @throws IllegalArgumentException naming the field that cannot be used
   */
  static boolean put(Rating.Builder rating, List<Payload> results, ShownOrder shown, Payload meta) {
    Optional<Payload> stars = chosen(results, LabelStudioConfig.MARK, "rating");
    Optional<Payload> thumb = chosen(results, LabelStudioConfig.GOOD, "choices");
    if (stars.isPresent()) {
      rating.setMark(meta.at(LabelStudioProject.WORST).wholeNumber() + star(stars.get()) - 1);
      return true;
    }
    if (thumb.isPresent()) {
      boolean up = thumb.get().text().equals(LabelStudioConfig.YES);
      thumb.get().check(up || thumb.get().text().equals(LabelStudioConfig.NO), "Yes or No");
      rating.setThumbUp(up);
      return true;
    }
    Optional<List<Integer>> ranks =
        of(results, LabelStudioConfig.RANKING)
            .map(ranking -> ranked(ranking, shown.size()))
            .or(() -> compared(results, shown.size(), meta));
    ranks.ifPresent(given -> rating.setRanks(Ranks.newBuilder().addAllRanks(shown.ranks(given))));
    return ranks.isPresent();
  }

  private static int star(Payload stars) {
    int given = stars.wholeNumber();
    stars.check(
        given >= 1 && given <= LabelStudioProject.MOST_STARS,
        "from 1 to " + LabelStudioProject.MOST_STARS + " stars");
    return given;
  }

  /** Ranks of what was shown first and second; empty where nothing is chosen. */
  private static Optional<List<Integer>> compared(
      List<Payload> results, int candidates, Payload meta) {
    boolean tie = chosen(results, LabelStudioConfig.TIE, "choices").isPresent();
    Optional<Payload> better = chosen(results, LabelStudioConfig.BETTER, "selected");
    if (!tie && better.isEmpty()) {
      return Optional.empty();
    }
    meta.at(LabelStudioProject.SHOWN).check(candidates == 2, "two indices");
    return tie ? Optional.of(List.of(1, 1)) : better.map(LabelStudioAnswer::side);
  }

  private static List<Integer> side(Payload selected) {
    boolean left = selected.text().equals("left");
    selected.check(left || selected.text().equals("right"), "left or right");
    return left ? List.of(1, 2) : List.of(2, 1);
  }

  /** Ranks by place, of {@code {"ranker": {"ranking": ["2", "0", "1"]}}}: ids, the best first. */
  private static List<Integer> ranked(Payload result, int candidates) {
    Payload ids = result.at("value").at("ranker").at(LabelStudioConfig.RANKING);
    Integer[] ranks = new Integer[candidates];
    int rank = 1;
    for (Payload id : ids.items()) {
      id.check(id.id().matches("\\d{1,2}") && place(id) < candidates, "a response from 0");
      ranks[place(id)] = rank++;
    }
    ids.check(
        rank == candidates + 1 && Arrays.stream(ranks).noneMatch(given -> given == null),
        "each response once");
    return List.of(ranks);
  }

  private static int place(Payload id) {
    return Integer.parseInt(id.id());
  }

  /** What a control has as its value, the first of several. */
  static Optional<Payload> chosen(List<Payload> results, String control, String value) {
    return of(results, control)
        .flatMap(
            result ->
                result.at("value").at(value).itemOrItems().stream()
                    .filter(item -> !item.isAbsent())
                    .findFirst());
  }

  private static Optional<Payload> of(List<Payload> results, String control) {
    return results.stream()
        .filter(result -> result.at("from_name").textOrEmpty().equals(control))
        .findFirst();
  }
}
