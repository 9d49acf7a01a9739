package org.elasticreset.learner;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.elasticreset.algorithm.PolicyStamp;

/** Continues, or resets behind the steps it is told to, to weights that are recognised. */
final class FakeEmaService implements EmaService {

  static final float[] AVERAGE = {10, 20, 30, 40};

  final List<Update> updates = new ArrayList<>();
  final List<List<Float>> uploaded = new ArrayList<>();
  private final List<Long> resetSteps;
  private PolicyStamp newest = new PolicyStamp(0, 0);

  FakeEmaService(Long... resetSteps) {
    this.resetSteps = List.of(resetSteps);
  }

  PolicyStamp newest() {
    return newest;
  }

  @Override
  public Opened open(Weights initial) {
    return new Opened(newest, 0.5);
  }

  @Override
  public Answer upload(Update update, Weights weights) {
    updates.add(update);
    List<Float> values = new ArrayList<>();
    var bytes = weights.read(0, (int) weights.totalBytes()).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      values.add(bytes.getFloat());
    }
    uploaded.add(values);
    if (!update.publish()) {
      return new Answer.Continue(newest);
    }
    boolean reset = resetSteps.contains(update.step());
    newest = new PolicyStamp(newest.version() + 1, newest.resetEpoch() + (reset ? 1 : 0));
    if (!reset) {
      return new Answer.Continue(newest);
    }
    ByteBuffer average = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    average.asFloatBuffer().put(AVERAGE);
    weights.write(0, average.slice(0, 8));
    weights.write(8, average.slice(8, 8));
    return new Answer.Reset(newest, "2 updates since the last reset");
  }

  @Override
  public void close() {}
}
