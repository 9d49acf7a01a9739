package org.elasticreset.model;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Logistic regression on n-grams that are scaled by their naive Bayes log-ratios (Wang and Manning
 * 2012, "Baselines and Bigrams", the NBSVM with another loss), by AdaGrad, one text at a time.
 *
 * <p>With two labels or more: the ratio r of a label and an n-gram is log(p / p'), where p is the
 * n-gram's share of all n-grams of that label's texts and p' of all others'; a learned factor v
 * multiplies it, starting from zero, and the weight is r·v.
 */
final class NgramTrainer {

  /** A text as bins and the index of its label. */
  record Sample(int[] features, int label) {}

  private static final double SMOOTHING = 1;
  private static final double RATE = 0.5;
  private static final double DECAY = 2e-6;

  private final Labels labels;
  private final int bins;
  private final float[] ratio;
  private final float[] factor;
  private final float[] squares;
  private final double[] bias;
  private final double[] biasSquares;
  private final SplittableRandom random;

  NgramTrainer(Labels labels, int bins, List<Sample> samples, long seed) {
    this.labels = labels;
    this.bins = bins;
    this.ratio = ratios(labels.size(), bins, samples);
    this.factor = new float[ratio.length];
    this.squares = new float[ratio.length];
    this.bias = new double[labels.size()];
    this.biasSquares = new double[labels.size()];
    this.random = new SplittableRandom(seed);
  }

  private static float[] ratios(int labels, int bins, List<Sample> samples) {
    var counts = new float[bins * labels];
    var totals = new double[labels];
    for (var sample : samples) {
      for (int feature : sample.features()) {
        counts[feature * labels + sample.label()]++;
        totals[sample.label()]++;
      }
    }
    double allTexts = Arrays.stream(totals).sum();
    var ratios = new float[counts.length];
    for (int feature = 0; feature < bins; feature++) {
      double all = 0;
      for (int label = 0; label < labels; label++) {
        all += counts[feature * labels + label];
      }
      for (int label = 0; all > 0 && label < labels; label++) {
        double inside = counts[feature * labels + label];
        double share = (inside + SMOOTHING) / (totals[label] + SMOOTHING * bins);
        double otherShare =
            (all - inside + SMOOTHING) / (allTexts - totals[label] + SMOOTHING * bins);
        ratios[feature * labels + label] = (float) Math.log(share / otherShare);
      }
    }
    return ratios;
  }

  /**
   * One pass over the samples, in an order of its own.
   *
   * @return the mean cross-entropy while passing
   */
  double epoch(List<Sample> samples) {
    double loss = 0;
    for (int index : Shuffle.order(samples.size(), random)) {
      loss += step(samples.get(index));
    }
    return loss / samples.size();
  }

  private double step(Sample sample) {
    int count = labels.size();
    double scale = 1 / Math.sqrt(Math.max(1, sample.features().length));
    var scores = bias.clone();
    for (int feature : sample.features()) {
      for (int label = 0; label < count; label++) {
        int i = feature * count + label;
        scores[label] += scale * ratio[i] * factor[i];
      }
    }
    NgramClassifier.softmax(scores);
    double loss = -Math.log(Math.max(1e-12, scores[sample.label()]));
    scores[sample.label()] -= 1; // the gradient of the loss by the scores
    for (int label = 0; label < count; label++) {
      biasSquares[label] += scores[label] * scores[label];
      bias[label] -= RATE * scores[label] / Math.sqrt(biasSquares[label] + 1);
    }
    for (int feature : sample.features()) {
      for (int label = 0; label < count; label++) {
        int i = feature * count + label;
        double gradient = scale * ratio[i] * scores[label] + DECAY * factor[i];
        squares[i] += (float) (gradient * gradient);
        factor[i] -= (float) (RATE * gradient / Math.sqrt(squares[i] + 1e-8));
      }
    }
    return loss;
  }

  NgramClassifier classifier() {
    var weight = new float[ratio.length];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = ratio[i] * factor[i];
    }
    var biases = new float[bias.length];
    for (int i = 0; i < biases.length; i++) {
      biases[i] = (float) bias[i];
    }
    return new NgramClassifier(labels, bins, weight, biases);
  }
}
