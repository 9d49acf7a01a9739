package org.elasticreset.model;

import java.nio.ByteOrder;

/** Random models of a small vocabulary whose distributions are far from uniform. */
final class SharpModels {

  private SharpModels() {}

  /** Multiplies every parameter but norms and biases, so that contexts matter. */
  static void scale(CausalLanguageModel model, float factor) {
    long offset = 0;
    for (var tensor : model.parameters().tensors()) {
      int bytes = (int) tensor.count() * Float.BYTES;
      if (tensor.shape().length > 1) {
        var values = model.parameters().read(offset, bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < bytes; i += Float.BYTES) {
          values.putFloat(i, values.getFloat(i) * factor);
        }
        model.parameters().write(offset, values);
      }
      offset += bytes;
    }
  }
}
