package org.elasticreset.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.elasticreset.deploy.Rendered.Workload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GpuTest {

  static Stream<Path> onGpus() {
    return Combinations.all().stream()
        .filter(overlay -> overlay.getFileName().toString().startsWith("gpu"));
  }

  @ParameterizedTest
  @MethodSource("onGpus")
  void learnerAndEveryWorkerHasACardWhateverIsAdded(Path overlay) {
    Rendered rendered = Rendered.of(overlay);

    for (String service : List.of("learner-service", "rollout-service")) {
      Workload workload = workload(rendered, service);
      assertThat(
              workload.container().path("resources").path("limits").path("nvidia.com/gpu").asInt())
          .isEqualTo(1);
      assertThat(ServiceConfigs.of(rendered, workload).settings())
          .containsEntry(service.replace("-service", ".device"), "cuda:0");
      assertThat(workload.container().path("image").asText()).endsWith(":latest-cuda");
      assertThat(workload.variable("PYTORCH_LIBRARY_PATH")).isPresent();
    }
    for (String service : List.of("ema-service", "reward-service")) {
      assertThat(workload(rendered, service).container().findValue("nvidia.com/gpu")).isNull();
    }
  }

  /** Each names files of its own for the learner; all of them count. */
  @Test
  void peopleOnGpusAreBothThereAndOnGpus() {
    Path everything =
        onGpus().filter(overlay -> overlay.toString().contains("raters")).findAny().get();
    Rendered rendered = Rendered.of(everything);

    Map<String, String> learner =
        ServiceConfigs.of(rendered, workload(rendered, "learner-service")).settings();

    assertThat(learner)
        .containsEntry("learner.device", "cuda:0")
        .containsEntry("learner.samples-per-prompt", "2")
        .containsEntry("learner.steps", "40");
  }

  private static Workload workload(Rendered rendered, String name) {
    return rendered.workloads().filter(w -> w.name().equals(name)).findAny().orElseThrow();
  }
}
