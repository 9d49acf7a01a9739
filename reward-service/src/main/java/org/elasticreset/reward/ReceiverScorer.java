package org.elasticreset.reward;

import java.util.List;

/**
 * How likely the receiver is to say the reference, having read nothing but the response: Lee et al.
 * 2019, arXiv 1909.04499. Nats per token, at most 0: the mean rather than the sum, so that the
 * length of a reference, which no response changes, does not weigh.
 */
record ReceiverScorer(Receiver receiver) implements Scorer {

  @Override
  public double[] score(List<ScorableText> texts) {
    return receiver.logLikelihoods(texts);
  }
}
