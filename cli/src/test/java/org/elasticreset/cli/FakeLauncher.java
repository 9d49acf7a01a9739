package org.elasticreset.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.elasticreset.proto.v1.TrainingEvent;

/**
 * The launcher's loop over two fake services and no events, as a process that a test can signal.
 */
final class FakeLauncher {
  private FakeLauncher() {}

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    RunDirectory run = new RunDirectory(directory);
    run.createFolders();
    try (Interruption interruption = Interruption.ofCurrentThread();
        ServiceGroup services =
            ServiceGroup.start(
                List.of(
                    FakeService.staying("first", directory),
                    FakeService.staying("second", directory)));
        RunRecorder recorder = new RunRecorder(run)) {
      services.processes().forEach(process -> System.out.println("child " + process.pid()));
      Terminal terminal = new Terminal(System.out, false, 80);
      try {
        RunProgress progress = new RunProgress(terminal, Path.of("run"), 1, System::nanoTime);
        new RunLoop(
                new Silence(),
                new Supervision(
                    services, progress, Duration.ofMinutes(1), Duration.ofMinutes(1), s -> {}),
                recorder,
                progress)
            .run();
      } catch (InterruptedException e) {
        System.out.println("interrupted " + interruption.requestedSoon());
      }
    }
  }

  /** A topic on which nothing arrives. */
  private static final class Silence implements TrainingEventSource {
    @Override
    public void replay(Consumer<TrainingEvent> earlier) {}

    @Override
    public List<TrainingEvent> poll(Duration timeout) throws InterruptedException {
      Thread.sleep(timeout.toMillis());
      return List.of();
    }

    @Override
    public void close() {}
  }
}
