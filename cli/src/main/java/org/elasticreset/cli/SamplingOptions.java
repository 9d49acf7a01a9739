package org.elasticreset.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.elasticreset.model.DecoderConfig;
import org.elasticreset.model.GenerationConfig;
import org.elasticreset.model.Sampling;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * How {@code evaluate} draws tokens: as the model's {@code generation_config.json} says, unless an
 * option does. With {@code --temperature}, {@code --top-k} or {@code --top-p} the other two are
 * those of an untruncated distribution, as in a run, whatever the file says.
 */
final class SamplingOptions {
  private static final int DEFAULT_NEW_TOKENS = 64;

  @Option(names = "--greedy", description = "Take the likeliest token.")
  private boolean greedy;

  @Option(names = "--temperature", paramLabel = "T", description = "Divides the logits; above 0.")
  private @Nullable Double temperature;

  @Option(names = "--top-k", paramLabel = "K", description = "Only the K likeliest tokens; 0: all.")
  private @Nullable Integer topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Only the likeliest tokens whose probabilities reach P; 1: all.")
  private @Nullable Double topP;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      description = "Of a response (default: the model's, else " + DEFAULT_NEW_TOKENS + ").")
  private @Nullable Integer maxNewTokens;

  @Option(
      names = "--max-prompt-tokens",
      paramLabel = "N",
      description = "A longer prompt loses its beginning (default: what the model has room for).")
  private @Nullable Integer maxPromptTokens;

  @Option(names = "--never-stop", description = "Go on behind a token that ends a text.")
  private boolean neverStop;

  /**
   * For a model of a directory.
   *
   * @throws InvalidInputException naming the option that cannot be
   */
  Sampling of(Path directory, DecoderConfig model) {
    Optional<GenerationConfig> file = GenerationConfig.open(directory);
    int newTokens =
        maxNewTokens != null
            ? maxNewTokens
            : file.map(GenerationConfig::maxNewTokens)
                .filter(tokens -> tokens.isPresent())
                .map(tokens -> tokens.getAsInt())
                .orElse(Math.min(DEFAULT_NEW_TOKENS, model.positions() / 2));
    int promptTokens = maxPromptTokens != null ? maxPromptTokens : model.positions() - newTokens;
    if (newTokens < 1 || promptTokens < 1 || promptTokens > model.positions() - newTokens) {
      throw InvalidInputException.of(
          "--max-new-tokens",
          newTokens,
          "max-prompt-tokens + max-new-tokens <= "
              + model.positions()
              + ", the positions of the model, both at least 1");
    }
    int[] stops =
        neverStop ? new int[0] : model.endTokens().stream().mapToInt(Integer::intValue).toArray();
    if (!isSaid() && file.isPresent()) {
      Sampling theirs = file.get().sampling(newTokens, promptTokens);
      return new Sampling(
          theirs.temperature(),
          theirs.topK(),
          theirs.topP(),
          theirs.greedy(),
          newTokens,
          promptTokens,
          stops);
    }
    try {
      return new Sampling(
          temperature == null ? 1 : temperature,
          topK == null ? 0 : topK,
          topP == null ? 1 : topP,
          greedy,
          newTokens,
          promptTokens,
          stops);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException("--" + Settings.kebab(String.valueOf(e.getMessage())));
    }
  }

  private boolean isSaid() {
    return greedy || temperature != null || topK != null || topP != null;
  }
}
