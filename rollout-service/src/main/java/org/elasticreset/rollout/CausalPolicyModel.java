package org.elasticreset.rollout;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.Engine;
import org.elasticreset.model.Generation;
import org.elasticreset.model.GenerationRequest;
import org.elasticreset.model.Sampling;
import org.elasticreset.model.TensorShape;

/** A policy of a Hugging Face model directory. */
final class CausalPolicyModel implements PolicyModel {

  private static final String END_OF_TEXT = "<|endoftext|>";

  private final CausalLanguageModel model;

  private CausalPolicyModel(CausalLanguageModel model) {
    this.model = model;
  }

  static CausalPolicyModel open(Path directory, int threads) {
    Engine.useThreads(threads);
    return new CausalPolicyModel(CausalLanguageModel.open(directory));
  }

  @Override
  public int[] encode(String text) {
    return model.tokenizer().encode(text);
  }

  @Override
  public String decode(int[] tokens) {
    return model.tokenizer().decode(tokens);
  }

  @Override
  public OptionalInt endOfText() {
    return model.tokenizer().id(END_OF_TEXT);
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
    return model.generate(requests, sampling);
  }

  @Override
  public void close() {
    model.close();
  }
}
