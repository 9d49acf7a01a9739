package org.elasticreset.cli;

import java.nio.file.Path;
import org.elasticreset.model.text.PreferencePairs;
import org.elasticreset.model.text.PromptTemplate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code train-reward} that matter to preference pairs alone. */
final class PairRewardOptions {

  private static final String STACK_EXCHANGE_FORM = "Question: {prompt}\n\nAnswer: ";

  /** Columns and the form of a prompt that come with them. */
  enum Layout {
    /** {@code prompt}, {@code chosen}, {@code rejected}, as TRL reads them. */
    CHOSEN_REJECTED(PreferencePairs.TRL, PromptTemplate.NONE),
    /**
     * {@code question}, {@code response_j}, {@code response_k} of lvwerra/stack-exchange-paired.
     */
    STACK_EXCHANGE(PreferencePairs.STACK_EXCHANGE, new PromptTemplate(STACK_EXCHANGE_FORM));

    private final PreferencePairs columns;
    private final PromptTemplate template;

    Layout(PreferencePairs columns, PromptTemplate template) {
      this.columns = columns;
      this.template = template;
    }
  }

  @Option(
      names = "--layout",
      paramLabel = "LAYOUT",
      defaultValue = "chosen-rejected",
      description = {
        "Columns of --pairs: chosen-rejected (prompt, chosen, rejected; as TRL reads them) or",
        "stack-exchange (question, response_j, response_k) (default: ${DEFAULT-VALUE})."
      })
  private String layout = "chosen-rejected";

  @Option(names = "--prompt-field", paramLabel = "NAME", description = "Another column of prompts.")
  private @Nullable String promptField;

  @Option(
      names = "--chosen-field",
      paramLabel = "NAME",
      description = "Another column of better answers.")
  private @Nullable String chosenField;

  @Option(
      names = "--rejected-field",
      paramLabel = "NAME",
      description = "Another column of worse answers.")
  private @Nullable String rejectedField;

  @Option(
      names = "--template",
      paramLabel = "TEXT",
      description =
          "Form of a prompt (default: {prompt}; of stack-exchange \"Question: {prompt}\\n\\nAnswer: \").")
  private @Nullable String template;

  @Option(
      names = "--held-out-share",
      defaultValue = "0.1",
      description =
          "Share of the prompts to hold out where no file and no column 'split' says which (default: ${DEFAULT-VALUE}).")
  private double heldOutShare;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description =
          "Begin as this decoder, or as this reward model: a directory or a name of the Hub (default: a new encoder).")
  private @Nullable String model;

  @Option(
      names = "--batch-size",
      defaultValue = "16",
      description = "Pairs of an optimizer step (default: ${DEFAULT-VALUE}).")
  private int batchSize;

  @Option(
      names = "--micro-batch-size",
      defaultValue = "4",
      description = "Pairs of one pass, to bound memory (default: ${DEFAULT-VALUE}).")
  private int microBatchSize;

  @Option(
      names = "--learning-rate",
      defaultValue = "3e-4",
      description =
          "The highest; rises for a tenth of the steps, then falls to 0 (default: ${DEFAULT-VALUE}).")
  private double learningRate;

  @Option(
      names = "--weight-decay",
      defaultValue = "0.05",
      description = "Of matrices (default: ${DEFAULT-VALUE}).")
  private double weightDecay;

  @Option(
      names = "--dropout",
      defaultValue = "0.2",
      description = "Of an encoder; decoders have none (default: ${DEFAULT-VALUE}).")
  private double dropout;

  /** The columns to read. */
  PreferencePairs columns() {
    var usual = chosenLayout().columns;
    return new PreferencePairs(
        promptField == null ? usual.prompt() : promptField,
        chosenField == null ? usual.chosen() : chosenField,
        rejectedField == null ? usual.rejected() : rejectedField);
  }

  PromptTemplate template() {
    return template == null ? chosenLayout().template : PromptTemplate.ofArgument(template);
  }

  private Layout chosenLayout() {
    return switch (layout) {
      case "chosen-rejected" -> Layout.CHOSEN_REJECTED;
      case "stack-exchange" -> Layout.STACK_EXCHANGE;
      default ->
          throw new IllegalArgumentException(
              "--layout: " + layout + " (expected: chosen-rejected or stack-exchange)");
    };
  }

  double heldOutShare() {
    return heldOutShare;
  }

  /** The directory to begin as. */
  @Nullable Path model() {
    return model == null
        ? null
        : NamedModels.ofEnvironment().directory("--model", model, Path.of(""));
  }

  int batchSize() {
    return batchSize;
  }

  int microBatchSize() {
    return microBatchSize;
  }

  double learningRate() {
    return learningRate;
  }

  double weightDecay() {
    return weightDecay;
  }

  double dropout() {
    return dropout;
  }
}
