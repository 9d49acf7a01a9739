package org.elasticreset.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.elasticreset.model.tokenizer.Tokenizer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Prompts of the movie preset to tokens, and back. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 1, time = 1)
public class TokenizerBenchmark {

  private List<String> prompts;
  private List<int[]> tokens;
  private Tokenizer tokenizer;

  @Setup
  public void open() throws IOException {
    tokenizer = Tokenizer.open(Repository.path("models/movie-review-gpt"));
    prompts =
        Files.readAllLines(Repository.path("presets/movie-sentiment/prompts.txt")).stream()
            .filter(line -> !line.startsWith("#") && !line.isBlank())
            .limit(64)
            .toList();
    tokens = prompts.stream().map(tokenizer::encode).toList();
  }

  @TearDown
  public void close() {
    tokenizer.close();
  }

  @Benchmark
  public List<int[]> encode() {
    return prompts.stream().map(tokenizer::encode).toList();
  }

  @Benchmark
  public List<String> decode() {
    return tokens.stream().map(tokenizer::decode).toList();
  }
}
