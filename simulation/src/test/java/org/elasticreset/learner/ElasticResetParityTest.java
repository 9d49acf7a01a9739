package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.elasticreset.proto.v1.TrainingEvent.EventCase.RESET;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.model.PpoSample;
import org.elasticreset.model.PpoStatistics;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The learner's loop with its cadence of uploads and the ema-service's state, over 500 updates and
 * 20 resets, against a simulation in Python that was written from the paper alone: {@code
 * algorithm/src/test/fixtures/elastic_reset.py} says what its files hold.
 */
class ElasticResetParityTest {

  private static final Path FILES =
      Path.of("..", "algorithm", "src", "test", "resources", "elastic-reset");

  @TempDir(factory = InMemory.class)
  Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"training-step", "ppo-epoch", "optimizer-step"})
  void runIsThatOfThePaper(String cadence) throws Exception {
    ReferenceNumbers expected = ReferenceNumbers.read(FILES.resolve(cadence + ".txt"));
    int steps = (int) expected.rows("tick").get(499)[0];
    LearnerConfig config =
        TestConfig.in(
            directory,
            "steps",
            String.valueOf(steps),
            "update-every",
            cadence,
            "ppo.epochs",
            String.valueOf((int) expected.number("epochs")),
            "ppo.minibatch-size",
            String.valueOf(4 / (int) expected.number("minibatches")),
            "ppo.learning-rate",
            String.valueOf(expected.number("rate")),
            "evaluation.every",
            String.valueOf(steps));
    Random random = new Random(1);
    WatchedEmaService ema =
        new WatchedEmaService(
            new SimulatedEmaService(
                directory.resolve("averages"),
                expected.number("decay"),
                (int) expected.number("reset-every"),
                random,
                Chances.NONE));
    SimulatedWorld world = new SimulatedWorld(ema.service, random, Chances.NONE);

    new TrainingLoop(
            config,
            new Quadratic(expected),
            ema,
            new RunCheckpoints(
                config.checkpoint(), config.runId(), Map.of(), Clock.systemUTC(), Runnable::run),
            FakeRun.orders(config),
            world,
            world,
            new TrainingProgress(Clock.systemUTC()),
            Clock.systemUTC())
        .run();

    assertThat(ema.ticks).hasSize(500).hasSameSizeAs(expected.rows("tick"));
    for (int n = 0; n < 500; n++) {
      ema.ticks.get(n).assertIs(n + 1, expected.rows("tick").get(n));
    }
    assertThat(world.events.stream().filter(event -> event.getEventCase() == RESET)).hasSize(20);
  }

  /** A thousand steps force many thousands of files. */
  static final class InMemory implements TempDirFactory {
    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test)
        throws IOException {
      return Files.createTempDirectory(LoopSimulationTest.shared(), "parity");
    }
  }

  /** ½ Σ curvature (θ − goal)², whose gradient has the noise of the fixture. */
  private static final class Quadratic extends FakePolicy {

    private final double[] goal;
    private final double[] curvature;
    private final List<double[]> noise;
    private int taken;

    Quadratic(ReferenceNumbers settings) {
      goal = settings.rows("goal").get(0);
      curvature = settings.rows("curvature").get(0);
      noise = settings.rows("noise");
      double[] initial = settings.rows("initial").get(0);
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) initial[i];
      }
    }

    @Override
    public PpoStatistics ppoStep(
        List<PpoSample> minibatch, double klCoefficient, double learningRate) {
      for (int i = 0; i < weights.length; i++) {
        double gradient = curvature[i] * (weights[i] - goal[i]) + noise.get(taken)[i];
        weights[i] = (float) (weights[i] - learningRate * gradient);
      }
      taken++;
      return new PpoStatistics(0, 0, 0, 0, 0, 0);
    }
  }

  /**
   * What stands behind an update.
   *
   * @param average as the ema-service keeps it behind a published update
   */
  private record Tick(
      EmaService.Update update, float[] policy, float[] average, long resets, long version) {

    void assertIs(int number, double[] expected) {
      String name = "update " + number;
      assertThat((double) update.step()).as(name).isEqualTo(expected[0]);
      assertNear(name + ", policy", policy, Arrays.copyOfRange(expected, 1, 5));
      assertThat(resets).as(name + ", resets").isEqualTo((long) expected[9]);
      assertThat(update.publish()).as(name + ", published").isEqualTo(expected[10] > 0);
      if (update.publish()) {
        assertNear(name + ", average", average, Arrays.copyOfRange(expected, 5, 9));
        assertThat(version).as(name + ", version").isEqualTo((long) expected[10]);
      }
    }

    private static void assertNear(String name, float[] found, double[] expected) {
      double[] doubles = new double[found.length];
      for (int i = 0; i < found.length; i++) {
        doubles[i] = found[i];
      }
      assertThat(doubles).as(name).containsExactly(expected, within(1e-6));
    }
  }

  /** Notes what the learner has after the answer to each update, the initial policy apart. */
  private static final class WatchedEmaService implements EmaService {

    final SimulatedEmaService service;
    final List<Tick> ticks = new ArrayList<>();

    WatchedEmaService(SimulatedEmaService service) {
      this.service = service;
    }

    @Override
    public void download(PolicyStamp version, TrainedWeights weights) {
      service.download(version, weights);
    }

    @Override
    public Answer upload(Update update, TrainedWeights weights) {
      Answer answer = service.upload(update, weights);
      if (update.step() > 0) {
        float[] policy = new float[4];
        weights.read(0, 16).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(policy);
        var stamp = answer.newest();
        ticks.add(new Tick(update, policy, service.average(), stamp.resetEpoch(), stamp.version()));
      }
      return answer;
    }

    @Override
    public Opened open(TrainedWeights weights, ByteString initialDigest, Optional<Standing> from) {
      return service.open(weights, initialDigest, from);
    }

    @Override
    public boolean release(long step, List<Long> keptSteps) {
      return service.release(step, keptSteps);
    }

    @Override
    public void requireServed(PolicyStamp version) {
      service.requireServed(version);
    }

    @Override
    public boolean isPaused() {
      return service.isPaused();
    }

    @Override
    public void takeBack() {
      service.takeBack();
    }

    @Override
    public void close() {
      service.close();
    }
  }
}
