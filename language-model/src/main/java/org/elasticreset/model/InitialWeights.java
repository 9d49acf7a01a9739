package org.elasticreset.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.elasticreset.model.files.TensorShape;

/**
 * What a new model begins with, as GPT-2 did (Radford et al. 2019, section 2.3): normal with
 * deviation 0.02, the projections into the residual stream divided by √(2 · layers), biases 0,
 * norms 1.
 */
final class InitialWeights {

  private static final double DEVIATION = 0.02;

  private InitialWeights() {}

  static void write(Parameters weights, int layers, long seed) {
    var random = new SplittableRandom(seed);
    long offset = 0;
    for (var tensor : weights.tensors()) {
      var values = values(tensor, layers, random);
      weights.write(offset, values);
      offset += values.capacity();
    }
  }

  private static ByteBuffer values(TensorShape tensor, int layers, RandomGenerator random) {
    var values =
        ByteBuffer.allocate(Math.toIntExact(tensor.count() * Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    boolean matrix = tensor.shape().length > 1;
    boolean norm = tensor.name().matches(".*(\\.ln_[12f]|norm)\\.weight");
    boolean intoResidual = tensor.name().matches(".*\\.(c_proj|o_proj|down_proj)\\.weight");
    double deviation = intoResidual ? DEVIATION / Math.sqrt(2.0 * layers) : DEVIATION;
    while (values.hasRemaining()) {
      values.putFloat(matrix ? (float) (deviation * random.nextGaussian()) : norm ? 1 : 0);
    }
    return values.flip();
  }
}
