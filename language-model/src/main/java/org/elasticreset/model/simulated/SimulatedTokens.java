package org.elasticreset.model.simulated;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Tokens without a model. Log-probabilities are functions of the token and of the drift of the
 * weights, so that worker and learner agree on them as two holders of one model do.
 */
public final class SimulatedTokens {

  /** Token ids are 0 to this, exclusive. */
  public static final int VOCABULARY = 32_000;

  /** Most tokens of prompt and response together. */
  public static final int POSITIONS = 1 << 20;

  /** Ends a response. */
  public static final int END = 0;

  private static final int LETTERS_PER_TOKEN = 4;
  private static final int LEVELS = 97;

  private SimulatedTokens() {}

  /** A token for every four letters, the last {@code most} of them. */
  public static int[] encode(String text, int most) {
    int count = (text.length() + LETTERS_PER_TOKEN - 1) / LETTERS_PER_TOKEN;
    int[] tokens = new int[Math.min(count, most)];
    for (int i = 0; i < tokens.length; i++) {
      int from = (count - tokens.length + i) * LETTERS_PER_TOKEN;
      String piece = text.substring(from, Math.min(text.length(), from + LETTERS_PER_TOKEN));
      tokens[i] = 1 + Math.floorMod(piece.hashCode(), VOCABULARY - 1);
    }
    return tokens;
  }

  /** Four letters a token. */
  public static String decode(int[] tokens) {
    var text = new StringBuilder(tokens.length * LETTERS_PER_TOKEN);
    for (int token : tokens) {
      int rest = token;
      for (int letter = 0; letter < LETTERS_PER_TOKEN; letter++) {
        text.append((char) ('a' + rest % 26));
        rest /= 26;
      }
    }
    return text.toString();
  }

  /** A response of so many tokens from a seed; none of them is {@link #END}. */
  public static int[] draw(long seed, int count) {
    return new SplittableRandom(seed).ints(count, 1, VOCABULARY).toArray();
  }

  /** −1 to −2 nats for weights that have not drifted, which draw nearer to 0 as they do. */
  public static float[] logProbs(int[] tokens, float drift) {
    float[] logProbs = new float[tokens.length];
    for (int t = 0; t < tokens.length; t++) {
      logProbs[t] = Math.min(0, drift - 1 - (float) (tokens[t] % LEVELS) / LEVELS);
    }
    return logProbs;
  }

  /** The same number for each. */
  public static float[] constant(int[] tokens, float value) {
    float[] all = new float[tokens.length];
    Arrays.fill(all, value);
    return all;
  }
}
