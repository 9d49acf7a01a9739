package org.elasticreset.learner;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.elasticreset.algorithm.ExponentialAverage;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.ema.SimulatedEma;
import org.elasticreset.ema.SimulatedEma.Served;
import org.elasticreset.model.files.TensorShape;
import org.elasticreset.proto.v1.OpenRun;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.proto.v1.Release;
import org.elasticreset.proto.v1.ResetTo;
import org.elasticreset.proto.v1.Resume;
import org.elasticreset.proto.v1.RunOpened;
import org.elasticreset.proto.v1.Tensor;

/**
 * The learner's way to the ema-service: calls, answers that get lost, a service that dies and is
 * there again. What is lost is asked for again from where both stood, as over gRPC.
 *
 * <p>It recomputes the average from the uploads that count, and holds every reset against it.
 */
final class SimulatedEmaService implements EmaService {

  private static final double DECAY = 0.75;

  /** Of the chance to die with something durable under way: workers act far more often. */
  private static final double UNASKED = 0.01;

  private final SimulatedEma ema;
  private final double decay;
  private final Random random;
  private final Chances chances;
  private final List<Uploaded> uploads = new ArrayList<>();
  private OpenRun run = OpenRun.getDefaultInstance();
  private Optional<Standing> standing = Optional.empty();
  private int unpublished;
  private boolean broken;
  int resets;

  SimulatedEmaService(Path directory, int resetEvery, Random random, Chances chances) {
    this(directory, DECAY, resetEvery, random, chances);
  }

  SimulatedEmaService(
      Path directory, double decay, int resetEvery, Random random, Chances chances) {
    this.decay = decay;
    this.random = random;
    this.chances = chances;
    try {
      ema = new SimulatedEma(directory, "test-run", decay, resetEvery, this::emaMayDie);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One upload of the history that counts. */
  private record Uploaded(long step, byte[] weights, boolean reset) {}

  /** The answer did not come. */
  private static final class Lost extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  Optional<Served> newest() {
    return ema.newest();
  }

  /** θ̄ of the newest snapshot. */
  @Override
  public void download(PolicyStamp version, TrainedWeights weights) {
    throw new UnsupportedOperationException("the simulation delivers its policy");
  }

  float[] average() {
    return floats(ema.average());
  }

  /** While nothing is asked of it: the learner finds its stream broken when it asks again. */
  void mayDieUnasked() {
    if (random.nextDouble() < chances.emaDies() * UNASKED) {
      startAgain();
      broken = true;
    }
  }

  private void emaMayDie() {
    if (random.nextDouble() < chances.emaDies()) {
      throw new Death();
    }
  }

  @Override
  public Opened open(TrainedWeights weights, ByteString initialDigest, Optional<Standing> from) {
    OpenRun.Builder described =
        OpenRun.newBuilder().setRunId("test-run").setInitialDigest(initialDigest);
    for (TensorShape tensor : weights.tensors()) {
      Tensor.Builder one = described.addTensorsBuilder().setName(tensor.name());
      for (long size : tensor.shape()) {
        one.addShape(size);
      }
    }
    run = described.build();
    RunOpened opened = untilAnswered(() -> openFrom(from));
    PolicyStamp stamp = new PolicyStamp(opened.getVersion(), opened.getResetEpoch());
    standing = from.map(asked -> new Standing(asked.step(), stamp, asked.digest()));
    return new Opened(stamp, decay);
  }

  private RunOpened openFrom(Optional<Standing> from) {
    broken = false;
    OpenRun.Builder request = run.toBuilder();
    from.ifPresent(
        at ->
            request.setResume(
                Resume.newBuilder()
                    .setStep(at.step())
                    .setVersion(at.policy().version())
                    .setDigest(at.digest())));
    unpublished = 0;
    uploads.removeIf(upload -> upload.step() > from.map(Standing::step).orElse(-1L));
    return ema.open(request.build());
  }

  @Override
  public Answer upload(Update update, TrainedWeights weights) {
    byte[] bytes = new byte[(int) weights.totalBytes()];
    weights.read(0, bytes.length).get(bytes);
    SimulatedEma.Answer answer = again(() -> ema.take(header(update), bytes));
    uploads.add(new Uploaded(update.step(), bytes, answer.average().isPresent()));
    PolicyVersion version = answer.newest();
    PolicyStamp stamp = new PolicyStamp(version.getVersion(), version.getResetEpoch());
    if (update.publish()) {
      standing = Optional.of(new Standing(update.step(), stamp, version.getDigest()));
      unpublished = 0;
    } else {
      unpublished++;
    }
    if (answer.average().isEmpty()) {
      return new Answer.Continue(stamp, answer.held(), version.getDigest());
    }
    requireRecomputed(answer.average().get());
    weights.write(0, answer.average().get().asReadOnlyByteBuffer());
    resets++;
    return new Answer.Reset(
        stamp, answer.held(), version.getDigest(), "due", ResetTo.RESET_TO_AVERAGE);
  }

  private static org.elasticreset.proto.v1.Update header(Update update) {
    return org.elasticreset.proto.v1.Update.newBuilder()
        .setStep(update.step())
        .setPublish(update.publish())
        .setCheckpoint(update.checkpoint())
        .build();
  }

  /** θ̄ from the uploads of the history that counts, in plain floats. */
  private void requireRecomputed(ByteString served) {
    ExponentialAverage average = new ExponentialAverage(decay);
    float[] initial = floats(uploads.get(0).weights());
    float[] recomputed = initial.clone();
    for (Uploaded upload : uploads.subList(1, uploads.size() - 1)) {
      average.update(recomputed, floats(upload.weights()));
      if (upload.reset()) {
        recomputed = initial.clone();
      }
    }
    average.update(recomputed, floats(uploads.get(uploads.size() - 1).weights()));
    float[] actual = floats(served.toByteArray());
    for (int i = 0; i < actual.length; i++) {
      if (Float.floatToIntBits(actual[i]) != Float.floatToIntBits(recomputed[i])) {
        throw new AssertionError("average " + actual[i] + " (recomputed: " + recomputed[i] + ")");
      }
    }
  }

  private static float[] floats(byte[] bytes) {
    FloatBuffer values = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[] floats = new float[values.remaining()];
    values.get(floats);
    return floats;
  }

  @Override
  public boolean release(long step, List<Long> keptSteps) {
    Release release = Release.newBuilder().setStep(step).addAllKeptSteps(keptSteps).build();
    again(
        () -> {
          ema.release(release);
          return release;
        });
    return false;
  }

  @Override
  public void requireServed(PolicyStamp version) {
    long newest = ema.newest().map(served -> served.version().getVersion()).orElse(0L);
    if (newest < version.version()) {
      throw new EmaServiceException("versions behind the newest checkpoint were lost", false);
    }
  }

  @Override
  public boolean isPaused() {
    return false;
  }

  @Override
  public void takeBack() {
    if (unpublished > 0) {
      reopen();
    }
  }

  private <T> T again(Supplier<T> call) {
    try {
      if (broken) {
        throw new Lost();
      }
      return answered(call);
    } catch (Lost e) {
      if (unpublished > 0) {
        throw new EmaServiceException("updates of the step are lost", true);
      }
      return untilAnswered(
          () -> {
            reopen();
            return call.get();
          });
    }
  }

  private void reopen() {
    RunOpened opened;
    try {
      opened = openFrom(standing);
    } catch (StatusRuntimeException e) {
      throw new EmaServiceException("the service does not stand there any more", false);
    }
    if (opened.getVersion() != standing.map(at -> at.policy().version()).orElse(0L)) {
      throw new EmaServiceException("versions behind the newest checkpoint were lost", false);
    }
  }

  private <T> T untilAnswered(Supplier<T> call) {
    while (true) {
      try {
        return answered(call);
      } catch (Lost e) {
        continue;
      }
    }
  }

  private <T> T answered(Supplier<T> call) {
    T answer;
    try {
      answer = call.get();
    } catch (Death e) {
      startAgain();
      throw new Lost();
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.FAILED_PRECONDITION) {
        throw new ResumeRefusedException(e.getStatus().getDescription());
      }
      throw e;
    }
    if (random.nextDouble() < chances.answerLost()) {
      throw new Lost();
    }
    return answer;
  }

  private void startAgain() {
    while (true) {
      try {
        ema.startAgain();
        return;
      } catch (Death e) {
        continue; // it died while it started
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() {}
}
