package org.elasticreset.cli.tracking;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.elasticreset.cli.tracking.MetricsFollower.Batch;
import org.jspecify.annotations.Nullable;

/**
 * Brings the lines of {@code metrics.jsonl} to one sink, on a thread of its own. Whatever the sink
 * does is no matter of the run's: it is tried again, ever less often, until the run has ended.
 */
final class Delivery {
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** No log-batch of MLflow is too large, and what a kill leaves unsure is little. */
  private static final int LINES = 30;

  private static final int TRIES_AT_THE_END = 4;

  private final MetricsSink sink;
  private final Path metrics;
  private final Consumer<String> tell;
  private final Thread thread;
  private final Object bell = new Object();

  private volatile @Nullable RunOutcome outcome;
  private volatile String problem = "";
  private volatile int delivered;
  private volatile boolean ended;
  private Duration pause = POLL;
  private boolean told;
  private int lastTries;

  /**
   * Of one sink.
   *
   * @param tell hears of the first failure
   */
  Delivery(MetricsSink sink, Path metrics, Consumer<String> tell) {
    this.sink = sink;
    this.metrics = metrics;
    this.tell = tell;
    this.thread = new Thread(this::run, "tracking-" + sink.name());
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /**
   * Has what is left delivered, and waits for it.
   *
   * @param patience after which what is left stays undelivered
   * @return what is not there, in words; empty if everything is
   */
  Optional<String> end(RunOutcome howItStands, Duration patience) {
    synchronized (bell) {
      outcome = howItStands;
      bell.notifyAll();
    }
    boolean interrupted = Thread.interrupted();
    try {
      thread.join(patience.toMillis());
      thread.interrupt();
      thread.join(POLL.toMillis());
    } catch (InterruptedException e) {
      interrupted = true;
      thread.interrupt();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return ended ? Optional.empty() : Optional.of(undelivered());
  }

  /** What the sink has, and where it is found. */
  String delivered() {
    String words = "%s has %d lines".formatted(sink.name(), delivered);
    return sink.address().isEmpty() ? words : words + ": " + sink.address();
  }

  private String undelivered() {
    long lines = 0;
    try (Stream<String> all = Files.lines(metrics)) {
      lines = all.count();
    } catch (IOException | UncheckedIOException e) {
      // there are none
    }
    String reason = problem.isEmpty() ? "it took too long" : problem;
    return delivered < lines
        ? "%s has %d of %d lines of metrics.jsonl: %s"
            .formatted(sink.name(), delivered, lines, reason)
        : "%s has all lines, and was not told how the run ended: %s".formatted(sink.name(), reason);
  }

  private void run() {
    try (MetricsSink open = sink;
        Ledger ledger = sink.openLedger()) {
      delivered = ledger.size();
      deliver(ledger);
    } catch (RefusedException e) {
      problem = String.valueOf(e.getMessage());
      tellOnce(problem + "; nothing more is sent there, and the run goes on");
    } catch (InterruptedException e) {
      // what is left is told by end()
    } catch (RuntimeException e) {
      // Not the words of what nobody foresaw: they may have a token in them.
      problem =
          e instanceof UncheckedIOException io
              ? String.valueOf(io.getCause())
              : "an error of the program, " + e.getClass().getName();
      tellOnce(problem + "; nothing more is sent there, and the run goes on");
    }
  }

  private void deliver(Ledger ledger) throws InterruptedException {
    MetricsFollower lines = new MetricsFollower(metrics);
    boolean begun = false;
    while (!ended) {
      RunOutcome known = outcome; // before what is there is read, so that nothing comes behind it
      try {
        if (!begun) {
          int had = sink.begin(ledger);
          if (ledger.size() == 0 && had > 0) {
            lines.trust(ledger, had);
          }
          begun = true;
        }
        if (sendNext(lines, ledger)) {
          continue;
        }
        if (known != null) {
          sink.end(known);
          ended = true;
        } else {
          await(POLL);
        }
      } catch (IOException e) {
        lines.uncertain();
        problem = words(e);
        tellOnce(problem + "; the run goes on, and it is tried again");
        if (known != null && ++lastTries == TRIES_AT_THE_END) {
          return;
        }
        await(known == null ? longer(e) : asked(e));
      }
    }
  }

  private boolean sendNext(MetricsFollower lines, Ledger ledger)
      throws IOException, InterruptedException {
    Batch batch = lines.next(ledger, LINES);
    if (batch.isEmpty()) {
      return false;
    }
    sink.send(batch.points(), batch.replacing(), ledger.size() + batch.points().size());
    ledger.add(batch.digests());
    delivered = ledger.size();
    pause = POLL;
    lastTries = 0;
    return true;
  }

  private Duration longer(IOException e) {
    Duration now = pause;
    Duration twice = pause.multipliedBy(2);
    pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    return longest(now, asked(e));
  }

  /** What a sink that is busy asks for. */
  private static Duration asked(IOException e) {
    return e instanceof BusyException busy ? longest(busy.pause(), POLL) : POLL;
  }

  private static Duration longest(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private void await(Duration time) throws InterruptedException {
    synchronized (bell) {
      if (outcome == null) {
        bell.wait(time.toMillis());
      } else {
        Thread.sleep(time.toMillis());
      }
    }
  }

  private void tellOnce(String what) {
    if (!told) {
      told = true;
      tell.accept(sink.name() + ": " + what);
    }
  }

  /** The JDK's client says nothing of a connection that it did not get. */
  private static String words(IOException e) {
    if (e instanceof ConnectException) {
      boolean unknown = e.getCause() instanceof UnresolvedAddressException;
      return unknown ? "no such host" : "no connection";
    }
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
