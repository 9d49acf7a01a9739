import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.Generation;
import org.elasticreset.model.GenerationRequest;
import org.elasticreset.model.LoraSettings;
import org.elasticreset.model.ModelSettings;
import org.elasticreset.model.OptimizerSettings;
import org.elasticreset.model.PolicyTrainer;
import org.elasticreset.model.PpoSample;
import org.elasticreset.model.PpoSettings;
import org.elasticreset.model.Precision;
import org.elasticreset.model.Sampling;
import org.elasticreset.model.TokenSequence;
import org.elasticreset.model.TrainingSettings;

/**
 * Memory and speed of one model on the first GPU, which nothing else may be using: what is held, what
 * a PPO micro-step takes by the tokens it reads, training and generation a second.
 *
 * <p>Arguments: directory whole|lora float32|bfloat16 keep|recompute. {@code peer.py} measures the
 * same of transformers.
 */
public class GpuBenchmark {

  private static final int SEQUENCE = 512;
  private static final int SEQUENCES = 8;
  private static final int PROMPT = 64;
  private static final int NEW_TOKENS = 64;
  private static final int ROLLOUTS = 32;

  public static void main(String[] arguments) {
    boolean lora = arguments[1].equals("lora");
    var precision = arguments[2].equals("bfloat16") ? Precision.BFLOAT16 : Precision.FLOAT32;
    boolean recompute = arguments[3].equals("recompute");
    var settings =
        new ModelSettings(
            lora ? precision : Precision.FLOAT32,
            lora
                ? Optional.of(new LoraSettings(16, 32, 0, List.of("q_proj", "v_proj")))
                : Optional.empty(),
            1);
    var label = Path.of(arguments[0]).getFileName() + " " + String.join(" ", Arrays.asList(arguments).subList(1, 4));
    long start = System.nanoTime();
    try (var model = CausalLanguageModel.open(Path.of(arguments[0]), settings);
        var trainer =
            new PolicyTrainer(
                model,
                new OptimizerSettings(0.9, 0.999, 1e-8, 0, 1),
                1,
                new TrainingSettings(precision, recompute))) {
      double opened = seconds(start);
      int vocabulary = model.config().vocabularySize();
      ppoStep(trainer, vocabulary, 1, 4); // the context, cuBLAS's workspace, gradients
      System.out.printf("%s: opened in %.1f s, GPU in use %.0f MB%n", label, opened, used() / 1e6);
      memory(label + " few", trainer, vocabulary, 4);
      memory(label + " all", trainer, vocabulary, SEQUENCE - 1);
      train(label, trainer, vocabulary);
      generate(label, model, vocabulary, precision);
    }
  }

  /** The allocator keeps what it has had, so what is in use is the peak. */
  private static void memory(String label, PolicyTrainer trainer, int vocabulary, int response) {
    var line = new StringBuilder(label + ": peak");
    for (int sequences : new int[] {2, 4, 8, 16}) {
      ppoStep(trainer, vocabulary, sequences, response);
      line.append(" %d tokens %.0f MB".formatted(sequences * SEQUENCE, used() / 1e6));
    }
    System.out.println(line);
  }

  private static void ppoStep(PolicyTrainer trainer, int vocabulary, int sequences, int response) {
    var samples = new ArrayList<PpoSample>();
    for (int row = 0; row < sequences; row++) {
      var tokens = tokens(row, SEQUENCE, vocabulary);
      var zeros = new float[response];
      samples.add(
          new PpoSample(
              new TokenSequence(
                  Arrays.copyOf(tokens, SEQUENCE - response),
                  Arrays.copyOfRange(tokens, SEQUENCE - response, SEQUENCE)),
              zeros,
              zeros,
              zeros,
              zeros));
    }
    trainer.ppoStep(samples, new PpoSettings(0.2, 0.2, 0.5, 0, 1), 0, sequences);
  }

  private static void train(String label, PolicyTrainer trainer, int vocabulary) {
    var texts = new ArrayList<int[]>();
    for (int row = 0; row < SEQUENCES; row++) {
      texts.add(tokens(row, SEQUENCE + 1, vocabulary));
    }
    trainer.clearOptimizer();
    var losses = new ArrayList<Double>();
    Supplier<Object> step = () -> losses.add(trainer.languageModelStep(texts, 1e-4, SEQUENCES).loss());
    double seconds = median(step);
    System.out.printf(
        "%s: train %.1f ms a step of %d tokens, %.0f tokens/s, losses %s%n",
        label,
        seconds * 1e3,
        SEQUENCES * SEQUENCE,
        SEQUENCES * SEQUENCE / seconds,
        losses.stream().map("%.5f"::formatted).toList());
  }

  private static void generate(
      String label, CausalLanguageModel model, int vocabulary, Precision precision) {
    var requests = new ArrayList<GenerationRequest>();
    for (int row = 0; row < ROLLOUTS; row++) {
      requests.add(new GenerationRequest(tokens(row, PROMPT, vocabulary), row));
    }
    var sampling = new Sampling(1, 0, 1, false, NEW_TOKENS, PROMPT, new int[0]);
    var rounds = new ArrayList<List<Generation>>();
    double seconds = median(() -> rounds.add(model.generate(requests, sampling, precision)));
    boolean same =
        rounds.stream()
            .allMatch(
                round ->
                    Arrays.deepEquals(responses(round), responses(rounds.get(0))));
    System.out.printf(
        "%s: generate %.0f tokens/s, %d rollouts of %d + %d, %.2f ms a token, rounds alike: %s%n",
        label,
        ROLLOUTS * NEW_TOKENS / seconds,
        ROLLOUTS,
        PROMPT,
        NEW_TOKENS,
        seconds * 1e3 / NEW_TOKENS,
        same);
  }

  private static int[][] responses(List<Generation> round) {
    return round.stream().map(Generation::responseTokens).toArray(int[][]::new);
  }

  /** Of three after two to warm up. */
  private static double median(Supplier<Object> work) {
    var seconds = new double[3];
    for (int round = -2; round < seconds.length; round++) {
      long start = System.nanoTime();
      work.get();
      if (round >= 0) {
        seconds[round] = seconds(start);
      }
    }
    Arrays.sort(seconds);
    return seconds[seconds.length / 2];
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  /** As in peer.py. */
  private static int[] tokens(int row, int length, int vocabulary) {
    var tokens = new int[length];
    for (int i = 0; i < length; i++) {
      tokens[i] = (int) ((row * 7919L + (long) i * i * 31 + i * 1009L + 17) % vocabulary);
    }
    return tokens;
  }

  /** Bytes of the whole GPU, as its driver says. */
  private static long used() {
    return CudaUtils.getGpuMemory(Device.gpu(0)).getUsed();
  }
}
