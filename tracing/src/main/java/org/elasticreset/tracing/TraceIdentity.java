package org.elasticreset.tracing;

import org.elasticreset.checkpoint.Sha256;

/**
 * The ids of the trace of a step and of its first span. They derive from run and step, so that a
 * learner-service that goes back and does a step again goes on with its trace, and so that anybody
 * can look one up; the run's ratio samples by the id, and so takes the same steps again.
 *
 * @param traceId 32 hex digits
 * @param rootSpanId 16 hex digits
 */
public record TraceIdentity(String traceId, String rootSpanId) {

  private static final int TRACE_ID_DIGITS = 32;
  private static final int SPAN_ID_DIGITS = 16;

  /**
   * Of a step: the beginning of the SHA-256 of {@code RUN/PURPOSE/STEP}.
   *
   * @param purpose {@code training} or {@code evaluation}
   */
  public static TraceIdentity of(String runId, String purpose, long step) {
    String digest = Sha256.of(runId + "/" + purpose + "/" + step);
    return new TraceIdentity(
        digest.substring(0, TRACE_ID_DIGITS),
        digest.substring(TRACE_ID_DIGITS, TRACE_ID_DIGITS + SPAN_ID_DIGITS));
  }
}
