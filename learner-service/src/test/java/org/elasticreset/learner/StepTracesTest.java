package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.TrainingEvent.EventCase;
import org.elasticreset.tracing.TraceIdentity;
import org.elasticreset.tracing.TraceKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole run without threads and sockets, and what is told of its steps. */
class StepTracesTest {

  private static final String RUN = "test-run";
  private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1_000), ZoneOffset.UTC);

  private static final PromptBatch BATCH =
      PromptBatch.newBuilder()
          .setBatchId("train-1-0")
          .setPurpose(Purpose.TRAINING)
          .setTargetStep(1)
          .build();

  @TempDir Path directory;

  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private final DerivedIds ids = new DerivedIds();

  @BeforeEach
  void noneYet() {
    GlobalOpenTelemetry.resetForTest();
  }

  @AfterEach
  void noneAnyMore() {
    GlobalOpenTelemetry.resetForTest();
    assertThat(Context.current()).isEqualTo(Context.root());
  }

  @Test
  void stepHasOneTraceByItsIdFromItsPromptsToItsVersion() throws Exception {
    traced(Sampler.alwaysOn(), new FakeEmaService(), workers -> workers);

    SpanData root = root(2);
    assertThat(root.getName()).isEqualTo("step");
    assertThat(root.getAttributes().get(TraceKeys.POLICY_VERSION)).isEqualTo(3);
    assertThat(children(root))
        .contains("admit", "collect", "measure", "train", "upload", "checkpoint", "release")
        .doesNotContain("paused");
    assertThat(named("epoch")).isNotEmpty();
    assertThat(spans.getFinishedSpanItems())
        .allSatisfy(span -> assertThat(span.getEndEpochNanos()).isPositive());
  }

  @Test
  void evaluationHasATraceOfItsOwn() throws Exception {
    traced(Sampler.alwaysOn(), new FakeEmaService(), workers -> workers);

    SpanData root = byId().get(TraceIdentity.of(RUN, "evaluation", 0).rootSpanId());
    assertThat(root.getName()).isEqualTo("evaluation");
    assertThat(children(root)).contains("admit", "collect", "measure").doesNotContain("train");
  }

  @Test
  void stepsThatAreNotSampledLeaveNothingAndTrainingIsTheSame() throws Exception {
    FakeRun traced = traced(Sampler.alwaysOn(), new FakeEmaService(), workers -> workers);
    int told = spans.getFinishedSpanItems().size();
    spans.reset();
    FakeRun left = traced(Sampler.alwaysOff(), new FakeEmaService(), workers -> workers);

    assertThat(told).isPositive();
    assertThat(spans.getFinishedSpanItems()).isEmpty();
    assertThat(left.events(EventCase.TRAINING_STEP))
        .isEqualTo(traced.events(EventCase.TRAINING_STEP));
    assertThat(left.events(EventCase.TRAINING_STEP))
        .isEqualTo(FakeRun.of(TestConfig.in(directory)).events(EventCase.TRAINING_STEP));
  }

  @Test
  void resetIsSaidOnTheStepThatLedToIt() throws Exception {
    traced(Sampler.alwaysOn(), new FakeEmaService(2L), workers -> workers);

    assertThat(root(2).getAttributes().get(TraceKeys.RESET)).isTrue();
    assertThat(root(2).getAttributes().get(TraceKeys.REASON)).isNotBlank();
    assertThat(root(1).getAttributes().get(TraceKeys.RESET)).isNull();
  }

  @Test
  void batchThatIsIssuedAgainAndCopiesThatComeBackSaySo() throws Exception {
    traced(
        Sampler.alwaysOn(),
        new FakeEmaService(),
        workers -> workers.losingOnce("train-1-0/0").twice());

    assertThat(named("admit"))
        .filteredOn(span -> Boolean.TRUE.equals(span.getAttributes().get(TraceKeys.REISSUED)))
        .extracting(span -> span.getAttributes().get(TraceKeys.BATCH_ID))
        .contains("train-1-0");
    assertThat(root(2).getEvents())
        .isNotEmpty()
        .allMatch(event -> event.getName().equals("duplicate rollout"));
  }

  @Test
  void learnerThatStartsAgainGoesOnWithTheTrace() {
    StepTraces before = traces(Sampler.alwaysOn());
    before.issuing(List.of(BATCH)).end();
    String promised = spans.getFinishedSpanItems().get(0).getParentSpanId();

    StepTraces after = traces(Sampler.alwaysOn());
    after.issuing(List.of(BATCH)).end();
    after.end("stopped");

    assertThat(named("step"))
        .singleElement()
        .satisfies(
            root -> {
              assertThat(root.getSpanId()).isEqualTo(promised);
              assertThat(root.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            });
    assertThat(named("admit"))
        .hasSize(2)
        .extracting(SpanData::getParentSpanId)
        .containsOnly(promised);
  }

  private FakeRun traced(
      Sampler sampler, FakeEmaService emaService, UnaryOperator<FakeWorkers> behaviour)
      throws InterruptedException {
    LearnerConfig config = TestConfig.in(directory);
    FakeRun run = new FakeRun(config, emaService, behaviour);
    StepTraces traces = traces(sampler);
    new TrainingLoop(
            config,
            run.policy,
            new TracedEmaService(run.emaService, traces),
            run.checkpoints(),
            FakeRun.orders(config),
            new TracedInbox(run.workers, traces),
            new TracedOutbox(run.workers, traces),
            new TrainingProgress(CLOCK, traces),
            CLOCK)
        .run();
    return run;
  }

  private StepTraces traces(Sampler sampler) {
    GlobalOpenTelemetry.resetForTest();
    OpenTelemetrySdk telemetry =
        OpenTelemetrySdk.builder()
            .setTracerProvider(
                SdkTracerProvider.builder()
                    .setIdGenerator(ids)
                    .setSampler(Sampler.parentBased(sampler))
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build())
            .buildAndRegisterGlobal();
    return new StepTraces(RUN, telemetry.getTracer("test"), ids);
  }

  private SpanData root(long step) {
    return byId().get(TraceIdentity.of(RUN, "training", step).rootSpanId());
  }

  private Map<String, SpanData> byId() {
    return spans.getFinishedSpanItems().stream()
        .collect(Collectors.toMap(SpanData::getSpanId, Function.identity()));
  }

  private List<String> children(SpanData root) {
    return spans.getFinishedSpanItems().stream()
        .filter(span -> span.getParentSpanId().equals(root.getSpanId()))
        .filter(span -> span.getTraceId().equals(root.getTraceId()))
        .map(SpanData::getName)
        .toList();
  }

  private List<SpanData> named(String name) {
    return spans.getFinishedSpanItems().stream()
        .filter(span -> span.getName().equals(name))
        .toList();
  }
}
