package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients of the PPO loss are those of PyTorch's autograd, in float32. */
class GradientParityTest {

  private static final long NO_DROPOUT = 0;

  @TempDir Path directory;
  private final NDManager scope = Engine.scope();

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void ofEveryTensorOfALlama(boolean recompute) {
    var expected = Checkpoint.read("llama-gqa-tied", "gradients");
    try (var model = CausalLanguageModel.open(expected.copyTo(directory))) {
      assertGradients(model, expected, recompute);
    }
  }

  private void assertGradients(CausalLanguageModel model, Checkpoint expected, boolean recompute) {
    var head =
        new Parameters(
            scope,
            List.of(
                TensorShape.of("v_head.summary.weight", 1, model.config().width()),
                TensorShape.of("v_head.summary.bias", 1)));
    write(head, expected);
    var trained = new ArrayList<>(model.parameters().tensors());
    trained.addAll(head.tensors());
    var gradient = new Parameters(scope, trained);

    var reported = accumulate(model, head, gradient, expected, recompute);

    assertThat(reported).startsWith(expected.tensor("reported"), within(1e-5f));
    long offset = 0;
    for (var tensor : trained) {
      int bytes = Math.toIntExact(tensor.count() * Float.BYTES);
      var found = new float[bytes / Float.BYTES];
      gradient.read(offset, bytes).asFloatBuffer().get(found);
      var exact = expected.tensor("gradient." + tensor.name());
      assertThat(found).as(tensor.name()).containsExactly(exact, within(1e-5f * largest(exact)));
      offset += bytes;
    }
    assertThat(expected.tensors().keySet())
        .filteredOn(name -> name.startsWith("gradient."))
        .hasSize(trained.size());
  }

  private float[] accumulate(
      CausalLanguageModel model,
      Parameters head,
      Parameters gradient,
      Checkpoint expected,
      boolean recompute) {
    var batch = new PpoBatch(model.config(), samples(expected));
    try (var call = scope.newSubManager()) {
      var reported =
          (NDArray)
              model
                  .program()
                  .call(
                      call,
                      "ppo_gradient",
                      model.weights().views(),
                      model.factors(),
                      head.views(),
                      gradient.views(),
                      Precision.FLOAT32.code,
                      recompute,
                      NO_DROPOUT,
                      batch.tokens().tokens(call),
                      batch.tokens().rows(call),
                      batch.tokens().targets(call),
                      batch.oldLogProbs(call),
                      batch.oldValues(call),
                      batch.advantages(call),
                      batch.returns(call),
                      expected.json().required("temperature").doubleValue(),
                      expected.json().required("clip").doubleValue(),
                      expected.json().required("value_clip").doubleValue(),
                      expected.json().required("value_coefficient").doubleValue(),
                      expected.json().required("entropy_coefficient").doubleValue(),
                      (double) batch.tokens().predicted());
      return reported.toFloatArray();
    }
  }

  private static List<PpoSample> samples(Checkpoint expected) {
    var sequences = expected.sequences();
    var samples = new ArrayList<PpoSample>();
    for (int n = 0; n < sequences.size(); n++) {
      samples.add(
          new PpoSample(
              sequences.get(n),
              floats(expected.rows("old_log_probs").get(n)),
              floats(expected.rows("old_values").get(n)),
              floats(expected.rows("advantages").get(n)),
              floats(expected.rows("returns").get(n))));
    }
    return samples;
  }

  private static void write(Parameters parameters, Checkpoint expected) {
    long offset = 0;
    for (var tensor : parameters.tensors()) {
      var values = expected.tensor(tensor.name());
      var bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(values);
      parameters.write(offset, bytes);
      offset += bytes.capacity();
    }
  }

  private static float largest(float[] values) {
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private static float[] floats(double[] values) {
    var floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
