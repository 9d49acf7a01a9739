import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.Engine;
import org.elasticreset.model.LlamaConfig;
import org.elasticreset.model.LoraSettings;
import org.elasticreset.model.ModelSettings;
import org.elasticreset.model.OptimizerSettings;
import org.elasticreset.model.PolicyTrainer;
import org.elasticreset.model.PpoSample;
import org.elasticreset.model.PpoSettings;
import org.elasticreset.model.Precision;
import org.elasticreset.model.RotaryAngles;
import org.elasticreset.model.TokenSequence;
import org.elasticreset.model.TrainingSettings;

/**
 * The memory that one PPO micro-step takes at its peak, by the tokens it reads: resident memory of
 * the process above what it held before, on a new random model of Llama's shape.
 *
 * <p>Arguments: width layers vocabulary lora|whole float32|bfloat16 keep|recompute
 * all|few(response tokens: all but one, or four a sequence). {@code measure} runs it for several
 * shapes and prints a table.
 */
public class MemoryPerToken {

  private static final int SEQUENCE = 256;

  public static void main(String[] arguments) throws IOException {
    int width = Integer.parseInt(arguments[0]);
    int layers = Integer.parseInt(arguments[1]);
    int vocabulary = Integer.parseInt(arguments[2]);
    boolean lora = arguments[3].equals("lora");
    var precision = arguments[4].equals("bfloat16") ? Precision.BFLOAT16 : Precision.FLOAT32;
    boolean recompute = arguments[5].equals("recompute");
    int response = arguments[6].equals("all") ? SEQUENCE - 1 : 4;

    Engine.useThreads(2);
    var settings =
        new ModelSettings(
            lora ? precision : Precision.FLOAT32,
            lora
                ? Optional.of(new LoraSettings(16, 32, 0.05, List.of("q_proj", "v_proj")))
                : Optional.empty(),
            1);
    long empty = resident("VmRSS");
    try (var model = CausalLanguageModel.initialise(llama(width, layers, vocabulary), null, settings);
        var trainer =
            new PolicyTrainer(
                model,
                new OptimizerSettings(0.9, 0.999, 1e-8, 0, 1),
                1,
                new TrainingSettings(precision, recompute))) {
      step(trainer, vocabulary, 1, 4);
      System.out.printf("%-52s", String.join(" ", arguments));
      System.out.printf(" held %6.0f MB", (resident("VmRSS") - empty) / 1e6);
      for (int sequences : new int[] {2, 4, 8}) {
        long before = resident("VmRSS");
        Files.writeString(Path.of("/proc/self/clear_refs"), "5"); // the peak starts again
        step(trainer, vocabulary, sequences, response);
        long peak = resident("VmHWM") - before;
        System.out.printf("  %5d tokens %7.1f MB", sequences * SEQUENCE, peak / 1e6);
      }
      System.out.println();
    }
  }

  private static LlamaConfig llama(int width, int layers, int vocabulary) {
    int heads = width / 64;
    return new LlamaConfig(
        "llama",
        vocabulary,
        4096,
        width,
        width * 43 / 16 / 64 * 64, // Llama 2's 11008 of 4096
        layers,
        heads,
        heads,
        64,
        1e-5,
        false,
        false,
        false,
        new RotaryAngles(10_000, new RotaryAngles.Unscaled()),
        0,
        0,
        List.of());
  }

  private static void step(PolicyTrainer trainer, int vocabulary, int sequences, int response) {
    var random = new SplittableRandom(1);
    var samples = new ArrayList<PpoSample>();
    for (int i = 0; i < sequences; i++) {
      var tokens =
          new TokenSequence(
              random.ints(SEQUENCE - response, 0, vocabulary).toArray(),
              random.ints(response, 0, vocabulary).toArray());
      var zeros = new float[response];
      samples.add(new PpoSample(tokens, zeros, zeros, zeros, zeros));
    }
    trainer.ppoStep(samples, new PpoSettings(0.2, 0.2, 0.5, 0, 1), 1e-5, sequences);
  }

  /** Bytes of this process, from the kernel's own account. */
  private static long resident(String key) throws IOException {
    for (var line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith(key + ":")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
      }
    }
    throw new IllegalStateException("/proc/self/status has no " + key);
  }
}
