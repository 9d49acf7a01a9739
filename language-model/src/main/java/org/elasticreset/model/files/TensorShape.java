package org.elasticreset.model.files;

import java.util.Arrays;

/** A tensor's name in the model file and its sizes. */
public record TensorShape(String name, long[] shape) implements NamedShape {

  public TensorShape {
    shape = shape.clone();
    for (long size : shape) {
      if (size < 1) {
        throw new IllegalArgumentException(
            name + ": shape " + Arrays.toString(shape) + " (expected: sizes of at least 1)");
      }
    }
  }

  public static TensorShape of(String name, long... shape) {
    return new TensorShape(name, shape);
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  /** The number of elements. */
  public long count() {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TensorShape that
        && name.equals(that.name)
        && Arrays.equals(shape, that.shape);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(shape);
  }

  @Override
  public String toString() {
    return name + Arrays.toString(shape);
  }
}
