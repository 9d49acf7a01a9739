package org.elasticreset.ema;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.elasticreset.algorithm.ExponentialAverage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the ema-service does with the weights of an update, beside a copy of them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx8g")
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 1, time = 1)
public class WeightsBenchmark {

  /** Of the shipped movie-review-gpt, and of GPT-2 small. */
  @Param({"2600000", "124000000"})
  public int weights;

  private final ExponentialAverage exponentialAverage = new ExponentialAverage(0.995);
  private Weights average;
  private Weights latest;
  private ByteString chunk;

  @Setup
  public void allocate() {
    long bytes = (long) weights * Float.BYTES;
    average = Weights.allocate(bytes);
    latest = Weights.allocate(bytes);
    fill(average, 0x3c000000);
    fill(latest, 0x3c000001);
    chunk = latest.read(0, Upload.CHUNK_BYTES);
  }

  /** Normal numbers: what is left of zeros and denormals would say nothing about weights. */
  private static void fill(Weights weights, int bits) {
    var block = ByteBuffer.allocate(Upload.CHUNK_BYTES);
    block.order(ByteOrder.LITTLE_ENDIAN);
    while (block.hasRemaining()) {
      block.putInt(bits);
    }
    var bytes = ByteString.copyFrom(block.flip());
    for (long offset = 0; offset < weights.size(); offset += bytes.size()) {
      int length = (int) Math.min(bytes.size(), weights.size() - offset);
      weights.write(offset, bytes.substring(0, length));
    }
  }

  @Benchmark
  public Weights average() {
    average.average(exponentialAverage, latest);
    return average;
  }

  /** The peer of the average: what memory can do at best. */
  @Benchmark
  public Weights copy() {
    average.set(latest);
    return average;
  }

  @Benchmark
  public byte[] digest() {
    return latest.digest();
  }

  @Benchmark
  public OptionalLong search() {
    return latest.firstNotFinite();
  }

  /** Takes the chunks of an upload. */
  @Benchmark
  public Weights write() {
    for (long offset = 0; offset < average.size(); offset += chunk.size()) {
      int length = (int) Math.min(chunk.size(), average.size() - offset);
      average.write(offset, length == chunk.size() ? chunk : chunk.substring(0, length));
    }
    return average;
  }
}
