package org.elasticreset.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.elasticreset.model.HeldOutPairs;
import org.elasticreset.model.PairEncoder;
import org.elasticreset.model.TokenPairs;
import org.elasticreset.model.text.DataSplit;
import org.elasticreset.model.text.PairCorpus;
import org.elasticreset.model.text.PromptResponse;
import org.elasticreset.model.text.PromptTemplate;
import org.elasticreset.model.text.TextCorpus;
import org.elasticreset.model.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/**
 * Prompts with a response each.
 *
 * @param heldOut pairs to measure on; none takes them from {@code data}
 * @param share of the prompts to hold out, where no file and no row says which
 * @param maxPromptTokens longest prompt; none for half of the context
 * @param leaveOutLong whether responses that do not fit are left out rather than cut
 * @param heldOutPairs how many of the held-out pairs are measured on
 */
record SftPairs(
    PairCorpus data,
    @Nullable PairCorpus heldOut,
    double share,
    PromptTemplate form,
    @Nullable Integer maxPromptTokens,
    boolean leaveOutLong,
    int heldOutPairs)
    implements SftData {
  @Override
  public List<Path> files() {
    return data.files();
  }

  @Override
  public List<Path> heldOutFiles() {
    return heldOut == null ? List.of() : heldOut.files();
  }

  @Override
  public String unit() {
    return "pairs";
  }

  @Override
  public Optional<PromptTemplate> template() {
    return Optional.of(form);
  }

  @Override
  public Read read(long seed) {
    var split =
        heldOut == null
            ? DataSplit.of(data.read(), PromptResponse::prompt, PromptResponse::split, share, seed)
            : DataSplit.of(data.read(), heldOut.read(), PromptResponse::prompt);
    return new ReadPairs(
        form.apply(split.training()),
        form.apply(TextCorpus.spread(split.heldOut(), heldOutPairs)),
        split.removed(),
        maxPromptTokens,
        leaveOutLong,
        seed);
  }

  /** Pairs in memory, in their form. */
  private record ReadPairs(
      List<PromptResponse> training,
      List<PromptResponse> measured,
      int removed,
      @Nullable Integer maxPromptTokens,
      boolean leaveOutLong,
      long seed)
      implements Read {
    @Override
    public String summary() {
      return String.format(
              Locale.ROOT, "%,d pairs to train on, %,d held out", training.size(), measured.size())
          + (removed == 0
              ? ""
              : String.format(
                  Locale.ROOT, "; %,d left out, since their prompts are held out", removed));
    }

    @Override
    public Stream<String> vocabulary() {
      return training.stream().map(pair -> pair.prompt() + pair.response());
    }

    @Override
    public Tokens tokens(Tokenizer tokenizer, int endOfText, int context) {
      int longestPrompt = maxPromptTokens == null ? context / 2 : maxPromptTokens;
      var encoder = new PairEncoder(tokenizer, endOfText, longestPrompt, context, leaveOutLong);
      var encoded = encoder.encode(training);
      return new Tokens(
          new TokenPairs(encoded.sequences(), seed),
          new HeldOutPairs(encoder.encode(measured)),
          encoded.cutPrompts() + encoded.longResponses() == 0
              ? ""
              : String.format(
                  Locale.ROOT,
                  "%,d prompts are cut to their last %,d tokens, %,d responses are %s",
                  encoded.cutPrompts(),
                  longestPrompt,
                  encoded.longResponses(),
                  leaveOutLong ? "too long, and left out" : "cut at the end"));
    }
  }
}
