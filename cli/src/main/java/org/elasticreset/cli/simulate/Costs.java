package org.elasticreset.cli.simulate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * What the services and the broker take besides the compute that they are there for, from
 * measurements.
 *
 * @param secondsPerStep of the way of one batch from the learner through all hops and back
 * @param secondsPerBatch of a worker for each batch that it generates
 * @param secondsPerRollout of the slowest hop for each rollout: a step cannot go faster
 * @param averagingSeconds of upload, average, snapshot and checkpoint of a small policy
 * @param averagingBytesPerSecond at which a larger policy goes through them
 * @param fetchSeconds of a fetch of a small policy
 * @param fetchBytesPerSecond of one worker that fetches alone
 * @param fanOutBytesPerSecond that an ema-service sends to many workers, altogether
 * @param bytesPerRollout written to all topics, of {@value #MEASURED_TOKENS} tokens of prompt and
 *     response together: with their number it grows
 * @param brokerBytesPerSecond that a broker takes, copies of what others lead included
 */
public record Costs(
    double secondsPerStep,
    double secondsPerBatch,
    double secondsPerRollout,
    double averagingSeconds,
    double averagingBytesPerSecond,
    double fetchSeconds,
    double fetchBytesPerSecond,
    double fanOutBytesPerSecond,
    double bytesPerRollout,
    double brokerBytesPerSecond) {

  /** Of a rollout when the bytes of one were measured: 24 of the prompt, 40 of the response. */
  public static final int MEASURED_TOKENS = 64;

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

  /** Nothing costs anything: only compute is left, which no cluster beats. */
  public static final Costs NONE = new Costs(0, 0, 0, 0, 1e30, 0, 1e30, 1e30, 0, 1e30);

  /**
   * Those of docs/scaling.md: two cores, all processes on one machine. What a broker takes is
   * computed from its share of the processors, and a worker's own time for a batch is a guess.
   */
  public static Costs measured() {
    try (InputStream in = Costs.class.getResourceAsStream("/simulate/costs.json")) {
      return JSON.readValue(Objects.requireNonNull(in), Costs.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Those of another machine.
   *
   * @throws IllegalArgumentException saying what is wrong with the file
   */
  public static Costs read(Path file) {
    try {
      return JSON.readValue(Files.readString(file), Costs.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "--costs: %s (expected: JSON like that in docs/scaling.md; %s)"
              .formatted(file, e.getOriginalMessage()));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "--costs: %s (expected: a file that can be read)".formatted(file));
    }
  }
}
