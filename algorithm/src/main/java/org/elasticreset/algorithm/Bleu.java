package org.elasticreset.algorithm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * BLEU of a corpus, one reference a sentence: Papineni et al. 2002, <a
 * href="https://aclanthology.org/P02-1040">P02-1040</a>, in the form that Post 2018, arXiv
 * 1804.08771, made comparable. It is sacreBLEU's default to the last digit: {@link #SIGNATURE}.
 *
 * <p>With c_n of the t_n n-grams of the hypotheses found in their references, each as often as the
 * reference has it, and lengths h and r in tokens:
 *
 * <pre>
 *   p_n  = c_n ÷ t_n;  where c_n = 0, half as much as the time before, from 1 ÷ (2 t_n)
 *   BP   = 1 if h ≥ r, else exp(1 − r ÷ h)
 *   BLEU = 100 · BP · (p_1 p_2 p_3 p_4)^¼;  0 where no word is right
 * </pre>
 *
 * @param matched [4] c_n, n-grams of the hypotheses that their references have
 * @param counted [4] t_n, n-grams of the hypotheses
 * @param hypothesisTokens h
 * @param referenceTokens r
 */
public record Bleu(
    List<Integer> matched, List<Integer> counted, int hypothesisTokens, int referenceTokens) {
  /** What sacreBLEU 2.6.0 prints of the same score, before its version. */
  public static final String SIGNATURE = "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp";

  private static final int ORDERS = 4;

  /** Copies. */
  public Bleu {
    matched = List.copyOf(matched);
    counted = List.copyOf(counted);
  }

  /**
   * Counts.
   *
   * @param hypotheses texts as they were written, not tokenised
   * @param references as many, in the same order
   * @throws IllegalArgumentException if there is none, or one without the other
   */
  public static Bleu of(List<String> hypotheses, List<String> references) {
    Require.that(!hypotheses.isEmpty(), "hypotheses", "none", "at least one");
    Require.sameLength("hypotheses", hypotheses.size(), "references", references.size());
    int[] matched = new int[ORDERS];
    int[] counted = new int[ORDERS];
    int hypothesisTokens = 0;
    int referenceTokens = 0;
    for (int i = 0; i < hypotheses.size(); i++) {
      List<String> hypothesis = BleuTokens.of(hypotheses.get(i));
      List<String> reference = BleuTokens.of(references.get(i));
      hypothesisTokens += hypothesis.size();
      referenceTokens += reference.size();
      for (int n = 1; n <= ORDERS; n++) {
        Map<List<String>, Integer> found = ngrams(hypothesis, n);
        Map<List<String>, Integer> allowed = ngrams(reference, n);
        for (Map.Entry<List<String>, Integer> ngram : found.entrySet()) {
          counted[n - 1] += ngram.getValue();
          matched[n - 1] += Math.min(ngram.getValue(), allowed.getOrDefault(ngram.getKey(), 0));
        }
      }
    }
    return new Bleu(boxed(matched), boxed(counted), hypothesisTokens, referenceTokens);
  }

  /** The score, 0 to 100. */
  public double score() {
    if (matched.get(0) == 0) {
      return 0;
    }
    double logs = 0;
    double missing = 1;
    for (int n = 0; n < ORDERS; n++) {
      if (counted.get(n) == 0) {
        return 0;
      }
      double right = matched.get(n);
      if (right == 0) {
        missing *= 2;
        right = 1 / missing;
      }
      logs += Math.log(100 * right / counted.get(n));
    }
    return brevityPenalty() * Math.exp(logs / ORDERS);
  }

  /** 1 where the hypotheses are no shorter than their references, less where they are. */
  public double brevityPenalty() {
    if (hypothesisTokens >= referenceTokens) {
      return 1;
    }
    return hypothesisTokens == 0 ? 0 : Math.exp(1 - (double) referenceTokens / hypothesisTokens);
  }

  private static Map<List<String>, Integer> ngrams(List<String> tokens, int n) {
    Map<List<String>, Integer> counts = new HashMap<>();
    for (int start = 0; start + n <= tokens.size(); start++) {
      counts.merge(tokens.subList(start, start + n), 1, Integer::sum);
    }
    return counts;
  }

  private static List<Integer> boxed(int[] numbers) {
    List<Integer> boxed = new ArrayList<>();
    for (int number : numbers) {
      boxed.add(number);
    }
    return boxed;
  }
}
