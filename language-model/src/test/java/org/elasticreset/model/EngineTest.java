package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineTest {

  @Test
  void badSettingsAreNamed() {
    assertThatThrownBy(() -> Engine.useThreads(0)).hasMessage("threads: 0 (expected: at least 1)");
    assertThatThrownBy(() -> Engine.useDevice("gpu"))
        .hasMessage("device: gpu (expected: auto, cpu or cuda:n)");
  }

  @Test
  void theDeviceIsChosenBeforeTheFirstModel() {
    Engine.scope().close();
    assertThatThrownBy(() -> Engine.useDevice("cpu"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("comes too late");
  }

  @ParameterizedTest
  @CsvSource({
    "auto, false, 0, cpu()",
    "auto, true, 2, gpu(0)",
    "auto, true, 0, gpu(0)", // DJL finds no CUDA of its own to count with
    "cpu, true, 2, cpu()",
    "cuda:1, true, 2, gpu(1)",
    "cuda:1, true, 0, gpu(1)"
  })
  void aNameIsADeviceThatTheEngineSees(String name, boolean cuda, int gpus, String expected) {
    assertThat(Engine.device(name, cuda, gpus)).hasToString(expected);
  }

  @Test
  void aGpuIsRefusedWhereThereIsNone() {
    assertThatThrownBy(() -> Engine.device("cuda:2", true, 2))
        .hasMessage("device: cuda:2 (expected: one of 2 GPUs, or cpu)");
    // DJL counts GPUs that its PyTorch library, if it is one for CPUs, cannot use.
    assertThatThrownBy(() -> Engine.device("cuda:0", false, 1))
        .hasMessageStartingWith("device: cuda:0 (expected: auto or cpu, as this PyTorch library");
  }

  @Test
  void aProgramIsLoadedOnce() {
    var config = new GptConfig(20, 8, 8, 1, 2);
    try (var one = CausalLanguageModel.initialise(config, null, 1);
        var other = CausalLanguageModel.initialise(config.withEndTokens(3), null, 2)) {
      assertThat(one.program()).isSameAs(other.program());
    }
  }

  @Test
  void aMistakeInAProgramCallNamesThePlaceInItsSource() {
    try (var scope = Engine.scope()) {
      var flat = scope.zeros(new Shape(3));
      assertThatThrownBy(
              () ->
                  Engine.program("program/scopes.py", "program/storage.py")
                      .call(scope, "read", flat, 2L, 5L))
          .hasMessageContaining("flat.narrow(0, offset, count)");
    }
  }

  @Test
  void whatAProgramReadsIsACopy() {
    try (var scope = Engine.scope()) {
      var flat = scope.zeros(new Shape(3));
      var program = Engine.program("program/scopes.py", "program/storage.py");
      var copy = (NDArray) program.call(scope, "read", flat, 0L, 3L);
      program.call(scope, "write", flat, 1L, scope.create(new float[] {5}));
      assertThat(copy.toFloatArray()).containsExactly(0, 0, 0);
      assertThat(flat.toFloatArray()).containsExactly(0, 5, 0);
    }
  }
}
