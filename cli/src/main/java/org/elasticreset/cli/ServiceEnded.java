package org.elasticreset.cli;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A run that cannot go on because of one service: which, how, and what it said last. */
final class ServiceEnded extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int TAIL_LINES = 20;
  private static final int TAIL_BYTES = 32 * 1024;

  private ServiceEnded(String message) {
    super(message);
  }

  static ServiceEnded withExitCode(String service, int exitCode, String reason, Path log) {
    return new ServiceEnded(
        service + " " + ServiceExit.words(exitCode) + ": " + reason + ended(log));
  }

  static ServiceEnded notReady(String service, long seconds, Path log) {
    return new ServiceEnded(
        service
            + " is not ready after "
            + seconds
            + " s; if it is only slow, raise start-timeout (by --set, or in the config.yaml of a run"
            + " to be resumed)"
            + ended(log));
  }

  private static String ended(Path log) {
    List<String> tail = tail(log);
    return tail.isEmpty()
        ? "; its log is empty: " + log
        : "; the end of " + log + ":\n  " + String.join("\n  ", tail);
  }

  private static List<String> tail(Path log) {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long start = Math.max(0, file.length() - TAIL_BYTES);
      byte[] bytes = new byte[(int) (file.length() - start)];
      file.seek(start);
      file.readFully(bytes);
      List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
      return lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
    } catch (IOException e) {
      return List.of();
    }
  }
}
