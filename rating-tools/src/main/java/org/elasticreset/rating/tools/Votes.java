package org.elasticreset.rating.tools;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.rating.Answer.Ranks;
import org.elasticreset.rating.Rating;
import org.elasticreset.rating.tools.Preference.Origin;

/**
 * What raters say of two candidates of a request. Of two that are the same text neither is
 * preferred, whatever they say.
 *
 * @param first raters who prefer the first
 * @param second raters who prefer the second
 * @param ties how many prefer neither
 */
record Votes(
    RatingRequest request, int one, int other, List<String> first, List<String> second, int ties) {

  /** Of every pair of candidates that somebody answered about. */
  static List<Votes> of(RatingRequest request, List<Rating> answers) {
    List<Votes> votes = new ArrayList<>();
    if (answers.isEmpty()) {
      return votes;
    }
    for (int one = 0; one < request.getCandidatesCount(); one++) {
      for (int other = one + 1; other < request.getCandidatesCount(); other++) {
        votes.add(of(request, one, other, answers));
      }
    }
    return votes;
  }

  private static Votes of(RatingRequest request, int one, int other, List<Rating> answers) {
    List<String> first = new ArrayList<>();
    List<String> second = new ArrayList<>();
    String text = request.getCandidates(one).getText();
    boolean alike = text.equals(request.getCandidates(other).getText());
    for (Rating rating : answers) {
      List<Integer> ranks = ((Ranks) rating.answer().orElseThrow()).ranks();
      int better = Integer.compare(ranks.get(other), ranks.get(one));
      if (better != 0 && !alike) {
        (better > 0 ? first : second).add(rating.raterId());
      }
    }
    int ties = answers.size() - first.size() - second.size();
    return new Votes(request, one, other, first, second, ties);
  }

  /** Adds the row of the majority. Returns the number of ties: 1 if there is none, or 0. */
  int majority(List<Preference> rows) {
    if (first.size() == second.size()) {
      return 1;
    }
    rows.add(
        first.size() > second.size()
            ? row(one, other, first, second.size())
            : row(other, one, second, first.size()));
    return 0;
  }

  /** Adds a row for each rater. Returns the number of ties. */
  int each(List<Preference> rows) {
    first.forEach(rater -> rows.add(row(one, other, List.of(rater), second.size())));
    second.forEach(rater -> rows.add(row(other, one, List.of(rater), first.size())));
    return ties;
  }

  private Preference row(int chosen, int rejected, List<String> raters, int opposed) {
    return new Preference(
        request.getPrompt(),
        request.getCandidates(chosen).getText(),
        request.getCandidates(rejected).getText(),
        Optional.of(
            new Origin(
                request.getRunId(),
                request.getRequestId(),
                request.getPolicyVersion(),
                raters,
                opposed)));
  }
}
