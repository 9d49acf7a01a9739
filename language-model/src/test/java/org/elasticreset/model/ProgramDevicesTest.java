package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a GPU would find and a CPU does not: tensors that a program makes in the wrong memory. */
class ProgramDevicesTest {

  private static final Path PROGRAMS = Path.of("src/main/resources/program");

  /** Calls that make a tensor out of nothing, where TorchScript puts it on the CPU. */
  private static final Pattern MAKES_A_TENSOR =
      Pattern.compile(
          "torch\\.(arange|empty|eye|full|linspace|ones|rand|randint|randn|randperm|tensor|zeros)\\(");

  private static final String MEANT_FOR_JAVA =
      "storage.py: copy = torch.empty([count], dtype=6).copy_(flat.narrow(0, offset, count))";

  @Test
  void everyTensorIsMadeOnTheDeviceOfTheModel() throws IOException {
    try (var programs = Files.list(PROGRAMS)) {
      var homeless =
          programs
              .flatMap(ProgramDevicesTest::lines)
              .filter(line -> MAKES_A_TENSOR.matcher(line).find() && !line.contains("device="))
              .toList();
      assertThat(homeless).isEqualTo(List.of(MEANT_FOR_JAVA));
    }
  }

  @Test
  void noProgramAsksForAGenerator() throws IOException {
    // TorchScript makes them for the CPU alone, and those that there are belong to the process.
    var drawn = Pattern.compile("Generator|generator|torch\\.(rand|bernoulli|multinomial|dropout)");
    try (var programs = Files.list(PROGRAMS)) {
      assertThat(programs.flatMap(ProgramDevicesTest::lines).filter(drawn.asPredicate())).isEmpty();
    }
  }

  private static Stream<String> lines(Path program) {
    try {
      return Files.readAllLines(program).stream()
          .map(String::strip)
          .filter(line -> !line.startsWith("#"))
          .map(line -> program.getFileName() + ": " + line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
