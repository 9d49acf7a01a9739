package org.elasticreset.reward;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.Engine;
import org.elasticreset.model.GenerationRequest;
import org.elasticreset.model.PairEncoder;
import org.elasticreset.model.Sampling;
import org.elasticreset.model.files.TensorShape;
import org.elasticreset.model.text.PromptResponse;
import org.elasticreset.model.text.PromptTemplate;
import org.elasticreset.reward.RewardSettings.ReceiverSettings;

/** A receiver of a Hugging Face model directory: a decoder whose prompt is what it reads. */
final class CausalReceiverModel implements ReceiverModel {

  private static final double TEMPERATURE = 1;

  private final CausalLanguageModel model;
  private final PromptTemplate template;
  private final PairEncoder encoder;
  private final Sampling greedy;

  private CausalReceiverModel(CausalLanguageModel model, ReceiverSettings settings) {
    this.model = model;
    this.template = new PromptTemplate(settings.template());
    int end = model.config().endTokens().get(0);
    this.encoder =
        new PairEncoder(
            model.tokenizer(),
            end,
            settings.maxPromptTokens(),
            settings.maxPromptTokens() + settings.maxNewTokens() - 1,
            false);
    this.greedy =
        new Sampling(
            TEMPERATURE,
            0,
            1,
            true,
            settings.maxNewTokens(),
            settings.maxPromptTokens(),
            new int[] {end});
  }

  /**
   * Opens the model of the settings.
   *
   * @throws IllegalArgumentException naming the setting that does not fit the model
   */
  static CausalReceiverModel open(RewardSettings settings, ReceiverSettings receiver) {
    Engine.useThreads(settings.threads());
    Engine.useDevice(settings.device());
    CausalLanguageModel model = CausalLanguageModel.open(receiver.model());
    try {
      if (model.config().endTokens().isEmpty()) {
        throw ScorerFactory.wrong(
            "reward.receiver.model", receiver.model(), "a model with an eos_token_id");
      }
      int tokens = receiver.maxPromptTokens() + receiver.maxNewTokens();
      if (tokens > model.config().positions()) {
        throw ScorerFactory.wrong(
            "reward.receiver.max-new-tokens",
            receiver.maxNewTokens(),
            "at most %d with max-prompt-tokens, the positions of %s"
                .formatted(model.config().positions(), receiver.model()));
      }
      return new CausalReceiverModel(model, receiver);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  @Override
  public double[] logLikelihoods(List<String> read, List<String> references) {
    var pairs = new ArrayList<PromptResponse>();
    for (int i = 0; i < read.size(); i++) {
      pairs.add(new PromptResponse(read.get(i).strip(), references.get(i), Optional.empty()));
    }
    var sequences = encoder.encode(template.apply(pairs)).sequences();
    return model.logProbs(sequences, TEMPERATURE, sequences.size()).stream()
        .mapToDouble(CausalReceiverModel::mean)
        .toArray();
  }

  private static double mean(float[] logProbs) {
    double sum = 0;
    for (float logProb : logProbs) {
      sum += logProb;
    }
    return sum / logProbs.length;
  }

  @Override
  public List<String> continuations(List<String> read) {
    var requests = new ArrayList<GenerationRequest>();
    for (String text : read) {
      int[] prompt =
          model.tokenizer().encodePrompt(template.prompt(text.strip()), greedy.maxPromptTokens());
      requests.add(new GenerationRequest(prompt, requests.size() + 1L));
    }
    return model.generate(requests, greedy).stream()
        .map(generation -> generation.text(model.tokenizer()).strip())
        .toList();
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
  public void close() {
    model.close();
  }
}
