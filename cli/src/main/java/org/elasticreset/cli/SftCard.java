package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.elasticreset.model.TrainingRecord;
import org.elasticreset.model.text.PromptTemplate;

/** The {@code README.md} of a trained language model: figures, no text of the data, no paths. */
final class SftCard {

  /** At most this many lines of the table of losses. */
  private static final int CURVE_POINTS = 12;

  private static final String CARD =
      """
      ---
      library_name: transformers
      pipeline_tag: text-generation
      ---

      # %s

      A %s of %,d parameters%s, trained by Elastic Reset. Opens with `AutoModelForCausalLM`
      and `AutoTokenizer` of transformers.

      | | |
      |---|---|
      | training %s | %s |
      | tokens to predict in them | %,d |
      | optimizer steps | %,d |
      | tokens trained on, repetitions counted | %,d |
      | training time | %.0f minutes |
      | training loss, running mean | %.4f nats per token |
      | held-out %s | %,d of %s, %,d tokens |
      | held-out loss | %.4f nats per token |
      | **held-out perplexity** | **%.2f** per token |
      | held-out bits per byte | %.4f |

      Perplexity compares models of this tokenizer only, bits per byte any two. The weights kept are those
      with the lowest held-out loss.
      %s
      ## Course

      | step | tokens | training loss | held-out loss |
      |---:|---:|---:|---:|
      %s

      ## Limits

      It writes text like the text it was trained on, in that language only, and knows nothing: what it
      says of people and works is made up. What was unfair or rude in its training text may come out
      again. Meant as a policy to align in experiments.

      ## Rebuild

          ./elastic-reset sft %s
      """;

  private static final String PROMPT_SECTION =
      """

      ## Prompts

      Learned from prompts and responses: losses are of the tokens of responses, each of which ends with
      the token that ends a text. It reads a prompt in this form, and so should the prompts of a run be:

      %s
      """;

  private final SftSettings settings;
  private final long parameters;
  private final SftData.Tokens data;
  private final TrainingRecord record;

  SftCard(SftSettings settings, long parameters, SftData.Tokens data, TrainingRecord record) {
    this.settings = settings;
    this.parameters = parameters;
    this.data = data;
    this.record = record;
  }

  void write() {
    try {
      Files.writeString(settings.output().resolve("README.md"), text());
    } catch (IOException e) {
      throw new UncheckedIOException("writing the card in " + settings.output(), e);
    }
  }

  String text() {
    var best = record.best();
    var model = settings.model();
    return String.format(
        Locale.ROOT,
        CARD,
        name(settings.output()),
        model == null ? "GPT-2 model" : "language model",
        parameters,
        model == null ? "" : ", fine-tuned from `" + name(model) + "`",
        settings.data().unit(),
        names(settings.data().files()),
        data.training().tokens(),
        best.step(),
        best.tokens(),
        best.elapsed().toSeconds() / 60.0,
        best.trainingLoss(),
        settings.data().unit(),
        data.heldOut().documents(),
        heldOutNames(),
        data.heldOut().tokens(),
        best.heldOut().natsPerToken(),
        best.heldOut().perplexity(),
        best.heldOut().bitsPerByte(),
        settings.data().template().map(this::promptSection).orElse(""),
        curve(),
        command());
  }

  private String heldOutNames() {
    var files = settings.data().heldOutFiles();
    return files.isEmpty() ? "the same, of other prompts" : names(files);
  }

  private String promptSection(PromptTemplate template) {
    return String.format(
        Locale.ROOT,
        PROMPT_SECTION,
        template.prompt(PromptTemplate.PLACE).indent(4).replaceAll("(?m)^ +$", "").stripTrailing());
  }

  private String curve() {
    var points = record.points();
    int stride = (points.size() + CURVE_POINTS - 1) / CURVE_POINTS;
    var lines = new StringBuilder();
    for (int i = (points.size() - 1) % stride; i < points.size(); i += stride) {
      var point = points.get(i);
      lines.append(
          String.format(
              Locale.ROOT,
              "| %,d | %,d | %.3f | %.3f |%n",
              point.step(),
              point.tokens(),
              point.trainingLoss(),
              point.heldOut().natsPerToken()));
    }
    return lines.toString().strip();
  }

  /** The command line, with the names of files where it had paths. */
  private String command() {
    return settings.commandLine().stream()
        .map(argument -> argument.contains("/") ? name(Path.of(argument)) : argument)
        .map(argument -> argument.contains(" ") ? '"' + argument + '"' : argument)
        .collect(Collectors.joining(" "));
  }

  private static String names(List<Path> files) {
    return files.stream().map(file -> "`" + name(file) + "`").collect(Collectors.joining(", "));
  }

  private static String name(Path path) {
    return String.valueOf(path.toAbsolutePath().normalize().getFileName());
  }
}
