package org.elasticreset.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/** Random models of a small vocabulary whose distributions are far from uniform. */
final class SharpModels {

  private SharpModels() {}

  /** Multiplies every parameter but norms and biases, so that contexts matter. */
  static void scale(CausalLanguageModel model, float factor) {
    scale(model.parameters(), factor);
  }

  static void scale(Parameters parameters, float factor) {
    long offset = 0;
    for (var tensor : parameters.tensors()) {
      int bytes = (int) tensor.count() * Float.BYTES;
      if (tensor.shape().length > 1) {
        var values = parameters.read(offset, bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < bytes; i += Float.BYTES) {
          values.putFloat(i, values.getFloat(i) * factor);
        }
        parameters.write(offset, values);
      }
      offset += bytes;
    }
  }

  /** Normal values. */
  static void spread(Parameters parameters, double deviation, long seed) {
    var random = new SplittableRandom(seed);
    var values = ByteBuffer.allocate((int) parameters.totalBytes()).order(ByteOrder.LITTLE_ENDIAN);
    while (values.hasRemaining()) {
      values.putFloat((float) (deviation * random.nextGaussian()));
    }
    parameters.write(0, values.flip());
  }
}
