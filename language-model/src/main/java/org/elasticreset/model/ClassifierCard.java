package org.elasticreset.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** The README.md of a trained classifier. Numbers only: no text of the data gets into it. */
final class ClassifierCard {

  private static final String CARD =
      """
      ---
      library_name: %s
      pipeline_tag: text-classification
      ---

      # %s

      %s Labels: %s.

      | | |
      |---|---|
      | trained on | %,d labelled texts |
      | epochs, steps | %s, %,d |
      | last training loss | %.4f |
      | accuracy on %,d held-out texts | %.2f %% |
      | the same, cut to their first %d words | %.2f %% |
      | training time | %.1f minutes |
      | seed | %d |

      ## Limits

      It knows the kind of text it was trained on and no other. Probabilities of texts of a few words
      are close to a guess. A policy that is trained against it will find texts that it likes and people
      do not: watch a second classifier, and the drift.

      ## Data

      %s

      ## Rebuild

          %s
      """;

  private ClassifierCard() {}

  static void write(
      Path directory,
      ClassifierTraining.Settings settings,
      ClassifierTraining.Origin origin,
      ClassifierTraining.Result result) {
    boolean encoder = settings.architecture() == ClassifierTraining.Architecture.ENCODER;
    var name = directory.getFileName().toString();
    var card =
        String.format(
            Locale.ROOT,
            CARD,
            encoder ? "transformers" : "elastic-reset",
            name,
            encoder ? aboutEncoder(settings.encoder()) : ABOUT_NGRAMS,
            String.join(", ", result.labels()),
            result.texts(),
            epochs(result.epochs()),
            result.steps(),
            result.loss(),
            result.heldOutTexts(),
            100 * result.accuracy(),
            ClassifierTraining.SHORT_TEXT_WORDS,
            100 * result.shortTextAccuracy(),
            result.elapsed().toMillis() / 60_000.0,
            settings.seed(),
            origin.data(),
            origin.command());
    try {
      Files.writeString(directory.resolve("README.md"), card);
    } catch (IOException e) {
      throw new UncheckedIOException("writing the card in " + directory, e);
    }
  }

  /** {@code 3}, or {@code 0.11} where a time limit ended the training within an epoch. */
  private static String epochs(double epochs) {
    return new DecimalFormat("0.##", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(epochs);
  }

  private static final String ABOUT_NGRAMS =
      """
      A linear classifier over hashed words and word pairs, scaled by their naive Bayes
      log-ratios (Wang and Manning 2012). Elastic Reset's own format, described at
      `NgramClassifier`; a judge of another kind than the transformers it judges.""";

  private static String aboutEncoder(EncoderConfig sizes) {
    return """
        A small text classifier in the DistilBERT layout, trained from scratch: width %d, %d layers,
        %d heads, %d positions, a lower-case byte-level BPE vocabulary of its own. The input is
        `[CLS]` and the text; longer texts keep their first quarter and their end. Opens with
        `AutoModelForSequenceClassification` of transformers."""
        .formatted(sizes.width(), sizes.layers(), sizes.heads(), sizes.positions());
  }
}
