package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.ModelSettings;
import org.elasticreset.model.Parameters;

/** The model of a run with the weights of one of its versions. */
final class TrainedModel {
  private static final int CHUNK_BYTES = 1 << 22;

  private TrainedModel() {}

  /**
   * Opens the policy that the run began with, and replaces what the run trains.
   *
   * @param weights float32 bytes, as the ema-service keeps them
   */
  static CausalLanguageModel open(RunConfig config, Path weights) {
    CausalLanguageModel model =
        CausalLanguageModel.open(
            config.policy(),
            new ModelSettings(
                config.baseWeights(),
                PolicyDirectory.open("policy", config.policy()).lora(config.lora()),
                config.seed()));
    try {
      read(weights, model.parameters());
      return model;
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private static void read(Path weights, Parameters parameters) {
    try (FileChannel channel = FileChannel.open(weights)) {
      if (channel.size() != parameters.totalBytes()) {
        throw InvalidInputException.of(
            "RUN",
            weights + " with " + channel.size() + " bytes",
            parameters.totalBytes() + ", of what config.yaml says is trained");
      }
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (long offset = 0; offset < channel.size(); offset += chunk.limit()) {
        chunk.clear().limit((int) Math.min(CHUNK_BYTES, channel.size() - offset));
        while (chunk.hasRemaining() && channel.read(chunk) >= 0) {
          // until the chunk is full
        }
        parameters.write(offset, chunk.flip());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
