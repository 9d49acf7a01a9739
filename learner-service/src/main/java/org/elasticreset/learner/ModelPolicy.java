package org.elasticreset.learner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.elasticreset.checkpoint.DurableFiles;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.LanguageModelStatistics;
import org.elasticreset.model.LoraSettings;
import org.elasticreset.model.OptimizerSettings;
import org.elasticreset.model.Parameters;
import org.elasticreset.model.PolicyTrainer;
import org.elasticreset.model.PpoSample;
import org.elasticreset.model.PpoSettings;
import org.elasticreset.model.PpoStatistics;
import org.elasticreset.model.Precision;
import org.elasticreset.model.TokenEvaluation;
import org.elasticreset.model.TokenMask;
import org.elasticreset.model.TokenSequence;
import org.elasticreset.model.TrainerState;
import org.elasticreset.model.TrainingSettings;
import org.elasticreset.model.files.ParameterFile;
import org.elasticreset.model.files.ParameterFile.Section;
import org.elasticreset.model.files.TensorShape;
import org.jspecify.annotations.Nullable;

/** The policy of a model directory, in the tensor engine. */
final class ModelPolicy implements TrainedPolicy {

  private static final String STUDENT = "student";
  private static final String MASK = "mask";
  private static final double BETA_1 = 0.9;
  private static final double BETA_2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final CausalLanguageModel model;
  private final CausalLanguageModel reference;
  private final PolicyTrainer trainer;
  private final PpoSettings settings;
  private final double temperature;
  private final int batchSize;
  private final Precision precision;
  private final Optional<LoraSettings> lora;
  private final String modelName;
  private final List<int[]> humanText;
  private final Optional<LearnedPairs> pairs;
  private final Parameters initial;
  private final OptimizerSettings optimizer;
  private final boolean recompute;

  /** Policies that training needs beside the one it trains, by name; θ₀ at first. */
  private final Map<String, Parameters> copies = new TreeMap<>();

  private final TokenMask mask;
  private @Nullable TrainerState remembered;

  /**
   * Takes over the model.
   *
   * @param lora what the model's adapters were made with, if it has any
   * @param humanText texts that the perplexity is measured on; may be empty
   */
  ModelPolicy(
      CausalLanguageModel model,
      Optional<LoraSettings> lora,
      LearnerConfig config,
      List<String> humanText) {
    PpoConfig ppo = config.ppo();
    Objective objective = new Objective(config);
    this.model = model;
    this.reference = model.reference();
    // The reference of adapters is the model without them, and they do not begin at zero.
    this.initial = lora.isEmpty() ? reference.parameters() : model.copyOfParameters();
    if (config.iteratedLearning().isPresent()) {
      copies.put(STUDENT, model.copyOfParameters());
    }
    if (config.nlpo().isPresent()) {
      Parameters masking = model.copyOfParameters();
      copies.put(MASK, masking);
      this.mask = TokenMask.of(masking, config.nlpo().get().topP());
    } else {
      this.mask = TokenMask.NONE;
    }
    this.recompute = config.recompute();
    this.optimizer =
        new OptimizerSettings(BETA_1, BETA_2, EPSILON, ppo.weightDecay(), ppo.maxGradientNorm());
    this.trainer =
        new PolicyTrainer(
            model,
            optimizer,
            new Seeds(config.seed()).of("value-head"),
            new TrainingSettings(config.precision(), config.recompute(), objective.hasValueHead()));
    this.precision = config.precision();
    this.lora = lora;
    this.modelName = config.modelName();
    this.temperature = config.sampling().temperature();
    this.settings = objective.loss();
    this.batchSize = ppo.microBatchSize();
    this.pairs = config.sender().map(sender -> new LearnedPairs(model, sender, config.sampling()));
    this.humanText = humanText.stream().map(this::tokens).toList();
  }

  @Override
  public int vocabularySize() {
    return model.config().vocabularySize();
  }

  @Override
  public int positions() {
    return model.config().positions();
  }

  @Override
  public List<Integer> endTokens() {
    return model.config().endTokens();
  }

  @Override
  public TokenSequence pair(String read, String expected) {
    return pairs.orElseThrow().of(read, expected);
  }

  @Override
  public TrainedWeights weights() {
    return new ParameterBytes(model.parameters());
  }

  @Override
  public String initialPolicy() {
    String weights = "SHA-256 " + HexFormat.of().formatHex(reference.parameters().digest());
    return lora.map(
            adapters ->
                "%s with adapters of rank %d, alpha %s on %s"
                    .formatted(
                        weights, adapters.rank(), adapters.alpha(), adapters.targetModules()))
        .orElse(weights);
  }

  @Override
  public List<TokenEvaluation> evaluate(List<TokenSequence> sequences) {
    return trainer.evaluate(sequences, temperature, batchSize);
  }

  @Override
  public List<float[]> referenceLogProbs(List<TokenSequence> sequences) {
    return reference.logProbs(sequences, temperature, batchSize, precision);
  }

  @Override
  public PpoStatistics ppoStep(
      List<PpoSample> minibatch, double klCoefficient, double learningRate) {
    return trainer.ppoStep(
        minibatch, settings.withKlCoefficient(klCoefficient), learningRate, batchSize, mask);
  }

  @Override
  public int[] tokens(String text) {
    return model.tokenizer().encodeWithSpecialTokens(text);
  }

  @Override
  public double rehearse(List<int[]> texts, double coefficient) {
    return trainer.rehearse(texts, coefficient, batchSize);
  }

  @Override
  public double pullToInitial(double coefficient) {
    return trainer.pullTo(initial, coefficient);
  }

  @Override
  public void becomeStudent() {
    copy(STUDENT).copyFrom(model.parameters());
  }

  @Override
  public Imitation beginAsStudent(long seed) {
    model.parameters().copyFrom(copy(STUDENT));
    PolicyTrainer imitator =
        new PolicyTrainer(
            model, optimizer, seed, new TrainingSettings(precision, recompute, false));
    return new Imitation() {
      @Override
      public LanguageModelStatistics step(List<TokenSequence> minibatch, double learningRate) {
        return imitator.responseStep(minibatch, temperature, learningRate, batchSize);
      }

      @Override
      public void close() {
        imitator.close();
      }
    };
  }

  @Override
  public void becomeMask() {
    copy(MASK).copyFrom(model.parameters());
  }

  @Override
  public List<TokenEvaluation> evaluateMasked(List<TokenSequence> sequences) {
    return trainer.evaluate(sequences, temperature, batchSize, mask);
  }

  private Parameters copy(String name) {
    return Objects.requireNonNull(copies.get(name), name);
  }

  @Override
  public OptionalDouble humanTextPerplexity() {
    return humanText.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(model.perplexity(humanText, batchSize, precision));
  }

  @Override
  public void clearOptimizer() {
    trainer.clearOptimizer();
  }

  @Override
  public void clearValueHead() {
    trainer.clearValueHead();
  }

  @Override
  public Optional<String> firstNotFinite() {
    return trainer.firstNotFinite();
  }

  @Override
  public void saveState(Path directory) {
    trainer.saveState(directory);
    copies.forEach(
        (name, copy) ->
            ParameterFile.write(
                directory.resolve(name + ".safetensors"), Map.of(), new Section("", copy)));
  }

  @Override
  public void restoreState(Path directory) {
    copies.forEach(
        (name, copy) -> {
          Path file = directory.resolve(name + ".safetensors");
          try (ParameterFile parameters = ParameterFile.open(file, new Section("", copy))) {
            parameters.load();
          }
        });
    trainer.restoreState(directory);
  }

  @Override
  public void remember() {
    if (remembered == null) {
      remembered = trainer.remember();
    } else {
      trainer.remember(remembered);
    }
  }

  @Override
  public void recall() {
    trainer.recall(Objects.requireNonNull(remembered, "remember() comes first"));
  }

  @Override
  public void save(Path directory) {
    if (lora.isPresent()) {
      model.saveAdapter(directory, modelName);
    } else {
      model.save(directory);
    }
    try {
      DurableFiles.forceAll(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("learner.output: " + directory + " is not on the disk", e);
    }
  }

  @Override
  public void close() {
    pairs.ifPresent(LearnedPairs::end);
    if (remembered != null) {
      remembered.close();
    }
    trainer.close();
    reference.close();
    model.close();
  }

  private record ParameterBytes(Parameters parameters) implements TrainedWeights {

    @Override
    public List<TensorShape> tensors() {
      return parameters.tensors();
    }

    @Override
    public long totalBytes() {
      return parameters.totalBytes();
    }

    @Override
    public ByteBuffer read(long offset, int length) {
      return parameters.read(offset, length);
    }

    @Override
    public void write(long offset, ByteBuffer bytes) {
      parameters.write(offset, bytes);
    }

    @Override
    public byte[] digest() {
      return parameters.digest();
    }
  }
}
