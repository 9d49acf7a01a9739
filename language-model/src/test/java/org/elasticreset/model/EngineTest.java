package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineTest {

  @TempDir Path directory;

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
  void partsAreDoneSideBySideOnOneThreadEach() {
    var both = new CyclicBarrier(2);
    Engine.useThreads(2);
    try {
      assertThat(Engine.sideBySide(List.of("a", "b"), part -> part + waits(both)))
          .containsExactly("a true", "b true");
      Engine.useThreads(1);
      assertThat(Engine.sideBySide(List.of("a", "b"), part -> part + waits(both)))
          .containsExactly("a false", "b false");
    } finally {
      Engine.useThreads(Runtime.getRuntime().availableProcessors());
    }
  }

  /** Whether somebody else comes, too. */
  private static String waits(CyclicBarrier both) {
    if (!(Thread.currentThread() instanceof ForkJoinWorkerThread)) {
      return " false";
    }
    try {
      both.await(1, TimeUnit.MINUTES);
      return " true";
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatAPartThrowsIsThrown() {
    Engine.useThreads(2);
    try {
      assertThatThrownBy(
              () -> Engine.sideBySide(List.of(1, 2), part -> Integer.parseInt("part " + part)))
          .isInstanceOf(NumberFormatException.class);
    } finally {
      Engine.useThreads(Runtime.getRuntime().availableProcessors());
    }
  }

  @Test
  void scoresDoNotDependOnThreads() throws IOException {
    var random = new SplittableRandom(1);
    var inputs =
        IntStream.range(0, 60)
            .mapToObj(i -> random.ints(1 + random.nextInt(30), 0, 10).toArray())
            .toList();
    try (var classifier =
        (EncoderClassifier)
            SequenceClassifier.open(Checkpoint.named("bert-classifier-3").copyTo(directory))) {
      Engine.useThreads(1);
      var scores = classifier.logitsOfTokens(inputs);
      Engine.useThreads(2);
      assertThat(classifier.logitsOfTokens(inputs)).isDeepEqualTo(scores);
    } finally {
      Engine.useThreads(Runtime.getRuntime().availableProcessors());
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
