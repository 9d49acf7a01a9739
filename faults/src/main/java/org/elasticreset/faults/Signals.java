package org.elasticreset.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/** Signals that Java has no call for. */
enum Signals {
  KILL,
  STOP,
  CONT,
  TERM;

  /** Sends it; false if the process is gone. */
  boolean send(long pid) {
    try {
      Process kill =
          new ProcessBuilder("kill", "-" + name(), String.valueOf(pid))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return kill.waitFor(10, TimeUnit.SECONDS) && kill.exitValue() == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FaultyRunException("interrupted while signalling " + pid, e);
    }
  }
}
