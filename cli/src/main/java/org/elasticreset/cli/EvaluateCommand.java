package org.elasticreset.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.elasticreset.model.AdapterDirectory;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.Engine;
import org.elasticreset.model.ModelSettings;
import org.elasticreset.model.Precision;
import org.elasticreset.model.Sampling;
import org.elasticreset.model.files.ModelFormatException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code elastic-reset evaluate}: the figures of an evaluation, of any model, without a run. */
@Command(
    name = "evaluate",
    description =
        "Measure a model on prompts and texts: reward, drift, perplexity, diversity, speed.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class EvaluateCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "MODEL",
      description = "A Hugging Face directory, one of PEFT's adapters, or a name of the Hub.")
  private String model = "";

  @Option(names = "--adapter", paramLabel = "DIR", description = "PEFT's adapters for the model.")
  private @Nullable Path adapter;

  @Option(
      names = "--prompts",
      paramLabel = "FILE",
      description = "One a line, to be continued; a line that begins with # is none.")
  private @Nullable Path prompts;

  @Option(names = "--texts", paramLabel = "FILE", description = "One a line, for the perplexity.")
  private @Nullable Path texts;

  @Option(names = "--reward", paramLabel = "MODEL", description = "A classifier: the reward.")
  private @Nullable String reward;

  @Option(names = "--label", paramLabel = "LABEL", description = "Of the reward.")
  private @Nullable String label;

  @Option(names = "--judge", paramLabel = "MODEL", description = "Another classifier.")
  private @Nullable String judge;

  @Option(names = "--judge-label", paramLabel = "LABEL", description = "Default: --label.")
  private @Nullable String judgeLabel;

  @Option(names = "--logit", description = "Take logits for rewards, not probabilities.")
  private boolean logit;

  @Option(
      names = "--reference",
      paramLabel = "MODEL",
      description =
          "What the drift is measured from (default: the base model, of one with adapters).")
  private @Nullable String reference;

  @Mixin private SamplingOptions sampling = new SamplingOptions();

  @Option(names = "--chat", description = "Put prompts into the model's chat template.")
  private boolean chat;

  @Option(names = "--seed", paramLabel = "N", description = "Of the tokens (default: 1).")
  private long seed = 1;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Sequences of one pass (default: 16).")
  private int batchSize = 16;

  @Option(
      names = "--precision",
      paramLabel = "TYPE",
      description = "float32 or bfloat16: what is computed in (default: float32).")
  private Precision precision = Precision.FLOAT32;

  @Option(names = "--threads", description = "Of numeric operations (default: one for each core).")
  private @Nullable Integer threads;

  @Option(names = "--device", description = "auto, cpu or cuda:N (default: auto).")
  private @Nullable String device;

  @Option(names = "--samples", paramLabel = "N", description = "Print the first N responses.")
  private int samples;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  private final NamedModels models = NamedModels.ofEnvironment();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  @Override
  public Integer call() throws Exception {
    if (prompts == null && texts == null) {
      throw InvalidInputException.of("--prompts", "missing", "--prompts, --texts or both");
    }
    if (batchSize < 1) {
      throw InvalidInputException.of("--batch-size", batchSize, "at least 1");
    }
    List<String> promptLines = lines("--prompts", prompts);
    List<String> textLines = lines("--texts", texts);
    useEngine();
    try {
      Path directory = directory("MODEL", model);
      CausalLanguageModel evaluated = openModel(directory);
      if (chat && evaluated.tokenizer().chatTemplate().isEmpty()) {
        throw InvalidInputException.of("--chat", model, "a model with a chat template");
      }
      Path base = evaluatedBase(directory);
      Sampling drawn = sampling.of(base, evaluated.config());
      EvaluationFigures figures =
          new Evaluation(
                  evaluated,
                  promptLines.isEmpty()
                      ? null
                      : referenceOf(evaluated, drawn, adapters(directory).isPresent()),
                  scorer("--reward", reward, "--label", label),
                  scorer(
                      "--judge", judge, "--judge-label", judgeLabel == null ? label : judgeLabel),
                  drawn,
                  chat,
                  seed,
                  batchSize,
                  precision,
                  json ? quiet() : Terminal.current())
              .of(promptLines, textLines);
      print(figures, drawn, directory);
      return 0;
    } catch (ModelFormatException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()));
    } finally {
      while (!open.isEmpty()) {
        open.pop().close();
      }
    }
  }

  private void useEngine() {
    try {
      if (threads != null) {
        Engine.useThreads(threads);
      }
      if (device != null) {
        Engine.useDevice(device);
      }
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException("--" + e.getMessage());
    }
  }

  private static Terminal quiet() {
    return new Terminal(new PrintStream(PrintStream.nullOutputStream()), false, 80);
  }

  private Path directory(String key, String name) {
    return models.directory(key, name, Path.of("").toAbsolutePath());
  }

  private <T extends AutoCloseable> T opened(T closeable) {
    open.push(closeable);
    return closeable;
  }

  /** The adapters that are evaluated, if any, and the base below them. */
  private Optional<AdapterDirectory> adapters(Path directory) {
    if (adapter != null) {
      return Optional.of(AdapterDirectory.read(adapter));
    }
    boolean only =
        AdapterDirectory.isAt(directory) && !Files.exists(directory.resolve("config.json"));
    return only ? Optional.of(AdapterDirectory.read(directory)) : Optional.empty();
  }

  private Path evaluatedBase(Path directory) {
    if (adapter == null && adapters(directory).isPresent()) {
      return directory("base_model_name_or_path", adapters(directory).get().baseModel());
    }
    return directory;
  }

  private CausalLanguageModel openModel(Path directory) {
    Optional<AdapterDirectory> adapters = adapters(directory);
    return opened(
        adapters.isEmpty()
            ? CausalLanguageModel.open(directory, ModelSettings.PLAIN)
            : CausalLanguageModel.openAdapter(
                evaluatedBase(directory), adapters.get(), Precision.FLOAT32));
  }

  private @Nullable CausalLanguageModel referenceOf(
      CausalLanguageModel evaluated, Sampling drawn, boolean hasAdapters) {
    if (drawn.greedy()) {
      if (reference != null) {
        throw InvalidInputException.of(
            "--reference",
            reference,
            "tokens that are drawn, of which alone a drift can be estimated; --temperature 1 does,"
                + " as a run does");
      }
      return null;
    }
    if (reference == null) {
      return hasAdapters ? opened(evaluated.reference()) : null;
    }
    CausalLanguageModel other =
        opened(CausalLanguageModel.open(directory("--reference", reference)));
    if (other.config().vocabularySize() != evaluated.config().vocabularySize()) {
      throw InvalidInputException.of(
          "--reference",
          reference + " with " + other.config().vocabularySize() + " tokens",
          evaluated.config().vocabularySize() + ", those of the model");
    }
    return other;
  }

  private @Nullable EvaluatedScorer scorer(
      String key, @Nullable String name, String labelKey, @Nullable String wanted) {
    return name == null || prompts == null
        ? null
        : opened(EvaluatedScorer.open(labelKey, directory(key, name), wanted, logit));
  }

  private static List<String> lines(String key, @Nullable Path file) {
    return file == null ? List.of() : InputTexts.read(key, file);
  }

  private void print(EvaluationFigures figures, Sampling drawn, Path directory)
      throws JsonProcessingException {
    List<EvaluationFigures.Sample> shown =
        figures.samples().subList(0, Math.min(Math.max(0, samples), figures.samples().size()));
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("model", directory.toString());
      all.put("prompts", figures.prompts());
      all.put("sampling", words(drawn));
      all.putAll(figures.byName());
      if (!shown.isEmpty()) {
        all.put("samples", shown.stream().map(EvaluationFigures.Sample::byName).toList());
      }
      System.out.println(new ObjectMapper().writeValueAsString(all));
      return;
    }
    Terminal terminal = Terminal.current();
    terminal.clearStatus();
    for (EvaluationFigures.Sample sample : shown) {
      terminal.line("> " + sample.prompt());
      terminal.line(sample.response());
      terminal.line("");
    }
    if (figures.prompts() > 0) {
      terminal.line(figures.prompts() + " prompts, " + words(drawn));
    }
    figures
        .byName()
        .forEach(
            (name, value) ->
                terminal.line(String.format(Locale.ROOT, "%-34s %12.4f", name, (Double) value)));
  }

  private static String words(Sampling drawn) {
    String how =
        drawn.greedy()
            ? "greedy"
            : String.format(
                Locale.ROOT,
                "temperature %s, top-k %d, top-p %s",
                drawn.temperature(),
                drawn.topK(),
                drawn.topP());
    return how + ", at most " + drawn.maxNewTokens() + " tokens";
  }
}
