package org.elasticreset.cli;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.elasticreset.model.HeldOutText;
import org.elasticreset.model.TokenWindows;
import org.elasticreset.model.text.PromptTemplate;
import org.elasticreset.model.text.TextCorpus;
import org.elasticreset.model.tokenizer.Tokenizer;

/**
 * Documents.
 *
 * @param heldOutDocuments how many of the held-out documents are measured on
 */
record SftTexts(TextCorpus data, TextCorpus heldOut, int heldOutDocuments) implements SftData {
  SftTexts {
    if (heldOutDocuments < 1) {
      throw new IllegalArgumentException(
          "--held-out-documents: " + heldOutDocuments + " (expected: at least 1)");
    }
  }

  @Override
  public List<Path> files() {
    return data.files();
  }

  @Override
  public List<Path> heldOutFiles() {
    return heldOut.files();
  }

  @Override
  public String unit() {
    return "documents";
  }

  @Override
  public Optional<PromptTemplate> template() {
    return Optional.empty();
  }

  @Override
  public Read read(long seed) {
    var measured = TextCorpus.spread(heldOut.read(), heldOutDocuments);
    var unseen = new HashSet<>(measured);
    var training = data.read().stream().filter(text -> !unseen.contains(text)).toList();
    if (training.isEmpty()) {
      throw new IllegalArgumentException(
          "--data: nothing but held-out documents (expected: other text to train on)");
    }
    return new ReadTexts(training, measured, seed);
  }

  /** Documents in memory. */
  private record ReadTexts(List<String> training, List<String> measured, long seed)
      implements Read {
    @Override
    public String summary() {
      return String.format(
          Locale.ROOT, "%,d documents to train on, %,d held out", training.size(), measured.size());
    }

    @Override
    public Stream<String> vocabulary() {
      return training.stream();
    }

    @Override
    public Tokens tokens(Tokenizer tokenizer, int endOfText, int context) {
      var documents = tokenizer.encodeDocuments(training);
      return new Tokens(
          TokenWindows.of(documents, endOfText, context, seed),
          new HeldOutText(measured, tokenizer, endOfText, context),
          "");
    }
  }
}
