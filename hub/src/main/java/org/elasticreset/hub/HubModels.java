package org.elasticreset.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds the directory of a model that a person names: a directory of theirs, or a model of the
 * Hugging Face Hub, which is fetched into the cache if it is not there.
 */
public final class HubModels {

  /** What only a path can begin or end with. */
  private static final Pattern PATH = Pattern.compile("[./~\\\\].*|.*[/\\\\]");

  private final HubSettings settings;
  private final Surroundings surroundings;
  private final HubListener listener;

  /** With the machine's clock, disk and network. */
  public HubModels(HubSettings settings, HubListener listener) {
    this(settings, listener, Surroundings.real());
  }

  HubModels(HubSettings settings, HubListener listener, Surroundings surroundings) {
    this.settings = settings;
    this.listener = listener;
    this.surroundings = surroundings;
  }

  /**
   * True if a text can only be the name of a model: it has the form of one, and is no directory in
   * {@code base}.
   */
  public static boolean isName(String text, Path base) {
    return !isDirectory(text, base) && name(text).isPresent();
  }

  /**
   * The directory of a model.
   *
   * @param text {@code ./directory}, {@code name}, {@code org/name}, {@code org/name@revision}; a
   *     directory that exists wins
   * @param base that a directory is relative to
   * @throws HubException if there is none, saying what to do
   */
  public Path directory(String text, Path base) throws HubException, InterruptedException {
    if (isDirectory(text, base)) {
      return base.resolve(text);
    }
    HubName model =
        name(text)
            .orElseThrow(
                () ->
                    new HubException(
                        "%s (expected: a directory, or a model of the Hub such as gpt2 or org/name@revision)"
                            .formatted(text)));
    var cache = new HubCache(settings.cache(), model, surroundings);
    try {
      Optional<String> known = cache.commit();
      boolean settled = known.isPresent() && HubName.isCommit(model.revision());
      if (settings.offline()) {
        return new CachedModel(model, cache).directory("the Hub is off (HF_HUB_OFFLINE)");
      }
      if (settled && new CachedModel(model, cache).isWhole(known.get())) {
        return cache.snapshot(known.get());
      }
      return fetched(model, cache);
    } catch (IOException e) {
      throw new HubException(
          "%s: cannot write or read its cache in %s: %s".formatted(model, settings.cache(), e), e);
    }
  }

  private Path fetched(HubName model, HubCache cache)
      throws HubException, IOException, InterruptedException {
    var hub = new HubApi(settings, surroundings);
    return new ModelDownload(model, hub, cache, surroundings, listener).run();
  }

  private static boolean isDirectory(String text, Path base) {
    try {
      return !text.isEmpty() && Files.isDirectory(base.resolve(text));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static Optional<HubName> name(String text) {
    return PATH.matcher(text).matches() ? Optional.empty() : HubName.parse(text);
  }
}
