package org.elasticreset.desk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.elasticreset.rating.Fallback;

/** A desk in a process of its own, to be killed. */
final class DeskProcess {

  private DeskProcess() {}

  static Process start(String bootstrapServers, Path log) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                DeskProcess.class.getName(),
                bootstrapServers))
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  /** Ends with the process that started it. */
  public static void main(String... arguments) throws IOException {
    RatingDesk.start(DeskDriver.settings(Fallback.WAIT), Map.of("bootstrap.servers", arguments[0]));
    while (System.in.read() >= 0) {
      // Nothing is said to it.
    }
    Runtime.getRuntime().halt(0);
  }
}
