package org.elasticreset.cli;

import java.util.Map;

/**
 * How a process ended, in words: {@code ended with exit code 7}, {@code was ended by SIGKILL (exit
 * code 137)}.
 */
final class ServiceExit {
  /** A process that a signal ended has 128 more than its number for an exit code. */
  private static final int SIGNALLED = 128;

  private static final Map<Integer, String> SIGNALS =
      Map.of(
          1, "SIGHUP", 2, "SIGINT", 4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 9, "SIGKILL", 11,
          "SIGSEGV", 15, "SIGTERM");

  private ServiceExit() {}

  static String words(int exitCode) {
    String signal = SIGNALS.get(exitCode - SIGNALLED);
    return signal == null
        ? "ended with exit code " + exitCode
        : "was ended by " + signal + " (exit code " + exitCode + ")";
  }
}
