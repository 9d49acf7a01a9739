package org.elasticreset.reward;

import java.util.List;
import org.elasticreset.feed.ReplaceableWeights;

/**
 * The model that reads what the policy writes. One thread at a time; a policy is never put into it
 * while it works.
 */
interface ReceiverModel extends ReplaceableWeights, AutoCloseable {

  /**
   * How likely each reference is behind the text that was read.
   *
   * @return [texts] mean log-probability of the reference's tokens and of the end behind them, in
   *     nats a token; a text that the model cannot hold whole is cut as it was in training
   */
  double[] logLikelihoods(List<String> read, List<String> references);

  /** What the model itself makes of each text, the likeliest token at a time. */
  List<String> continuations(List<String> read);

  @Override
  void close();
}
