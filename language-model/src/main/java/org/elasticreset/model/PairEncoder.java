package org.elasticreset.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.elasticreset.model.text.PromptResponse;
import org.elasticreset.model.tokenizer.Tokenizer;

/**
 * Prompts and responses as tokens: the prompt's are those that a rollout of it has, the response's
 * what the whole text has behind them and the token that ends a text.
 *
 * <p>Where the tokens of the whole text do not begin with the prompt's (a token reaches over the
 * seam), the response is encoded by itself. A prompt that is too long loses its beginning, as in a
 * run. A response that is too long loses its end, and the end token with it: nothing ends there.
 */
public final class PairEncoder {

  private final Tokenizer tokenizer;
  private final int endOfText;
  private final int maxPromptTokens;
  private final int context;

  /**
   * What came of the pairs.
   *
   * @param cutPrompts prompts without their beginning
   * @param cutResponses responses without their end
   */
  public record Encoded(List<TokenSequence> sequences, int cutPrompts, int cutResponses) {
    public Encoded {
      sequences = List.copyOf(sequences);
    }

    /** Tokens to predict, ends of text included. */
    public long responseTokens() {
      return sequences.stream().mapToLong(sequence -> sequence.responseTokens().length).sum();
    }
  }

  /**
   * @param endOfText the token behind each response
   * @param maxPromptTokens as the run's setting of this name
   * @param context the most tokens that are read; the last one of a response is only predicted
   */
  public PairEncoder(Tokenizer tokenizer, int endOfText, int maxPromptTokens, int context) {
    if (maxPromptTokens < 1 || maxPromptTokens > context) {
      throw new IllegalArgumentException(
          "longest prompt: %d tokens (expected: 1 to %d, the context)"
              .formatted(maxPromptTokens, context));
    }
    this.tokenizer = tokenizer;
    this.endOfText = endOfText;
    this.maxPromptTokens = maxPromptTokens;
    this.context = context;
  }

  /** Encodes each pair, in order. */
  public Encoded encode(List<PromptResponse> pairs) {
    var sequences = new ArrayList<TokenSequence>();
    int cutPrompts = 0;
    int cutResponses = 0;
    for (var pair : pairs) {
      int[] whole = tokenizer.encodePrompt(pair.prompt(), Integer.MAX_VALUE);
      int[] prompt = tokenizer.encodePrompt(pair.prompt(), maxPromptTokens);
      int[] response = response(pair, whole);
      int room = context + 1 - prompt.length;
      cutPrompts += prompt.length < whole.length ? 1 : 0;
      cutResponses += response.length > room ? 1 : 0;
      sequences.add(
          new TokenSequence(prompt, Arrays.copyOf(response, Math.min(room, response.length))));
    }
    return new Encoded(sequences, cutPrompts, cutResponses);
  }

  private int[] response(PromptResponse pair, int[] prompt) {
    int[] text = tokenizer.encodePrompt(pair.prompt() + pair.response(), Integer.MAX_VALUE);
    boolean continues =
        text.length > prompt.length
            && Arrays.equals(text, 0, prompt.length, prompt, 0, prompt.length);
    int[] response =
        continues
            ? Arrays.copyOfRange(text, prompt.length, text.length)
            : tokenizer.encode(pair.response());
    int[] ended = Arrays.copyOf(response, response.length + 1);
    ended[response.length] = endOfText;
    return ended;
  }
}
