package org.elasticreset.model;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.elasticreset.model.tokenizer.Tokenizer;

/**
 * Text that training never sees, to measure what a model has learned.
 *
 * <p>Documents are packed as in training, and windows share one token, so that every token but the
 * very first is predicted once. Perplexity is per token and only compares models of one tokenizer;
 * bits per byte compare any two.
 */
public final class HeldOutText implements HeldOut {

  private final List<int[]> windows;
  private final long predicted;
  private final long bytes;
  private final int documents;

  /**
   * @param documents the text
   * @param context tokens that a window predicts; at most the positions of the model
   */
  public HeldOutText(List<String> documents, Tokenizer tokenizer, int endOfText, int context) {
    var packed = TokenWindows.pack(tokenizer.encodeDocuments(documents), endOfText);
    this.documents = documents.size();
    this.windows = windows(packed, context);
    this.predicted = packed.length - 1;
    this.bytes = documents.stream().mapToLong(d -> d.getBytes(StandardCharsets.UTF_8).length).sum();
  }

  private static List<int[]> windows(int[] packed, int context) {
    var windows = new ArrayList<int[]>();
    for (int from = 0; from < packed.length - 1; from += context) {
      windows.add(Arrays.copyOfRange(packed, from, Math.min(from + context + 1, packed.length)));
    }
    return windows;
  }

  @Override
  public HeldOutLoss measure(CausalLanguageModel model, int batchSize) {
    double nats = Math.log(model.perplexity(windows, batchSize));
    return new HeldOutLoss(nats, nats * predicted / Math.log(2) / bytes);
  }

  @Override
  public int documents() {
    return documents;
  }

  @Override
  public long tokens() {
    return predicted;
  }
}
