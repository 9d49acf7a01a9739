package org.elasticreset.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.elasticreset.model.text.DataSplit;
import org.elasticreset.model.text.PreferencePair;
import org.elasticreset.model.text.PromptTemplate;

/** The README.md of a reward model. Numbers only: no text of the data gets into it. */
final class PreferenceCard {

  private static final String CARD =
      """
      ---
      library_name: transformers
      pipeline_tag: text-classification
      ---

      # %s

      A reward model, trained by Elastic Reset on preferences between two answers (Bradley and Terry): one
      label, `%s`, whose logit is the reward. %s
      Opens with `AutoModelForSequenceClassification` of transformers.

      | | |
      |---|---|
      | trained on | %,d pairs, %,d prompts |
      | epochs, steps | %.2f, %,d |
      | last training loss | %.4f nats a pair (0.6931 for guessing) |
      | held out | %,d pairs, %,d prompts |
      | held-out loss | %.4f nats a pair |
      | **held-out accuracy** | **%s** |
      | accuracy of "the longer answer is better" | %s |
      | accuracy where one answer is at most %.2f times as long as the other | %s |
      | accuracy where the longer answer is the better one | %s |
      | accuracy where the shorter answer is the better one | %s |
      | pairs in which it prefers the longer answer | %.1f %% |
      | accuracy on the pairs it was trained on | %.1f %% |
      | texts longer than it reads | %,d; %s |
      | training time | %.1f minutes |
      | seed | %d |

      Intervals are of 95 %%: Wilson's, with the number of pairs that as many independent ones would be,
      since the pairs of a prompt are not. **%s**

      ## Use

          reward:
            scorers:
              answer: {type: classifier, model: %s, output: logit}

      It reads prompt and answer together, the prompt in the form

      %s

      Scores are standardised: over the answers it was trained on their mean is %.2f and their standard
      deviation 1, so that a KL coefficient of 0.1 asks a tenth of a standard deviation for a nat.

      ## Limits

      It knows what it was trained on, and judges what an answer looks like, not whether it is true. A
      policy that is trained against it will find answers that it likes and people do not, long ones first:
      watch their length, a second model, and the drift.

      ## Data

      %s

      ## Rebuild

          %s
      """;

  private PreferenceCard() {}

  static void write(
      Path directory,
      PreferenceTraining.Settings settings,
      DataSplit<PreferencePair> data,
      ClassifierTraining.Origin origin,
      PreferenceTraining.Result result) {
    var heldOut = result.heldOut();
    var name = String.valueOf(directory.toAbsolutePath().normalize().getFileName());
    var card =
        String.format(
            Locale.ROOT,
            CARD,
            name,
            PreferenceTraining.LABEL,
            about(settings),
            data.training().size(),
            result.training().accuracy().clusters(),
            result.epochs(),
            result.steps(),
            result.loss(),
            data.heldOut().size(),
            heldOut.accuracy().clusters(),
            heldOut.loss(),
            share(Optional.of(heldOut.accuracy())),
            share(Optional.of(heldOut.length())),
            PreferenceFigures.ALIKE,
            share(heldOut.alike()),
            share(heldOut.longerBetter()),
            share(heldOut.shorterBetter()),
            100 * heldOut.preferringLonger(),
            100 * result.training().accuracy().share(),
            result.cutTexts(),
            settings.model() == null
                ? "of those it reads the first quarter and the end"
                : "of those it reads the end",
            result.elapsed().toMillis() / 60_000.0,
            settings.seed(),
            heldOut.verdict(),
            "models/" + name,
            settings
                .template()
                .prompt(PromptTemplate.PLACE)
                .indent(4)
                .replaceAll("(?m)^ +$", "")
                .stripTrailing(),
            result.mean(),
            origin.data(),
            origin.command());
    try {
      Files.writeString(directory.resolve("README.md"), card);
    } catch (IOException e) {
      throw new UncheckedIOException("writing the card in " + directory, e);
    }
  }

  private static String about(PreferenceTraining.Settings settings) {
    var model = settings.model();
    if (model != null) {
      return "It began as `%s`.".formatted(model.toAbsolutePath().normalize().getFileName());
    }
    var sizes = settings.encoder();
    return """
        A small encoder in the DistilBERT layout, from scratch: width %d, %d layers, %d heads,
        %d positions, a lower-case byte-level BPE vocabulary of its own."""
        .formatted(sizes.width(), sizes.layers(), sizes.heads(), sizes.positions());
  }

  private static String share(Optional<ClusteredShare> share) {
    return share
        .map(
            found ->
                String.format(
                    Locale.ROOT,
                    "%.1f %% (%.1f to %.1f; %,d pairs, %,d prompts)",
                    100 * found.share(),
                    100 * found.interval().low(),
                    100 * found.interval().high(),
                    found.trials(),
                    found.clusters()))
        .orElse("no such pairs");
  }
}
