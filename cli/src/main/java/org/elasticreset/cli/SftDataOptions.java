package org.elasticreset.cli;

import java.nio.file.Path;
import java.util.List;
import org.elasticreset.model.text.PairCorpus;
import org.elasticreset.model.text.PromptTemplate;
import org.elasticreset.model.text.TextCorpus;
import org.elasticreset.model.text.TextTable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options of {@code sft} that say what it learns from. */
final class SftDataOptions {

  @ArgGroup(multiplicity = "1")
  private Source source = new Source();

  static final class Source {
    @Option(
        names = "--data",
        arity = "1..*",
        paramLabel = "FILE",
        description = "Training text, a document a line (.txt, .tsv, .jsonl; .gz too).")
    private List<Path> data = List.of();

    @Option(
        names = "--pairs",
        arity = "1..*",
        paramLabel = "FILE",
        description =
            "Prompts and responses instead, a pair a line (.jsonl, .tsv; .gz too); only responses are learned.")
    private List<Path> pairs = List.of();
  }

  @Option(
      names = "--held-out",
      paramLabel = "FILE",
      description = {
        "Text or pairs to measure on, of the same form; what is also in the training data is not trained on.",
        "Pairs without it: rows of which the column 'split' says test, or else a share of the prompts."
      })
  private @Nullable Path heldOut;

  @Option(
      names = "--held-out-documents",
      defaultValue = "500",
      description =
          "Measure on this many documents or pairs, spread over the file (default: ${DEFAULT-VALUE}).")
  private int heldOutDocuments;

  @Option(
      names = "--held-out-share",
      defaultValue = "0.1",
      description =
          "Share of the prompts to hold out where nothing says which (default: ${DEFAULT-VALUE}).")
  private double heldOutShare;

  @Option(
      names = "--text-column",
      defaultValue = "0",
      description =
          "Column of tab-separated files that holds the text, from 1; 0 is the whole line.")
  private int textColumn;

  @Option(
      names = "--text-field",
      defaultValue = "text",
      description = "Field of .jsonl objects that holds the text (default: ${DEFAULT-VALUE}).")
  private String textField = "text";

  @Option(
      names = "--strip-html",
      description = "Make <br /> a line break, drop other tags, decode entities; of --data only.")
  private boolean stripHtml;

  @Option(
      names = "--prompt-field",
      paramLabel = "NAME",
      defaultValue = "prompt",
      description =
          "Field of pairs that holds the prompt; of a TSV a name in its header, or a number from 1 (default: ${DEFAULT-VALUE}).")
  private String promptField = "prompt";

  @Option(
      names = "--response-field",
      paramLabel = "NAME",
      defaultValue = "response",
      description = "Field of pairs that holds the response (default: ${DEFAULT-VALUE}).")
  private String responseField = "response";

  @Option(
      names = "--template",
      paramLabel = "TEXT",
      defaultValue = PromptTemplate.PLACE,
      description = {
        "Form of a prompt, e.g. \"Question: {prompt}\\n\\nAnswer: \" (default: ${DEFAULT-VALUE}).",
        "Space at its end begins the response, since the prompts of a run have none at their end."
      })
  private String template = PromptTemplate.PLACE;

  @Option(
      names = "--max-prompt-tokens",
      paramLabel = "TOKENS",
      description =
          "Longest prompt of a pair; a longer one loses its beginning (default: half of --context).")
  private @Nullable Integer maxPromptTokens;

  @Option(
      names = "--leave-out-long",
      description =
          "Leave out pairs whose response does not fit the context, rather than cut it: all responses end then.")
  private boolean leaveOutLong;

  /**
   * @throws IllegalArgumentException naming the option to change
   */
  SftData data() {
    return source.pairs.isEmpty() ? texts() : pairs();
  }

  private SftData texts() {
    if (heldOut == null) {
      throw new IllegalArgumentException(
          "--held-out: missing (expected: a file of texts to measure on)");
    }
    return new SftTexts(
        new TextCorpus(source.data, textColumn, textField, stripHtml),
        new TextCorpus(List.of(heldOut), textColumn, textField, stripHtml),
        heldOutDocuments);
  }

  private SftData pairs() {
    return new SftPairs(
        corpus(source.pairs),
        heldOut == null ? null : corpus(List.of(heldOut)),
        heldOutShare,
        PromptTemplate.ofArgument(template),
        maxPromptTokens,
        leaveOutLong,
        heldOutDocuments);
  }

  private PairCorpus corpus(List<Path> files) {
    return new PairCorpus(files, promptField, responseField, TextTable.SPLIT);
  }
}
