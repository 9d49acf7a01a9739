package org.elasticreset.rating;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.dkpro.statistics.agreement.coding.CodingAnnotationStudy;
import org.dkpro.statistics.agreement.coding.CohenKappaAgreement;
import org.dkpro.statistics.agreement.coding.KrippendorffAlphaAgreement;
import org.dkpro.statistics.agreement.distance.IntervalDistanceFunction;
import org.dkpro.statistics.agreement.distance.NominalDistanceFunction;

/**
 * How far raters say the same, beyond what chance would have them say. A ranking counts as its
 * pairs, each of which is an item: first better, second better, tied.
 */
public final class Agreement {

  /** One item, and what each rater said of it. */
  private record Item(Map<String, Double> values) {}

  private final List<Item> items;
  private final boolean marks;

  private Agreement(List<Item> items, boolean marks) {
    this.items = items;
    this.marks = marks;
  }

  /**
   * Of requests of one kind of question.
   *
   * @param muted raters who are left out
   */
  public static Agreement of(Collection<RatedRequest> requests, Set<String> muted) {
    List<Item> items = new ArrayList<>();
    boolean marks = false;
    for (RatedRequest request : requests) {
      marks |= request.request().question() instanceof Question.Scale;
      items.addAll(items(request, muted));
    }
    return new Agreement(items, marks);
  }

  /**
   * Krippendorff's α over all raters (Content Analysis, 2004, chapter 11), with squared differences
   * of marks, and alike or not for everything else. 1: all say the same; 0: as by chance.
   *
   * @return empty while no item has two raters, or all say the same of everything, of which chance
   *     cannot be told
   */
  public OptionalDouble krippendorffAlpha() {
    List<String> raters = raters();
    CodingAnnotationStudy study = new CodingAnnotationStudy(raters.size());
    for (Item item : items) {
      if (item.values().size() >= 2) {
        study.addItemAsArray(raters.stream().map(item.values()::get).toArray());
      }
    }
    if (!varies(study)) {
      return OptionalDouble.empty();
    }
    var distance = marks ? new IntervalDistanceFunction() : new NominalDistanceFunction();
    return finite(new KrippendorffAlphaAgreement(study, distance).calculateAgreement());
  }

  /**
   * Cohen's κ (1960) of one rater with what most of the others say, over items that both have.
   *
   * @return empty while there are none, or they say the same of everything
   */
  public OptionalDouble cohenKappa(String rater) {
    CodingAnnotationStudy study = new CodingAnnotationStudy(2);
    for (Item item : items) {
      Double own = item.values().get(rater);
      OptionalDouble others = mostOfOthers(item, rater);
      if (own != null && others.isPresent()) {
        study.addItemAsArray(new Object[] {own, others.getAsDouble()});
      }
    }
    return varies(study)
        ? finite(new CohenKappaAgreement(study).calculateAgreement())
        : OptionalDouble.empty();
  }

  private static boolean varies(CodingAnnotationStudy study) {
    return study.getItemCount() > 0 && study.getCategoryCount() >= 2;
  }

  private static OptionalDouble finite(double agreement) {
    return Double.isFinite(agreement) ? OptionalDouble.of(agreement) : OptionalDouble.empty();
  }

  private List<String> raters() {
    SortedSet<String> raters = new TreeSet<>();
    items.forEach(item -> raters.addAll(item.values().keySet()));
    return List.copyOf(raters);
  }

  /** What the most frequent answer of the others is; empty where two are as frequent. */
  private static OptionalDouble mostOfOthers(Item item, String rater) {
    Map<Double, Integer> counts = new HashMap<>();
    item.values()
        .forEach(
            (other, value) -> {
              if (!other.equals(rater)) {
                counts.merge(value, 1, Integer::sum);
              }
            });
    int most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    double[] modes =
        counts.entrySet().stream()
            .filter(count -> count.getValue() == most)
            .mapToDouble(Map.Entry::getKey)
            .toArray();
    return modes.length == 1 ? OptionalDouble.of(modes[0]) : OptionalDouble.empty();
  }

  private static List<Item> items(RatedRequest request, Set<String> muted) {
    Question question = request.request().question();
    List<Item> items = new ArrayList<>();
    int pairs = question.candidates() * (question.candidates() - 1) / 2;
    for (int i = 0; i < Math.max(1, pairs); i++) {
      items.add(new Item(new HashMap<>()));
    }
    for (Rating rating : request.answers(muted)) {
      double[] values = values(question, rating.answer().orElseThrow());
      for (int i = 0; i < values.length; i++) {
        items.get(i).values().put(rating.raterId(), values[i]);
      }
    }
    return items;
  }

  private static double[] values(Question question, Answer answer) {
    if (!(answer instanceof Answer.Ranks ranks)) {
      return CandidateValues.of(question, answer);
    }
    List<Double> pairs = new ArrayList<>();
    for (int i = 0; i < ranks.ranks().size(); i++) {
      for (int j = i + 1; j < ranks.ranks().size(); j++) {
        pairs.add((double) Integer.compare(ranks.ranks().get(j), ranks.ranks().get(i)));
      }
    }
    return pairs.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
