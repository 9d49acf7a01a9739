package org.elasticreset.model;

import java.util.List;
import java.util.stream.Stream;
import org.elasticreset.model.text.PreferencePair;
import org.elasticreset.model.text.PromptTemplate;

/**
 * How a reward model reads pairs of answers, and how well it tells them apart.
 *
 * @param check called between batches; may throw, to end it
 */
record PairReading(PromptTemplate template, Runnable check) {

  private static final int SCORED_TOGETHER = 64;

  /** Prompt and answer in the form of the template. */
  String text(String prompt, String answer) {
    return template.prompt(prompt) + template.response(prompt, answer);
  }

  /** Two of each pair, the better one first. */
  Stream<String> texts(List<PreferencePair> pairs) {
    return pairs.stream()
        .flatMap(
            pair ->
                Stream.of(
                    text(pair.prompt(), pair.chosen()), text(pair.prompt(), pair.rejected())));
  }

  PreferenceFigures figures(SequenceClassifier model, List<PreferencePair> pairs) {
    var scores = scores(model, texts(pairs).toList());
    var chosen = new float[pairs.size()];
    var rejected = new float[pairs.size()];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = scores[2 * i];
      rejected[i] = scores[2 * i + 1];
    }
    return PreferenceFigures.of(pairs, chosen, rejected);
  }

  /** The first logit of each text. */
  float[] scores(SequenceClassifier model, List<String> texts) {
    var scores = new float[texts.size()];
    for (int from = 0; from < scores.length; from += SCORED_TOGETHER) {
      check.run();
      var part = texts.subList(from, Math.min(scores.length, from + SCORED_TOGETHER));
      var logits = model.logits(part);
      for (int i = 0; i < logits.length; i++) {
        scores[from + i] = logits[i][0];
      }
    }
    return scores;
  }
}
