package org.elasticreset.ema;

import io.grpc.stub.CallStreamObserver;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.elasticreset.proto.v1.WeightsChunk;

/**
 * Sends weights as chunks, no faster than the reader takes them: {@link #pump} sends while the
 * transport has room, and is called again when it has room anew. Chunks are views of the weights,
 * so a slow reader holds nothing back but itself.
 */
final class WeightsSender {

  private final Weights weights;
  private final CallStreamObserver<?> transport;
  private final Consumer<WeightsChunk> chunks;
  private final LongConsumer sentBytes;
  private final Runnable done;
  private long sent;

  /**
   * Prepares to send.
   *
   * @param transport asked whether there is room
   * @param chunks takes each chunk, in order
   * @param sentBytes counts
   * @param done runs once, behind the last chunk
   */
  WeightsSender(
      Weights weights,
      CallStreamObserver<?> transport,
      Consumer<WeightsChunk> chunks,
      LongConsumer sentBytes,
      Runnable done) {
    this.weights = weights;
    this.transport = transport;
    this.chunks = chunks;
    this.sentBytes = sentBytes;
    this.done = done;
  }

  /** Sends what there is room for; calls must not overlap. */
  void pump() {
    while (sent < weights.size() && transport.isReady()) {
      var data = weights.read(sent, Upload.CHUNK_BYTES);
      chunks.accept(WeightsChunk.newBuilder().setOffset(sent).setData(data).build());
      sent += data.size();
      sentBytes.accept(data.size());
      if (sent == weights.size()) {
        done.run();
      }
    }
  }
}
