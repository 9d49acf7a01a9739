package org.elasticreset.desk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.elasticreset.rating.Fallback;

/** A desk in a process of its own, to be killed. */
final class DeskProcess {

  private static final String HEAP = "heap in use: ";

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

  /** What it takes, resident at most and on the heap after a collection; Linux alone tells. */
  static String memory(Process desk, Path log) throws IOException, InterruptedException {
    desk.outputWriter().append('\n').flush();
    String heap = "";
    for (int tries = 0; heap.isEmpty() && tries < 100; tries++) {
      Thread.sleep(100);
      heap = lineWith(HEAP, log);
    }
    Path status = Path.of("/proc/" + desk.pid() + "/status");
    String resident = Files.exists(status) ? lineWith("VmHWM:", status) : "unknown";
    return resident + " resident at most, " + heap + " heap";
  }

  private static String lineWith(String prefix, Path file) throws IOException {
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(prefix))
          .map(line -> line.substring(prefix.length()).strip())
          .findFirst()
          .orElse("");
    }
  }

  /** Ends with the process that started it; whatever is said to it asks for its heap. */
  public static void main(String... arguments) throws IOException {
    RatingDesk.start(DeskDriver.settings(Fallback.WAIT), Map.of("bootstrap.servers", arguments[0]));
    while (System.in.read() >= 0) {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      System.out.println(HEAP + (runtime.totalMemory() - runtime.freeMemory()) / 1024 + " kB");
    }
    Runtime.getRuntime().halt(0);
  }
}
