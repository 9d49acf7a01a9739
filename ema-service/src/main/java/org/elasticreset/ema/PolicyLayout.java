package org.elasticreset.ema;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.elasticreset.proto.v1.Tensor;

/**
 * Which tensors a policy has, in the order their bytes travel.
 *
 * @param tensors at least one; names are unique, sizes positive
 */
record PolicyLayout(List<Tensor> tensors) {

  private static final int MAX_TENSORS = 100_000;
  private static final int MAX_NAME_LENGTH = 1024;
  private static final int MAX_DIMENSIONS = 16;

  PolicyLayout {
    tensors = List.copyOf(tensors);
    if (tensors.isEmpty() || tensors.size() > MAX_TENSORS) {
      throw new IllegalArgumentException(
          "tensors: %s (expected: 1 to %d)"
              .formatted(tensors.isEmpty() ? "none" : tensors.size(), MAX_TENSORS));
    }
    var names = new HashSet<String>();
    long total = 0;
    for (var tensor : tensors) {
      if (tensor.getName().isEmpty() || tensor.getName().length() > MAX_NAME_LENGTH) {
        throw new IllegalArgumentException(
            "name of a tensor: %d characters (expected: 1 to %d)"
                .formatted(tensor.getName().length(), MAX_NAME_LENGTH));
      }
      if (!names.add(tensor.getName())) {
        throw new IllegalArgumentException(
            "tensors: '%s' twice (expected: unique names)".formatted(tensor.getName()));
      }
      if (tensor.getShapeCount() > MAX_DIMENSIONS) {
        throw new IllegalArgumentException(
            "shape of %s: %d dimensions (expected: at most %d)"
                .formatted(tensor.getName(), tensor.getShapeCount(), MAX_DIMENSIONS));
      }
      long bytes = bytes(tensor);
      if (bytes > Long.MAX_VALUE - total) {
        throw new IllegalArgumentException(
            "tensors: more than %d bytes in all (expected: what fits in memory)"
                .formatted(Long.MAX_VALUE));
      }
      total += bytes;
    }
  }

  /** Size of a policy, in bytes. */
  long totalBytes() {
    return tensors.stream().mapToLong(PolicyLayout::bytes).sum();
  }

  /** Where this layout first differs from another one, in words. */
  Optional<String> difference(PolicyLayout other) {
    for (int t = 0; t < Math.max(tensors.size(), other.tensors.size()); t++) {
      var mine = describe(tensors, t);
      var others = describe(other.tensors, t);
      if (!mine.equals(others)) {
        return Optional.of("tensor %d: %s (expected: %s)".formatted(t, mine, others));
      }
    }
    return Optional.empty();
  }

  /** The tensor and element at a byte offset, like {@code transformer.h.0.attn.weight[17]}. */
  String nameAt(long offset) {
    long start = 0;
    for (var tensor : tensors) {
      long bytes = bytes(tensor);
      if (offset < start + bytes) {
        return tensor.getName() + "[" + (offset - start) / Float.BYTES + "]";
      }
      start += bytes;
    }
    throw new IndexOutOfBoundsException(offset);
  }

  private static String describe(List<Tensor> tensors, int index) {
    if (index >= tensors.size()) {
      return "none";
    }
    return tensors.get(index).getName() + " " + tensors.get(index).getShapeList();
  }

  private static long bytes(Tensor tensor) {
    try {
      long bytes = Float.BYTES;
      boolean positive = true;
      for (long length : tensor.getShapeList()) {
        positive &= length > 0;
        bytes = Math.multiplyExact(bytes, length);
      }
      if (positive) {
        return bytes;
      }
    } catch (ArithmeticException e) {
      // Reported below, as any other shape that cannot be.
    }
    throw new IllegalArgumentException(
        "shape of %s: %s (expected: positive lengths that fit in memory)"
            .formatted(tensor.getName(), tensor.getShapeList()));
  }
}
