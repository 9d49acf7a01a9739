package org.elasticreset.model;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.elasticreset.model.text.LabelledText;

/** Made-up reports on weather and on food, in which one word or another tells the label. */
final class ToyTexts {

  private static final List<String> COMMON =
      List.of("today", "we", "saw", "the", "and", "then", "a", "little", "more", "of", "it");
  private static final List<List<String>> TELLING =
      List.of(
          List.of("soup", "bread", "salt", "pepper"),
          List.of("rain", "thunder", "cloud", "snow"),
          List.of("train", "bicycle", "harbour", "road"));
  private static final List<String> LABELS = List.of("FOOD", "WEATHER", "TRAVEL");

  private ToyTexts() {}

  /** {@code count} texts, labels in turn. */
  static List<LabelledText> labelled(int count, int labels, long seed) {
    var random = new SplittableRandom(seed);
    var texts = new ArrayList<LabelledText>();
    for (int i = 0; i < count; i++) {
      int label = i % labels;
      var words = new ArrayList<String>();
      int length = 6 + random.nextInt(20);
      for (int j = 0; j < length; j++) {
        words.add(COMMON.get(random.nextInt(COMMON.size())));
      }
      for (int j = 0; j < 2; j++) {
        words.set(random.nextInt(length), TELLING.get(label).get(random.nextInt(4)));
      }
      texts.add(new LabelledText(String.join(" ", words), LABELS.get(label)));
    }
    return texts;
  }
}
