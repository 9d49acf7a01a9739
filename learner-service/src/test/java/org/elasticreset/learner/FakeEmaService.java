package org.elasticreset.learner;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.proto.v1.ResetTo;

/** Continues, or resets behind the steps it is told to, to weights that are recognised. */
final class FakeEmaService implements EmaService {

  static final float[] AVERAGE = {10, 20, 30, 40};
  private static final ByteString DIGEST = ByteString.copyFrom(new byte[32]);

  final List<Update> updates = new ArrayList<>();
  final List<List<Float>> uploaded = new ArrayList<>();
  final List<Standing> resumed = new ArrayList<>();
  final List<Long> released = new ArrayList<>();
  final List<PolicyStamp> downloaded = new ArrayList<>();
  final Set<Long> refused = new HashSet<>();
  List<Long> kept = List.of();

  /** By step: how often the run is still held when the learner asks. */
  final Map<Long, Integer> pausedPolls = new HashMap<>();

  /** Whether the learner dies while the run is held. */
  boolean diesInPause;

  Runnable whilePaused = () -> {};

  /** With every upload and release. */
  Runnable whileAsked = () -> {};

  int takenBack;
  private final List<Long> resetSteps;
  final CrashPoint crash = new CrashPoint();
  private PolicyStamp newest = new PolicyStamp(0, 0);
  private long served;

  FakeEmaService(Long... resetSteps) {
    this.resetSteps = List.of(resetSteps);
  }

  PolicyStamp newest() {
    return newest;
  }

  @Override
  public Opened open(TrainedWeights weights, ByteString initialDigest, Optional<Standing> from) {
    crash.pass();
    from.ifPresent(resumed::add);
    if (from.isPresent() && refused.contains(from.get().step())) {
      throw new ResumeRefusedException("no snapshot of step " + from.get().step());
    }
    PolicyStamp asked = from.map(Standing::policy).orElse(new PolicyStamp(0, 0));
    newest =
        from.isPresent() && served > asked.version()
            ? new PolicyStamp(served + 1, asked.resetEpoch())
            : asked;
    served = Math.max(served, newest.version());
    crash.pass();
    return new Opened(newest, 0.5);
  }

  @Override
  public boolean release(long step, List<Long> keptSteps) {
    crash.pass();
    whileAsked.run();
    served = newest.version();
    released.add(step);
    kept = keptSteps;
    crash.pass();
    return pausedPolls.getOrDefault(step, 0) > 0;
  }

  @Override
  public void requireServed(PolicyStamp version) {
    if (served < version.version()) {
      throw new EmaServiceException("version " + served + " is served", false);
    }
  }

  @Override
  public boolean isPaused() {
    long step = released.isEmpty() ? 0 : released.get(released.size() - 1);
    if (diesInPause) {
      throw new CrashPoint.Crash();
    }
    boolean paused = pausedPolls.merge(step, -1, Integer::sum) > 0;
    if (paused) {
      whilePaused.run();
    }
    return paused;
  }

  /** Half of what was uploaded last. */
  @Override
  public void download(PolicyStamp version, TrainedWeights weights) {
    crash.pass();
    downloaded.add(version);
    ByteBuffer average = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    uploaded.get(uploaded.size() - 1).forEach(value -> average.putFloat(value / 2));
    weights.write(0, average.flip().order(ByteOrder.LITTLE_ENDIAN));
    crash.pass();
  }

  @Override
  public void takeBack() {
    takenBack++;
  }

  @Override
  public Answer upload(Update update, TrainedWeights weights) {
    crash.pass();
    whileAsked.run();
    Answer answer = take(update, weights);
    if (!answer.held()) {
      served = newest.version();
    }
    crash.pass();
    return answer;
  }

  private Answer take(Update update, TrainedWeights weights) {
    updates.add(update);
    List<Float> values = new ArrayList<>();
    var bytes = weights.read(0, (int) weights.totalBytes()).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      values.add(bytes.getFloat());
    }
    uploaded.add(values);
    if (!update.publish()) {
      return new Answer.Continue(newest, false, DIGEST);
    }
    boolean reset = resetSteps.contains(update.step());
    newest = new PolicyStamp(newest.version() + 1, newest.resetEpoch() + (reset ? 1 : 0));
    if (!reset) {
      return new Answer.Continue(newest, update.checkpoint(), DIGEST);
    }
    ByteBuffer average = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    average.asFloatBuffer().put(AVERAGE);
    weights.write(0, average.slice(0, 8));
    weights.write(8, average.slice(8, 8));
    return new Answer.Reset(
        newest, true, DIGEST, "2 updates since the last reset", ResetTo.RESET_TO_AVERAGE);
  }

  @Override
  public void close() {}
}
