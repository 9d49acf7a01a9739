package org.elasticreset.cli;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.elasticreset.cli.RunConfig.RehearsalConfig;
import org.elasticreset.cli.RunConfig.RolloutConfig;
import org.elasticreset.cli.RunConfig.ScorerConfig;
import org.elasticreset.model.Precision;
import org.jspecify.annotations.Nullable;

/**
 * What no single setting can be blamed for: settings that do not go together, files that are not
 * there, ports that are taken. Everything is checked before anything starts.
 */
final class Preflight {
  private static final Pattern RUN_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  private static final Pattern BOOTSTRAP_SERVERS =
      Pattern.compile("[^,\\s]+:\\d{1,5}(,[^,\\s]+:\\d{1,5})*");

  private final RunConfig config;

  private Preflight(RunConfig config) {
    this.config = config;
  }

  /**
   * Checks a configuration against itself and this machine.
   *
   * @throws InvalidInputException naming the first setting that cannot work
   */
  static void check(RunConfig config) {
    Preflight preflight = new Preflight(config);
    preflight.checkName();
    preflight.checkBatches();
    ObjectiveCheck.check(config);
    preflight.checkStaleness();
    ResetPreflight.check(config);
    preflight.checkPrecision();
    preflight.checkPolicy();
    preflight.checkTexts();
    preflight.checkScorers();
    ReceiverCheck.check(config);
    RatersCheck.check(config);
    LearnCheck.check(config);
    RunTracking.check(config);
    TracingConfig.check(config.tracing());
    preflight.checkBroker();
    preflight.checkPorts();
  }

  private void checkName() {
    if (config.name() != null && !RUN_NAME.matcher(config.name()).matches()) {
      throw InvalidInputException.of(
          "name", config.name(), "letters, digits, '.', '_' and '-', at most 100");
    }
  }

  private void checkBatches() {
    requireMultiple(
        "rollout.per-step",
        config.rollout().perStep(),
        "rollout.batch-size",
        config.rollout().batchSize());
    requireMultiple(
        "rollout.per-step",
        config.rollout().perStep(),
        "ppo.minibatch-size",
        config.ppo().minibatchSize());
    requireMultiple(
        "ppo.minibatch-size",
        config.ppo().minibatchSize(),
        "ppo.micro-batch-size",
        config.ppo().microBatchSize());
  }

  private static void requireMultiple(String key, int value, String divisorKey, int divisor) {
    if (value % divisor != 0) {
      throw InvalidInputException.of(key, value, "a multiple of " + divisorKey + ", " + divisor);
    }
  }

  private void checkStaleness() {
    requireSynchronous("iterated-learning", config.iteratedLearning());
    requireSynchronous("nlpo", config.nlpo());
  }

  private void requireSynchronous(String key, @Nullable Object setting) {
    if (setting != null && config.maxStaleness() > 0) {
      throw InvalidInputException.of(
          "max-staleness",
          config.maxStaleness(),
          "0 with %s, which takes the newest policy's own rollouts".formatted(key));
    }
  }

  private void checkPolicy() {
    PolicyDirectory policy = PolicyDirectory.open("policy", config.policy());
    policy.lora(config.lora());
    if (config.chat()) {
      checkChat(policy);
    }
    if (config.sampling().stopAtEos() && policy.config().endTokens().isEmpty()) {
      throw InvalidInputException.of(
          "sampling.stop-at-eos",
          true,
          "false, for config.json of " + config.policy() + " names no eos_token_id");
    }
    int tokens = config.sampling().maxPromptTokens() + config.sampling().maxNewTokens();
    if (tokens > policy.config().positions()) {
      throw InvalidInputException.of(
          "sampling.max-new-tokens",
          config.sampling().maxNewTokens(),
          "max-prompt-tokens + max-new-tokens <= "
              + policy.config().positions()
              + ", the positions of the policy; they are "
              + tokens);
    }
  }

  /** A prompt that its template leaves no room for would be refused by every worker, for ever. */
  private void checkChat(PolicyDirectory policy) {
    if (!policy.hasChatTemplate()) {
      throw InvalidInputException.of(
          "chat", true, "false, for " + config.policy() + " has no chat template");
    }
    int shortest = policy.chatTemplateTokens();
    if (config.sampling().maxPromptTokens() < shortest) {
      throw InvalidInputException.of(
          "sampling.max-prompt-tokens",
          config.sampling().maxPromptTokens(),
          "at least %d, what the chat template of %s takes around a prompt of one letter"
              .formatted(shortest, config.policy()));
    }
  }

  private void checkPrecision() {
    if (config.baseWeights() != Precision.FLOAT32 && config.lora() == null) {
      throw InvalidInputException.of(
          "base-weights", "bfloat16", "float32, in which weights are trained; or lora.rank");
    }
    if (!config.device().matches("auto|cpu|cuda:\\d+")) {
      throw InvalidInputException.of("device", config.device(), "auto, cpu or cuda:n");
    }
  }

  private void checkTexts() {
    InputTexts.prompts("prompts", config.prompts());
    InputTexts.prompts("evaluation.prompts", config.evaluation().prompts());
    requireText("evaluation.human-text", config.evaluation().humanText());
    if (config.rehearsal() != null) {
      checkRehearsal(config.rehearsal());
    }
  }

  private void checkRehearsal(RehearsalConfig rehearsal) {
    List<String> texts = InputTexts.read("rehearsal.texts", rehearsal.texts());
    if (isSame(rehearsal.texts(), config.evaluation().humanText())) {
      throw InvalidInputException.of(
          "rehearsal.texts",
          rehearsal.texts(),
          "another file than evaluation.human-text, whose perplexity says nothing once it is"
              + " trained on");
    }
    if (rehearsal.batchSize() > texts.size()) {
      throw InvalidInputException.of(
          "rehearsal.batch-size",
          rehearsal.batchSize(),
          "at most %d, the texts of %s".formatted(texts.size(), rehearsal.texts()));
    }
  }

  private static boolean isSame(Path file, @Nullable Path other) {
    try {
      return other != null && Files.isSameFile(file, other);
    } catch (IOException e) {
      throw InvalidInputException.of(
          "rehearsal.texts", file, "a text file; it cannot be compared with " + other);
    }
  }

  private static void requireText(String key, @Nullable Path file) {
    if (file != null) {
      InputTexts.read(key, file);
    }
  }

  private void checkScorers() {
    if (config.reward().scorers().isEmpty()) {
      throw InvalidInputException.of("reward.scorers", "none", "at least one scorer");
    }
    Map<String, ScorerConfig> scorers = new LinkedHashMap<>();
    config.reward().scorers().forEach((name, scorer) -> scorers.put("scorers." + name, scorer));
    if (config.reward().judge() != null) {
      scorers.put("judge", config.reward().judge());
    }
    scorers.forEach((name, scorer) -> checkScorer("reward." + name, scorer));
  }

  static void checkScorer(String key, ScorerConfig scorer) {
    if (scorer instanceof ScorerConfig.Classifier classifier) {
      RewardModelDirectory model = RewardModelDirectory.open(key + ".model", classifier.model());
      boolean only = classifier.label() == null && model.labels().size() == 1;
      if (!only && !model.labels().contains(classifier.label())) {
        throw InvalidInputException.of(
            key + ".label",
            classifier.label() == null ? "missing" : classifier.label(),
            model.labels().isEmpty()
                ? "a classifier; config.json of " + classifier.model() + " has no id2label"
                : String.join(" | ", model.labels()) + ", the labels of " + classifier.model());
      }
    } else if (scorer instanceof ScorerConfig.Regex regex) {
      try {
        Pattern.compile(regex.pattern());
      } catch (PatternSyntaxException e) {
        throw InvalidInputException.of(
            key + ".pattern",
            regex.pattern(),
            "a regular expression of RE2: " + e.getDescription());
      }
    }
  }

  private void checkBroker() {
    String servers = config.kafka().bootstrapServers();
    if (servers != null && !BOOTSTRAP_SERVERS.matcher(servers).matches()) {
      throw InvalidInputException.of(
          "kafka.bootstrap-servers", servers, "host:port, several with commas between them");
    }
    if (servers != null && config.kafka().port() != 0) {
      throw InvalidInputException.of(
          "kafka.port", config.kafka().port(), "0, since kafka.bootstrap-servers names a broker");
    }
  }

  private void checkPorts() {
    Map<String, Integer> ports = new LinkedHashMap<>();
    RolloutConfig rollout = config.rollout();
    ports.put("kafka.port", config.kafka().port());
    ports.put("ema.grpc-port", config.ema().grpcPort());
    ports.put("ema.http-port", config.ema().httpPort());
    ports.put("learner.http-port", config.learner().httpPort());
    ports.put("reward.http-port", config.reward().httpPort());
    for (int worker = 0; rollout.httpPort() != 0 && worker < rollout.workers(); worker++) {
      ports.put(
          worker == 0 ? "rollout.http-port" : "rollout.http-port of worker " + (worker + 1),
          rollout.httpPort() + worker);
    }
    Map<Integer, String> taken = new HashMap<>();
    ports.forEach((key, port) -> checkPort(key, port, taken));
  }

  private static void checkPort(String key, int port, Map<Integer, String> taken) {
    if (port == 0) {
      return;
    }
    String other = taken.putIfAbsent(port, key);
    if (other != null) {
      throw InvalidInputException.of(key, port, "a port of its own; " + other + " has this one");
    }
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      socket.setReuseAddress(true);
    } catch (IOException | IllegalArgumentException e) {
      throw InvalidInputException.of(
          key, port, "a free port; another program listens there, 0 picks a free one");
    }
  }
}
