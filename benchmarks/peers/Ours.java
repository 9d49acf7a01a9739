package org.elasticreset.ema; // for Weights, the average as the ema-service keeps it

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.elasticreset.algorithm.ExponentialAverage;
import org.elasticreset.algorithm.GeneralizedAdvantageEstimation;
import org.elasticreset.algorithm.KlEstimator;
import org.elasticreset.algorithm.MaskedStatistics;
import org.elasticreset.algorithm.TokenRewards;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.Engine;
import org.elasticreset.model.GenerationRequest;
import org.elasticreset.model.OptimizerSettings;
import org.elasticreset.model.PolicyTrainer;
import org.elasticreset.model.PpoSample;
import org.elasticreset.model.PpoSettings;
import org.elasticreset.model.Sampling;
import org.elasticreset.model.SequenceClassifier;
import org.elasticreset.model.TokenSequence;

/**
 * Our side of compare.py: does the task that its arguments name once for every line of its input,
 * and answers with the seconds that it took. Files of rollouts have one a line: prompt tokens, a
 * bar, response tokens, a bar, the score.
 */
public final class Ours {

  private interface Task {
    void run();
  }

  private record Scored(TokenSequence tokens, float score) {}

  public static void main(String[] arguments) throws IOException {
    Engine.useThreads(Integer.parseInt(System.getenv("OMP_NUM_THREADS")));
    var model = Path.of(arguments[1]);
    int size = Integer.parseInt(arguments[3]);
    var input = Path.of(arguments[2]);
    switch (arguments[0]) {
      case "rollouts" -> writeRollouts(model, input, size, Path.of(arguments[4]));
      case "train" -> answer(training(CausalLanguageModel.open(model), rollouts(input, size)));
      case "generate" ->
          answer(generation(CausalLanguageModel.open(model), rollouts(input, size), 48));
      case "score" -> answer(scoring(SequenceClassifier.open(model), texts(input, size)));
      case "average" -> answer(averaging(size));
      case "copy" -> answer(copying(size));
      case "multiply" -> answer(multiplying(size));
      case "train-tokens" -> answer(training(CausalLanguageModel.open(model), ofLength(input, size)));
      case "generate-tokens" ->
          answer(generation(CausalLanguageModel.open(model), rollouts(input, 16), size));
      default -> throw new IllegalArgumentException("task: " + arguments[0]);
    }
  }

  private static void answer(Task task) throws IOException {
    var lines = new BufferedReader(new InputStreamReader(System.in));
    while (lines.readLine() != null) {
      long begin = System.nanoTime();
      task.run();
      System.out.println((System.nanoTime() - begin) / 1e9);
    }
  }

  /**
   * A training step as the learner-service does it: log-probabilities and values of the policy,
   * log-probabilities of the initial one, rewards and advantages, four epochs over minibatches of 16.
   */
  private static Task training(CausalLanguageModel policy, List<Scored> rollouts) {
    var reference = policy.reference();
    var trainer = new PolicyTrainer(policy, OptimizerSettings.DEFAULT, 1);
    var ppo = new PpoSettings(0.2, 0.2, 0.5, 0, 1);
    var tokens = rollouts.stream().map(Scored::tokens).toList();
    var random = new Random(1);
    return () -> {
      var now = trainer.evaluate(tokens, 1, 16);
      var initial = reference.logProbs(tokens, 1, 16);
      var advantages = new ArrayList<float[]>();
      var returns = new ArrayList<float[]>();
      for (int i = 0; i < tokens.size(); i++) {
        var rewards =
            TokenRewards.of(
                rollouts.get(i).score(),
                now.get(i).logProbs(),
                initial.get(i),
                KlEstimator.K1,
                0.02);
        var estimated =
            GeneralizedAdvantageEstimation.of(rewards, now.get(i).values(), 1, 0.95, 0);
        advantages.add(estimated.advantages());
        returns.add(estimated.returns());
      }
      var whitened = MaskedStatistics.whiten(advantages);
      var samples = new ArrayList<PpoSample>();
      for (int i = 0; i < tokens.size(); i++) {
        samples.add(
            new PpoSample(
                tokens.get(i),
                now.get(i).logProbs(),
                now.get(i).values(),
                whitened.get(i),
                returns.get(i)));
      }
      for (int epoch = 0; epoch < 4; epoch++) {
        Collections.shuffle(samples, random);
        for (int from = 0; from < samples.size(); from += 16) {
          trainer.ppoStep(samples.subList(from, from + 16), ppo, 1e-6, 16);
        }
      }
    };
  }

  /** So many tokens for each prompt, in one batch. */
  private static Task generation(CausalLanguageModel model, List<Scored> rollouts, int tokens) {
    var sampling = Sampling.untruncated(tokens, 24);
    var requests = new ArrayList<GenerationRequest>();
    for (var rollout : rollouts) {
      requests.add(new GenerationRequest(rollout.tokens().promptTokens(), requests.size()));
    }
    return () -> model.generate(requests, sampling);
  }

  private static Task scoring(SequenceClassifier classifier, List<String> texts) {
    return () -> classifier.probabilities(texts);
  }

  private static Task averaging(int weights) {
    var average = ones(weights);
    var latest = ones(weights);
    var ema = new ExponentialAverage(0.995);
    return () -> average.average(ema, latest);
  }

  private static Task copying(int weights) {
    var from = ones(weights);
    var to = ones(weights);
    return () -> to.set(from);
  }

  /** A minibatch of responses that are repeated until they are as long as that. */
  private static List<Scored> ofLength(Path file, int tokens) throws IOException {
    var rollouts = new ArrayList<Scored>();
    for (var rollout : rollouts(file, 16)) {
      var said = rollout.tokens().responseTokens();
      var response = new int[tokens];
      Arrays.setAll(response, t -> said[t % said.length]);
      var prompt = rollout.tokens().promptTokens();
      prompt = Arrays.copyOfRange(prompt, Math.max(0, prompt.length - 24), prompt.length);
      rollouts.add(new Scored(new TokenSequence(prompt, response), rollout.score()));
    }
    return rollouts;
  }

  /** A plain product of the same library, with nothing around it. */
  private static Task multiplying(int rows) {
    var manager = NDManager.newBaseManager(Device.cpu());
    var left = manager.ones(new Shape(rows, rows));
    var right = manager.ones(new Shape(rows, rows));
    return () -> left.matMul(right).close();
  }

  private static Weights ones(int weights) {
    var one = java.nio.ByteBuffer.allocate(4).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    one.putFloat(0, 1);
    var all = Weights.allocate(4L * weights);
    var bytes = com.google.protobuf.ByteString.copyFrom(one);
    for (long offset = 0; offset < all.size(); offset += 4) {
      all.write(offset, bytes);
    }
    return all;
  }

  /** Responses of exactly 40 tokens, with their texts in OUT.txt. */
  private static void writeRollouts(Path model, Path prompts, int size, Path out)
      throws IOException {
    try (var policy = CausalLanguageModel.open(model)) {
      var requests = new ArrayList<GenerationRequest>();
      Files.readString(prompts)
          .lines()
          .filter(line -> !line.startsWith("#") && !line.isBlank())
          .limit(size)
          .forEach(
              line ->
                  requests.add(
                      new GenerationRequest(policy.tokenizer().encode(line), requests.size())));
      var rollouts = new ArrayList<String>();
      var texts = new ArrayList<String>();
      var random = new Random(1);
      for (var made : policy.generate(requests, Sampling.untruncated(40, 24))) {
        rollouts.add(
            spaced(made.promptTokens())
                + " | "
                + spaced(made.responseTokens())
                + " | "
                + random.nextFloat());
        var whole = new ArrayList<Integer>();
        Arrays.stream(made.promptTokens()).forEach(whole::add);
        Arrays.stream(made.responseTokens()).forEach(whole::add);
        texts.add(
            policy
                .tokenizer()
                .decode(whole.stream().mapToInt(token -> token).toArray())
                .replace('\n', ' '));
      }
      Files.write(out, rollouts);
      Files.write(Path.of(out + ".txt"), texts);
    }
  }

  private static String spaced(int[] tokens) {
    return String.join(" ", Arrays.stream(tokens).mapToObj(Integer::toString).toList());
  }

  private static List<Scored> rollouts(Path file, int size) throws IOException {
    var rollouts = new ArrayList<Scored>();
    for (var line : Files.readAllLines(file).subList(0, size)) {
      var parts = line.split(" \\| ");
      rollouts.add(
          new Scored(
              new TokenSequence(tokens(parts[0]), tokens(parts[1])), Float.parseFloat(parts[2])));
    }
    return rollouts;
  }

  private static int[] tokens(String spaced) {
    return Arrays.stream(spaced.split(" ")).mapToInt(Integer::parseInt).toArray();
  }

  private static List<String> texts(Path file, int size) throws IOException {
    return Files.readAllLines(file).subList(0, size);
  }

  private Ours() {}
}
