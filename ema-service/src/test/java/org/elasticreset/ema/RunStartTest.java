package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import org.elasticreset.algorithm.ElasticReset;
import org.elasticreset.algorithm.ExponentialAverage;
import org.elasticreset.algorithm.ResetTrigger;
import org.elasticreset.proto.v1.OpenRun;
import org.elasticreset.proto.v1.Tensor;
import org.junit.jupiter.api.Test;

class RunStartTest {

  private final OpenRun run = Policies.openRun(new float[1]);

  @Test
  void policyThatMayBeButDoesNotFitIsRefusedInWords() {
    long memory = Runtime.getRuntime().maxMemory();
    var large = sized(memory / Float.BYTES / 8 + 1);

    assertThatThrownBy(() -> start(Long.MAX_VALUE).require(large))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
              assertThat(e.getStatus().getDescription())
                  .contains("of which the memory of the ema-service has to hold 9")
                  .contains("or a larger heap than " + memory);
            });
  }

  @Test
  void policyAboveTheSettingIsRefused() {
    assertThat(start(8).require(sized(2)).totalBytes()).isEqualTo(8);
    assertThatThrownBy(() -> start(8).require(sized(3)))
        .hasMessage(
            "INVALID_ARGUMENT: tensors: 12 bytes in all"
                + " (expected: at most 8, ema.max-policy-bytes)");
  }

  private static RunStart start(long maxPolicyBytes) {
    return new RunStart(
        new EmaSettings(
            Policies.RUN,
            new ExponentialAverage(0.5),
            new ElasticReset(new ResetTrigger.OnRequest()),
            "test",
            2,
            false,
            Path.of("averages"),
            maxPolicyBytes));
  }

  private OpenRun sized(long weights) {
    return run.toBuilder()
        .setTensors(0, Tensor.newBuilder().setName("weight").addShape(weights))
        .build();
  }
}
