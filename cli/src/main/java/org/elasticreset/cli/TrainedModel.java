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

/**
 * A model that a run trains, of which there are versions.
 *
 * @param began directory of the model that the run began with
 * @param settings what of it is trained, and in which precision it is held
 */
record TrainedModel(Path began, ModelSettings settings, RunVersions versions) {
  private static final int CHUNK_BYTES = 1 << 22;

  /** The policy. */
  static TrainedModel policy(RunConfig config, RunDirectory run) {
    return new TrainedModel(
        config.policy(),
        new ModelSettings(
            config.baseWeights(),
            PolicyDirectory.open("policy", config.policy()).lora(config.lora()),
            config.seed()),
        RunVersions.of(run));
  }

  /**
   * The second player of a game of two, which is trained whole.
   *
   * @throws InvalidInputException if the run has one player
   */
  static TrainedModel receiver(RunConfig config, RunDirectory run) {
    if (config.receiver() == null) {
      throw InvalidInputException.of("--receiver", run.name(), "a game of two; it has one player");
    }
    return new TrainedModel(
        config.receiver().model(), ModelSettings.PLAIN, RunVersions.ofReceiver(run));
  }

  /**
   * Opens the model that the run began with, and replaces what the run trains.
   *
   * @param weights float32 bytes, as the ema-service keeps them
   */
  CausalLanguageModel open(Path weights) {
    CausalLanguageModel model = CausalLanguageModel.open(began, settings);
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
