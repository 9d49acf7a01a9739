package org.elasticreset.cli;

import java.io.IOException;
import java.io.InputStream;

/**
 * Ties a service to the launcher: a Java agent in every service process, which reads standard input
 * until it ends. The other end of that pipe belongs to the launcher, and the operating system
 * closes it however the launcher dies, SIGKILL included. Works for any jar, without a change to it.
 *
 * <p>It also makes the service deaf to Ctrl-C: a terminal sends SIGINT to every process at once,
 * but only the launcher knows in which order to stop.
 */
public final class ParentWatch {
  /** Time for an orderly end before the process is halted. */
  private static final long GRACE_MILLIS = 5_000;

  private ParentWatch() {}

  /** Called by the JVM before the service's main. */
  public static void premain(String arguments) {
    sun.misc.Signal.handle(new sun.misc.Signal("INT"), sun.misc.SignalHandler.SIG_IGN);
    start(ParentWatch::watch, "parent-watch");
  }

  private static void watch() {
    try (InputStream launcher = System.in) {
      while (launcher.read() >= 0) {
        // the launcher writes nothing; only the end of the stream matters
      }
    } catch (IOException e) {
      // a broken pipe is an end, too
    }
    start(ParentWatch::haltAfterGrace, "parent-watch-halt");
    end();
  }

  @SuppressWarnings("checkstyle:regexpsinglelinejava")
  private static void end() {
    System.exit(143);
  }

  private static void haltAfterGrace() {
    try {
      Thread.sleep(GRACE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(143);
  }

  private static void start(Runnable body, String name) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
  }
}
