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
 * run. A response that is too long loses its end, and the end token with it: nothing ends there; or
 * its pair is left out.
 */
public final class PairEncoder {

  private final Tokenizer tokenizer;
  private final int endOfText;
  private final int maxPromptTokens;
  private final int context;
  private final boolean leaveOutLong;

  /**
   * What came of the pairs.
   *
   * @param pairs those that are kept
   * @param sequences their tokens, in the same order
   * @param cutPrompts prompts without their beginning
   * @param longResponses responses without their end, or left out with their prompts
   */
  public record Encoded(
      List<PromptResponse> pairs,
      List<TokenSequence> sequences,
      int cutPrompts,
      int longResponses) {
    public Encoded {
      pairs = List.copyOf(pairs);
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
   * @param leaveOutLong whether a response that does not fit is left out rather than cut
   */
  public PairEncoder(
      Tokenizer tokenizer, int endOfText, int maxPromptTokens, int context, boolean leaveOutLong) {
    if (maxPromptTokens < 1 || maxPromptTokens > context) {
      throw new IllegalArgumentException(
          "longest prompt: %d tokens (expected: 1 to %d, the context)"
              .formatted(maxPromptTokens, context));
    }
    this.tokenizer = tokenizer;
    this.endOfText = endOfText;
    this.maxPromptTokens = maxPromptTokens;
    this.context = context;
    this.leaveOutLong = leaveOutLong;
  }

  /**
   * Encodes each pair, in order.
   *
   * @throws IllegalArgumentException if all of them are left out
   */
  public Encoded encode(List<PromptResponse> pairs) {
    var kept = new ArrayList<PromptResponse>();
    var sequences = new ArrayList<TokenSequence>();
    int cutPrompts = 0;
    int longResponses = 0;
    for (var pair : pairs) {
      int[] whole = tokenizer.encodePrompt(pair.prompt(), Integer.MAX_VALUE);
      int[] prompt = tokenizer.encodePrompt(pair.prompt(), maxPromptTokens);
      int[] response = response(pair, whole);
      int room = context + 1 - prompt.length;
      boolean tooLong = response.length > room;
      longResponses += tooLong ? 1 : 0;
      if (tooLong && leaveOutLong) {
        continue;
      }
      kept.add(pair);
      cutPrompts += prompt.length < whole.length ? 1 : 0;
      sequences.add(
          new TokenSequence(prompt, Arrays.copyOf(response, Math.min(room, response.length))));
    }
    if (sequences.isEmpty()) {
      throw new IllegalArgumentException(
          "pairs: none with a response that fits (expected: a longer context than %d tokens)"
              .formatted(context));
    }
    return new Encoded(kept, sequences, cutPrompts, longResponses);
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
