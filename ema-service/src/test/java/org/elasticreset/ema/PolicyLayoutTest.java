package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.elasticreset.proto.v1.Tensor;
import org.junit.jupiter.api.Test;

class PolicyLayoutTest {

  @Test
  void sizeIsThatOfAllTensors() {
    var layout = new PolicyLayout(List.of(tensor("a", 2, 3), tensor("scalar"), tensor("b", 5)));

    assertThat(layout.totalBytes()).isEqualTo(4 * (6 + 1 + 5));
    assertThat(layout.nameAt(24)).isEqualTo("scalar[0]");
    assertThat(layout.nameAt(32)).isEqualTo("b[1]");
  }

  @Test
  void tensorsThatCannotBeAreRefusedBeforeAnythingIsAllocated() {
    assertRefused("tensors: none (expected: 1 to 100000)", List.of());
    assertRefused(
        "tensors: 100001 (expected: 1 to 100000)", Collections.nCopies(100_001, tensor("a", 1)));
    assertRefused("name of a tensor: 0 characters (expected: 1 to 1024)", List.of(tensor("", 1)));
    assertRefused(
        "name of a tensor: 1025 characters (expected: 1 to 1024)",
        List.of(tensor("a".repeat(1025), 1)));
    assertRefused(
        "tensors: 'a' twice (expected: unique names)", Collections.nCopies(2, tensor("a", 1)));
    assertRefused(
        "shape of a: 17 dimensions (expected: at most 16)", List.of(tensor("a", new long[17])));
  }

  @Test
  void sizesThatOverflowAreRefused() {
    assertShapeRefused(0L);
    assertShapeRefused(3L, -1L);
    assertShapeRefused(-1L, -1L);
    assertShapeRefused(1L << 61);
    assertShapeRefused(1L << 31, 1L << 31);
    assertShapeRefused(Long.MAX_VALUE);
    assertRefused(
        "tensors: more than 9223372036854775807 bytes in all (expected: what fits in memory)",
        List.of(tensor("a", 1L << 60), tensor("b", 1L << 60)));
  }

  private static void assertShapeRefused(Long... shape) {
    assertRefused(
        "shape of a: %s (expected: positive lengths that fit in memory)".formatted(List.of(shape)),
        List.of(Tensor.newBuilder().setName("a").addAllShape(List.of(shape)).build()));
  }

  private static void assertRefused(String reason, List<Tensor> tensors) {
    assertThatThrownBy(() -> new PolicyLayout(tensors))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(reason);
  }

  private static Tensor tensor(String name, long... shape) {
    var tensor = Tensor.newBuilder().setName(name);
    for (long length : shape) {
      tensor.addShape(length);
    }
    return tensor.build();
  }
}
