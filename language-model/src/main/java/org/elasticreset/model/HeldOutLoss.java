package org.elasticreset.model;

/**
 * How well a model predicts text it never saw.
 *
 * @param natsPerToken mean negative log-likelihood of a token
 * @param bitsPerByte the same in bits, spread over the UTF-8 bytes of the documents
 */
public record HeldOutLoss(double natsPerToken, double bitsPerByte) {

  /** The exponential of the mean loss: as unsure as between this many tokens. */
  public double perplexity() {
    return Math.exp(natsPerToken);
  }
}
