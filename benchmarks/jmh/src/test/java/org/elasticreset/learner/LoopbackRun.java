package org.elasticreset.learner;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.elasticreset.checkpoint.Sha256;
import org.elasticreset.ema.LoopbackEma;
import org.elasticreset.model.files.TensorShape;

/** A run whose ema-service is in this process, opened by the client of the learner-service. */
final class LoopbackRun implements AutoCloseable {

  static final Duration TIMEOUT = Duration.ofMinutes(1);

  /** The policy as the learner's engine shows it: bytes outside of the heap. */
  private static final class PlainWeights implements TrainedWeights {

    private final ByteBuffer bytes;

    PlainWeights(int weights) {
      bytes = ByteBuffer.allocateDirect(weights * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      while (bytes.hasRemaining()) {
        bytes.putFloat(0.01f);
      }
      bytes.flip();
    }

    @Override
    public List<TensorShape> tensors() {
      return List.of(new TensorShape("weight", new long[] {bytes.limit() / Float.BYTES}));
    }

    @Override
    public long totalBytes() {
      return bytes.limit();
    }

    @Override
    public ByteBuffer read(long offset, int length) {
      return bytes.slice((int) offset, length).asReadOnlyBuffer();
    }

    @Override
    public byte[] digest() {
      var sha = Sha256.begin();
      sha.update(bytes.duplicate());
      return sha.digest();
    }

    @Override
    public void write(long offset, ByteBuffer piece) {
      bytes.put((int) offset, piece, piece.position(), piece.remaining());
    }
  }

  final TrainedWeights weights;
  final LoopbackEma ema;

  private final Path directory;
  private final EmaServiceClient client;
  private long step;

  LoopbackRun(int weights) throws IOException, InterruptedException {
    this.weights = new PlainWeights(weights);
    directory = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "loopback");
    ema = new LoopbackEma(directory, this.weights.totalBytes());
    client = new EmaServiceClient(ema.address(), LoopbackEma.RUN, TIMEOUT, Optional.empty());
    client.open(this.weights, ByteString.copyFrom(this.weights.digest()), Optional.empty());
    upload(true);
  }

  /** The next update; with a checkpoint it is on the disk behind this. */
  EmaService.Answer upload(boolean checkpoint) throws InterruptedException {
    var update = new EmaService.Update(step, true, checkpoint, Optional.empty());
    var answer = client.upload(update, weights);
    if (checkpoint) {
      client.release(step, List.of(step));
    }
    step++;
    return answer;
  }

  @Override
  public void close() throws IOException {
    client.close();
    ema.close();
    try (var files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
