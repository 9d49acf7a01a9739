package org.elasticreset.rollout;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.elasticreset.feed.ReplaceableWeights;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.DecoderDirectory;
import org.elasticreset.model.Engine;
import org.elasticreset.model.Generation;
import org.elasticreset.model.GenerationRequest;
import org.elasticreset.model.LoraSettings;
import org.elasticreset.model.ModelSettings;
import org.elasticreset.model.Parameters;
import org.elasticreset.model.Precision;
import org.elasticreset.model.Sampling;
import org.elasticreset.model.TokenMask;
import org.elasticreset.model.files.TensorShape;
import org.jspecify.annotations.Nullable;

/** A policy of a Hugging Face model directory. */
final class CausalPolicyModel implements PolicyModel {

  private final CausalLanguageModel model;
  private final Precision precision;
  private final boolean chat;
  private @Nullable Parameters maskingPolicy;

  private CausalPolicyModel(CausalLanguageModel model, Precision precision, boolean chat) {
    this.model = model;
    this.precision = precision;
    this.chat = chat;
  }

  static CausalPolicyModel open(RolloutSettings settings) {
    Engine.useThreads(settings.threads());
    Engine.useDevice(settings.device());
    CausalLanguageModel model =
        CausalLanguageModel.open(
            settings.model(), new ModelSettings(settings.baseWeights(), lora(settings), 0));
    if (settings.chat() && model.tokenizer().chatTemplate().isEmpty()) {
      model.close();
      throw new IllegalArgumentException(
          "rollout.chat: true (expected: false, for %s has no chat template)"
              .formatted(settings.model()));
    }
    return new CausalPolicyModel(model, settings.precision(), settings.chat());
  }

  /** Without dropout, which is training's alone. */
  private static Optional<LoraSettings> lora(RolloutSettings settings) {
    return settings
        .lora()
        .map(
            lora ->
                DecoderDirectory.read(settings.model())
                    .lora(lora.rank(), lora.alpha(), 0, lora.targetModules()));
  }

  @Override
  public int[] encode(String prompt, int maxTokens) {
    return chat
        ? model.tokenizer().encodeChatPrompt(prompt, maxTokens)
        : model.tokenizer().encodePrompt(prompt, maxTokens);
  }

  @Override
  public String decodeResponse(Generation generation) {
    return generation.text(model.tokenizer());
  }

  @Override
  public int vocabularySize() {
    return model.config().vocabularySize();
  }

  @Override
  public int positions() {
    return model.config().positions();
  }

  @Override
  public List<TensorShape> tensors() {
    return model.parameters().tensors();
  }

  @Override
  public void write(long offset, ByteBuffer bytes) {
    model.parameters().write(offset, bytes);
  }

  @Override
  public List<Generation> generate(List<GenerationRequest> requests, Sampling sampling) {
    return model.generate(requests, sampling, precision);
  }

  @Override
  public ReplaceableWeights maskingPolicy() {
    return new ReplaceableWeights() {
      @Override
      public List<TensorShape> tensors() {
        return maskingParameters().tensors();
      }

      @Override
      public void write(long offset, ByteBuffer bytes) {
        maskingParameters().write(offset, bytes);
      }
    };
  }

  private Parameters maskingParameters() {
    if (maskingPolicy == null) {
      maskingPolicy = model.copyOfParameters();
    }
    return maskingPolicy;
  }

  @Override
  public List<Generation> generateMasked(
      List<GenerationRequest> requests, Sampling sampling, double p) {
    return model.generate(requests, sampling, precision, TokenMask.of(maskingParameters(), p));
  }

  @Override
  public void close() {
    model.close();
  }
}
