package org.elasticreset.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.elasticreset.deploy.Rendered.Workload;
import org.junit.jupiter.api.Test;

/** Memory that pods ask for follows from what docs/kubernetes.md says was measured, by its rule. */
class RequestsTest {

  private static final int STEP = 128;

  private final List<String[]> table =
      Combinations.read(Rendered.ROOT.resolve("docs/kubernetes.md"))
          .lines()
          .dropWhile(line -> !line.startsWith("| preset |"))
          .takeWhile(line -> line.startsWith("|"))
          .map(line -> line.split("\\s*\\|\\s*"))
          .toList();

  @Test
  void requestIsTheHighestOfTheShippedPresetsAndAFifthAndTheLimitTwice() {
    List<Workload> workloads = Rendered.overlay("cpu").workloads().toList();

    assertThat(workloads).hasSize(4);
    assertThat(workloads)
        .allSatisfy(
            workload -> {
              int request = request(workload.name());
              var resources = workload.container().path("resources");
              assertThat(resources.at("/requests/memory").asText()).isEqualTo(request + "Mi");
              assertThat(resources.at("/limits/memory").asText()).isEqualTo(2 * request + "Mi");
            });
  }

  private int request(String service) {
    int column = List.of(table.get(0)).indexOf(service);
    assertThat(column).as("column of %s", service).isPositive();
    // Head, rule, then the presets that are shipped with their models, before the one that is not.
    int highest =
        table.subList(2, table.size() - 1).stream()
            .mapToInt(row -> Integer.parseInt(row[column].split(",")[0]))
            .max()
            .orElseThrow();
    return (int) (Math.ceil(highest * 1.2 / STEP) * STEP);
  }
}
