package org.elasticreset.cli.tracking;

import java.io.IOException;
import java.util.List;

/**
 * Somewhere the figures of one run go. A sink is called by one thread at a time, and may take as
 * long as it likes: the run does not wait for it.
 */
interface MetricsSink extends AutoCloseable {
  /** What people call it, and where it is; without a secret. */
  String name();

  /** Opens the record of what the sink has of this run already. */
  Ledger openLedger();

  /**
   * Makes ready; called again if it fails.
   *
   * @return how many lines the sink says it has, which may be more than the ledger knows
   * @throws IOException if it could work another time
   * @throws RefusedException if it cannot
   */
  int begin(Ledger ledger) throws IOException, InterruptedException;

  /**
   * Takes lines of {@code metrics.jsonl}, in order. What fails comes again.
   *
   * @param replacing what the sink has of the first line's step, and all after it, is to be
   *     forgotten
   * @param behind lines that the sink has with these
   * @throws IOException if it could work another time
   * @throws RefusedException if it cannot
   */
  void send(List<MetricsPoint> points, boolean replacing, int behind)
      throws IOException, InterruptedException;

  /**
   * There are no more lines, for now or for good.
   *
   * @throws IOException if it could work another time
   * @throws RefusedException if it cannot
   */
  void end(RunOutcome outcome) throws IOException, InterruptedException;

  /** What people find it by; empty if there is no more to say than its name. */
  default String address() {
    return "";
  }

  @Override
  void close();
}
