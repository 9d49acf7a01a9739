package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.elasticreset.broker.LocalBroker;
import org.elasticreset.cli.tracking.EventFiles;
import org.elasticreset.cli.tracking.EventFiles.Contents;
import org.elasticreset.cli.tracking.EventFiles.Point;
import org.elasticreset.cli.tracking.EventFiles.Text;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.proto.v1.Rollout;
import org.elasticreset.proto.v1.TrainingEvent;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The product as a user runs it: the command, a real broker and the four services as processes,
 * with models so small that a run is mostly start-up.
 */
class WholeLoopIT {
  private static final int STEPS = 5;

  private static final Pattern OF_THE_MACHINE =
      Pattern.compile(
          "\\[(io.vertx.core.impl.BlockedThreadChecker|io.smallrye.reactive.messaging.kafka|org.apache.kafka)");

  @TempDir private static Path root;

  /** Resets at every second update, twice with the same seed; and once without any. */
  private static Finished first;

  private static Finished again;

  /** On a broker that outlives it, with what that has on training-events. */
  private static Finished withoutResets;

  /** Made from what the broker has of the run without resets. */
  private static RunDirectory followed;

  private static final List<TrainingEvent> told = new ArrayList<>();

  /** What is left of a run, and the rollouts that an outsider saw. */
  private record Finished(
      int exitCode, RunDirectory directory, RecordedRun record, List<Rollout> rollouts) {}

  @BeforeAll
  static void runThreeTimes() throws Exception {
    TinyRun.write(root, STEPS);
    first = run("first");
    again = runTracked("again");
    try (LocalBroker cluster = LocalBroker.startTemporary()) {
      String servers = cluster.bootstrapServers();
      withoutResets =
          run(
              "without-resets",
              Integer.parseInt(servers.substring(servers.indexOf(':') + 1)),
              List.of("reset.trigger=on-request", "kafka.bootstrap-servers=" + servers));
      try (var events =
          new KafkaTrainingEvents(KafkaAccess.plain(servers), withoutResets.directory.name())) {
        events.replay(told::add);
      }
      followed = follow(servers, withoutResets.directory.name());
    }
  }

  @Test
  void runEndsWellAndLeavesAPolicyAReportAndNoProcess() {
    assertThat(first.exitCode).isZero();
    assertThat(first.directory.scratch()).doesNotExist();
    assertThat(first.directory.report()).content().contains("2 resets", "the good dog");
    assertThat(first.record.samplesOf(0)).hasSize(4);
    assertThat(ProcessHandle.current().children()).isEmpty();
    try (CausalLanguageModel policy = CausalLanguageModel.open(first.directory.policy())) {
      assertThat(policy.config().positions()).isEqualTo(32);
    }
  }

  /** But of the machine, which may be slow: whatever waits for Kafka or for a core says so. */
  @Test
  void noServiceWarnsOfAnythingInAnOrdinaryRun() throws IOException {
    List<String> warnings = new ArrayList<>();
    try (Stream<Path> logs = Files.list(first.directory.log("broker").getParent())) {
      for (Path log : logs.filter(path -> path.toString().contains("-service")).toList()) {
        Files.readAllLines(log).stream()
            .filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
            .filter(line -> !OF_THE_MACHINE.matcher(line).find())
            .forEach(line -> warnings.add(log.getFileName() + ": " + line));
      }
    }
    assertThat(warnings).isEmpty();
  }

  /** The services inherit it, and read it: the build puts it into the environment. */
  @Test
  void noFileOfARunHoldsASecretOfTheEnvironment() throws IOException {
    String secret = System.getenv("KAFKA_SASL_JAAS_CONFIG");
    assertThat(secret).contains("planted-secret");

    try (Stream<Path> files = Files.walk(first.directory.config().getParent())) {
      assertThat(files.filter(Files::isRegularFile))
          .hasSizeGreaterThan(10)
          .allSatisfy(
              file ->
                  assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                      .doesNotContain("planted-secret"));
    }
  }

  @Test
  void metricsAreComplete() {
    assertThat(steps(first.record.events("step"))).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(steps(first.record.events("evaluation"))).containsExactly(0L, 2L, 4L, 5L);
    assertThat(first.record.metrics())
        .allMatch(line -> line.hasNonNull("policy_version") && line.hasNonNull("reset_epoch"));
    assertThat(first.record.events("evaluation"))
        .allMatch(
            line ->
                line.path("perplexity_human_text").asDouble() > 1
                    && line.path("judge_mean").isNumber()
                    && line.path("kl_to_initial_nats").isNumber());
    assertThat(first.record.metrics().get(0).path("kl_to_initial_nats").asDouble())
        .isCloseTo(0, within(1e-4));
  }

  @Test
  void versionsRiseAndResetsHappenAtEverySecondUpdate() {
    assertThat(steps(first.record.events("reset"))).containsExactly(2L, 4L);
    assertThat(first.record.events("reset"))
        .extracting(line -> line.path("reset_epoch").asLong())
        .containsExactly(1L, 2L);
    assertThat(first.record.events("reset"))
        .allMatch(line -> line.path("initial_share").asDouble() == 0.25);
    assertThat(first.record.metrics())
        .extracting(line -> line.path("policy_version").asLong())
        .isSorted();
    assertThat(first.record.metrics())
        .extracting(line -> line.path("policy_version").asLong())
        .contains(1L, 2L, 3L, 4L, 5L, 6L);
  }

  @Test
  void auditEventOfAResetSaysWhatTheMetricsSay() {
    List<JsonNode> audited =
        first.record.audit().stream()
            .filter(line -> line.path("action").asText().equals("reset-done"))
            .toList();
    assertThat(audited).hasSize(2);
    for (int i = 0; i < audited.size(); i++) {
      JsonNode reset = first.record.events("reset").get(i);
      JsonNode step = first.record.events("step").get(reset.path("step").asInt() - 1);
      assertThat(fields(audited.get(i), "step", "policy_version", "reset_epoch"))
          .isEqualTo(fields(reset, "step", "policy_version", "reset_epoch"));
      assertThat(audited.get(i).path("why")).isEqualTo(reset.path("reason"));
      assertThat(audited.get(i).path("updates_since_reset"))
          .isEqualTo(reset.path("updates_since_reset"));
      assertThat(fields(audited.get(i), "reward_mean", "kl_to_initial_nats"))
          .isEqualTo(fields(step, "reward_mean", "kl_to_initial_nats"));
    }
    JsonNode known = audited.get(1).path("evaluation");
    assertThat(fields(known, "step", "reward_mean", "judge_mean", "perplexity_human_text"))
        .as("the newest evaluation that was finished before step 4")
        .isEqualTo(
            fields(
                first.record.events("evaluation").get(1),
                "step",
                "reward_mean",
                "judge_mean",
                "perplexity_human_text"));
  }

  @Test
  void brokerThatOutlivesTheRunHasItsBeginningAndItsEnd() {
    List<JsonNode> lines = withoutResets.record.audit();
    assertThat(lines)
        .extracting(line -> line.path("action").asText())
        .containsExactly("run-begun", "run-finished");
    assertThat(told.stream().filter(TrainingEvent::hasAudit).map(e -> e.getAudit().getId()))
        .containsOnlyOnceElementsOf(List.of(lines.get(1).path("id").asText()))
        .containsAll(lines.stream().map(line -> line.path("id").asText()).toList());
    assertThat(told.get(0).getAudit().getAction()).isEqualTo("run-begun");
  }

  @Test
  void rolloutWorkersAdoptThePolicyOfAReset() {
    long reset = first.record.events("reset").get(0).path("policy_version").asLong();

    assertThat(first.rollouts)
        .anyMatch(rollout -> rollout.getResetEpoch() == 0)
        .anyMatch(rollout -> rollout.getResetEpoch() == 1 && rollout.getPolicyVersion() >= reset);
  }

  @Test
  void sameSeedGivesTheSameMetricsTimingsAside() {
    assertThat(withoutTimings(again)).isEqualTo(withoutTimings(first));
    assertThat(again.directory.samples()).hasSameBinaryContentAs(first.directory.samples());
  }

  /** It was tracked, with an MLflow that nobody serves, and its metrics are those of any run. */
  @Test
  void eventFilesSayWhatTheMetricsSay() throws IOException {
    assertThat(again.exitCode).isZero();
    Contents contents = EventFiles.read(again.directory.path().resolve("tensorboard"));
    for (String figure : List.of("reward_mean", "kl_to_initial_nats", "entropy_nats")) {
      assertThat(contents.of("train/" + figure))
          .extracting(Point::value)
          .isEqualTo(floats(again, "step", figure));
      assertThat(contents.of("eval/" + figure))
          .extracting(Point::value)
          .isEqualTo(floats(again, "evaluation", figure));
    }
    assertThat(contents.of("reset_epoch"))
        .extracting(Point::value)
        .containsExactly(0f, 0f, 1f, 1f, 1f, 2f, 2f);
    assertThat(contents.texts().stream().filter(text -> text.tag().equals("resets")))
        .extracting(Text::step)
        .containsExactly(2L, 4L);
  }

  @Test
  void runOfABrokerIsFollowedToItsEnd() throws IOException {
    assertThat(followed.metrics()).hasSameBinaryContentAs(withoutResets.directory.metrics());
    assertThat(followed.samples()).hasSameBinaryContentAs(withoutResets.directory.samples());
    assertThat(EventFiles.read(followed.path().resolve("tensorboard")).of("train/reward_mean"))
        .extracting(Point::value)
        .isEqualTo(floats(withoutResets, "step", "reward_mean"));
  }

  /** Versions aside: at a reset the average is published in the place of the step's own policy. */
  @Test
  void elasticResetChangesNothingBeforeItsFirstReset() {
    List<String> with = without(first, "time", "tokens_per_second", "policy_version");
    List<String> off = without(withoutResets, "time", "tokens_per_second", "policy_version");
    int firstReset = first.record.metrics().indexOf(first.record.events("reset").get(0));

    assertThat(firstReset).isGreaterThan(2);
    assertThat(off.subList(0, firstReset)).isEqualTo(with.subList(0, firstReset));
    assertThat(withoutResets.record.events("reset")).isEmpty();
    assertThat(off).isNotEqualTo(with);
  }

  private static Finished run(String name) throws Exception {
    int port = freePort();
    return run(name, port, List.of("kafka.port=" + port));
  }

  private static Finished runTracked(String name) throws Exception {
    int port = freePort();
    return run(
        name,
        port,
        List.of(
            "kafka.port=" + port,
            "tracking.tensorboard=true",
            "tracking.mlflow=http://127.0.0.1:" + freePort()));
  }

  private static RunDirectory follow(String servers, String runId) {
    Path output = root.resolve("followed");
    List<String> command = List.of("track", runId, "--bootstrap-servers", servers);
    List<String> where = List.of("--output", output.toString(), "--tensorboard");
    String[] all = Stream.of(command, where).flatMap(List::stream).toArray(String[]::new);
    assertThat(ElasticResetCommand.execute(all)).isZero();
    return new RunDirectory(output);
  }

  private static List<Float> floats(Finished run, String event, String figure) {
    return run.record.events(event).stream().map(line -> line.path(figure).floatValue()).toList();
  }

  private static Finished run(String name, int port, List<String> settings) throws Exception {
    String[] set =
        settings.stream().flatMap(each -> Stream.of("--set", each)).toArray(String[]::new);
    RunDirectory directory = new RunDirectory(root.resolve("runs").resolve(name));
    try (RolloutWitness witness = new RolloutWitness(port, name)) {
      int exitCode = ElasticResetCommand.execute(TinyRun.arguments(root, name, set));
      return new Finished(exitCode, directory, RecordedRun.read(directory), witness.seen());
    }
  }

  private static List<Long> steps(List<JsonNode> lines) {
    return lines.stream().map(line -> line.path("step").asLong()).toList();
  }

  private static List<JsonNode> fields(JsonNode line, String... names) {
    return Stream.of(names).map(line::path).toList();
  }

  private static List<String> withoutTimings(Finished run) {
    return without(run, "time", "tokens_per_second");
  }

  private static List<String> without(Finished run, String... fields) {
    return run.record.metrics().stream()
        .map(line -> ((ObjectNode) line.deepCopy()).remove(List.of(fields)))
        .map(JsonNode::toString)
        .toList();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
