package org.elasticreset.reward.raters.tools;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HexFormat;
import org.elasticreset.checkpoint.Sha256;
import org.elasticreset.rating.Question;
import org.elasticreset.rating.Question.Order;
import org.elasticreset.rating.Question.Scale;

/**
 * Names of datasets and projects: {@code run-1-order2-1c7d0a52}. Requests that are alike have one
 * place; what makes others of them, as another guideline, makes another name.
 *
 * @param prefix begins the names
 * @param most characters that the tool lets names have; at least 40
 */
record PlaceName(String prefix, int most) {

  private static final int DIGEST_BYTES = 4;
  private static final int LONGEST_END = 20;

  /** Begins the name of everything that was made here, and perhaps of something else. */
  String begin() {
    return prefix.length() <= most - LONGEST_END ? prefix : prefix.substring(0, most - LONGEST_END);
  }

  /**
   * A name.
   *
   * @param settings of the place, as text: other settings make another name
   */
  String of(Question question, String settings) {
    byte[] digest = Sha256.begin().digest((prefix + "\n" + settings).getBytes(UTF_8));
    return "%s-%s-%s"
        .formatted(begin(), kind(question), HexFormat.of().formatHex(digest, 0, DIGEST_BYTES));
  }

  private static String kind(Question question) {
    if (question instanceof Order) {
      return "order" + question.candidates();
    }
    return question instanceof Scale ? "scale" : "thumbs";
  }
}
