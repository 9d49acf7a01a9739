package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.elasticreset.checkpoint.Sha256;
import org.elasticreset.cli.SpanCollector.Received;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs that are traced: by a collector that listens, and by one that is not there. */
class TracingIT {
  private static final int STEPS = 4;
  private static final String NAME = "traced-134";

  @TempDir private static Path root;

  private static List<JsonNode> untraced;
  private static List<JsonNode> traced;
  private static List<JsonNode> tracedToNobody;
  private static List<Received> spans;

  @BeforeAll
  static void runThreeTimes() throws Exception {
    TinyRun.write(root, STEPS);
    untraced = run("untraced");
    try (SpanCollector collector = new SpanCollector()) {
      traced = run(NAME, "--trace", collector.url(), "--set", "tracing.sample=0.5");
      spans = collector.spans();
    }
    tracedToNobody = run("to-nobody", "--trace", "http://127.0.0.1:1");
  }

  @Test
  void traceOfAStepGoesFromItsPromptsToTheVersionThatItLedTo() {
    long step = sampled("training", LongStream.rangeClosed(1, STEPS)).iterator().next();

    Map<String, List<String>> services = servicesBySpan(traceId("training", step));

    assertThat(services)
        .containsEntry("step", List.of("learner-service"))
        .containsEntry("admit", List.of("learner-service"))
        .containsEntry(NAME + ".prompts publish", List.of("learner-service", "learner-service"))
        .containsEntry("prompts wait", List.of("rollout-service", "rollout-service"))
        .containsEntry("generate", List.of("rollout-service", "rollout-service"))
        .containsEntry("adopt policy", List.of("rollout-service", "rollout-service"))
        .containsEntry(NAME + ".rollouts publish", List.of("rollout-service", "rollout-service"))
        .containsEntry("rollouts wait", List.of("reward-service", "reward-service"))
        .containsEntry("score", List.of("reward-service", "reward-service"))
        .containsEntry("scored-rollouts wait", List.of("learner-service", "learner-service"))
        .containsEntry("collect", List.of("learner-service"))
        .containsEntry("measure", List.of("learner-service"))
        .containsEntry("epoch", List.of("learner-service", "learner-service"))
        .containsEntry("upload", List.of("learner-service"))
        .containsEntry("receive weights", List.of("ema-service"))
        .containsEntry("take update", List.of("ema-service"))
        .containsEntry("average", List.of("ema-service"))
        .containsEntry("snapshot", List.of("ema-service"))
        .containsEntry("checkpoint", List.of("learner-service"))
        .containsEntry("release", List.of("learner-service"))
        .containsEntry("publish", List.of("ema-service"))
        .containsEntry(NAME + ".policy-versions publish", List.of("ema-service"))
        .containsEntry("fetch policy", List.of("rollout-service"))
        .containsEntry("serve policy", List.of("ema-service"));
  }

  @Test
  void everySpanHasItsParentInTheSameTrace() {
    Map<String, Received> byId =
        spans.stream().collect(Collectors.toMap(Received::spanId, Function.identity()));

    assertThat(spans)
        .filteredOn(span -> !span.parentId().isEmpty())
        .isNotEmpty()
        .allSatisfy(
            span -> {
              assertThat(byId).containsKey(span.parentId());
              assertThat(byId.get(span.parentId()).traceId()).isEqualTo(span.traceId());
            });
  }

  @Test
  void tracesAreThoseOfTheSampledStepsAndEvaluationsAndNoOthers() {
    Set<String> expected = new TreeSet<>();
    sampled("training", LongStream.rangeClosed(1, STEPS))
        .forEach(step -> expected.add(traceId("training", step)));
    sampled("evaluation", LongStream.of(0, 2, 4))
        .forEach(step -> expected.add(traceId("evaluation", step)));

    assertThat(spans.stream().map(Received::traceId).collect(Collectors.toSet()))
        .isEqualTo(expected);
    assertThat(expected).as("of %s, steps 2 and 3 and evaluation 2", NAME).hasSize(3);
  }

  @Test
  void generationSaysWorkerBatchTokensAndVersion() {
    assertThat(spans)
        .filteredOn(span -> span.name().equals("generate"))
        .isNotEmpty()
        .allSatisfy(
            span ->
                assertThat(span.attributes())
                    .containsEntry("elastic_reset.worker", "worker-1")
                    .containsEntry("elastic_reset.rollouts", 4L)
                    .containsKeys(
                        "elastic_reset.batch_id",
                        "elastic_reset.tokens",
                        "elastic_reset.policy_version"));
  }

  @Test
  void noSpanHasTheTextOfAPrompt() {
    assertThat(spans)
        .allSatisfy(
            span ->
                assertThat(span.attributes().toString()).doesNotContain("cat", "the dog", "mat"));
  }

  @Test
  void tracingChangesNoFigureWhetherAnybodyListensOrNot() {
    assertThat(untraced).hasSizeGreaterThan(STEPS);
    assertThat(traced).isEqualTo(untraced);
    assertThat(tracedToNobody).isEqualTo(untraced);
  }

  private static String traceId(String purpose, long step) {
    return Sha256.of(NAME + "/" + purpose + "/" + step).substring(0, 32);
  }

  /** What OpenTelemetry's ratio takes: by the last eight bytes of the id. */
  private static Set<Long> sampled(String purpose, LongStream steps) {
    long half = Long.MAX_VALUE / 2;
    return steps
        .filter(
            step ->
                Math.abs(Long.parseUnsignedLong(traceId(purpose, step).substring(16), 16)) < half)
        .boxed()
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Map<String, List<String>> servicesBySpan(String traceId) {
    return spans.stream()
        .filter(span -> span.traceId().equals(traceId))
        .collect(
            Collectors.groupingBy(
                Received::name, Collectors.mapping(Received::service, Collectors.toList())));
  }

  private static List<JsonNode> run(String name, String... more) {
    assertThat(ElasticResetCommand.execute(TinyRun.arguments(root, name, more))).isZero();
    RecordedRun record = RecordedRun.read(new RunDirectory(root.resolve("runs").resolve(name)));
    return record.metrics().stream().map(TracingIT::withoutTime).toList();
  }

  private static JsonNode withoutTime(JsonNode line) {
    ObjectNode kept = line.deepCopy();
    return kept.remove(List.of("time", "tokens_per_second"));
  }
}
