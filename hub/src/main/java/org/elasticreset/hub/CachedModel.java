package org.elasticreset.hub;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A model as far as it is in the cache, whoever put it there. */
final class CachedModel {

  private final HubName model;
  private final HubCache cache;

  CachedModel(HubName model, HubCache cache) {
    this.model = model;
    this.cache = cache;
  }

  /**
   * Its directory, if nothing is missing that no model can do without.
   *
   * @param why it is not fetched
   * @throws HubException with what is missing
   */
  Path directory(String why) throws HubException, IOException {
    Optional<String> commit = cache.commit();
    List<String> missing = commit.isPresent() ? missing(commit.get()) : List.of("all of it");
    if (commit.isEmpty() || !missing.isEmpty()) {
      throw new HubException(
          "%s: no directory here; %s, and the cache lacks %s"
              .formatted(model, why, String.join(", ", missing)));
    }
    return cache.snapshot(commit.get());
  }

  /** True if the Hub has nothing to add: every file is there, or known not to exist. */
  boolean isWhole(String commit) throws HubException, IOException {
    return missing(commit).isEmpty()
        && ModelFiles.SMALL.stream()
            .allMatch(file -> cache.holds(commit, file) || cache.lacks(commit, file));
  }

  private List<String> missing(String commit) throws HubException, IOException {
    List<String> needed = new ArrayList<>();
    boolean adapterOnly = cache.holds(commit, ModelFiles.ADAPTER_CONFIG);
    if (!adapterOnly) {
      needed.add(ModelFiles.CONFIG);
      if (!cache.lacks(commit, ModelFiles.TOKENIZER)) {
        needed.add(ModelFiles.TOKENIZER);
      }
    }
    if (cache.holds(commit, ModelFiles.WEIGHTS)) {
      needed.add(ModelFiles.WEIGHTS);
    } else if (cache.holds(commit, ModelFiles.INDEX)) {
      needed.addAll(ModelFiles.shards(model, cache.snapshot(commit).resolve(ModelFiles.INDEX)));
    } else {
      needed.add(adapterOnly ? ModelFiles.ADAPTER : ModelFiles.WEIGHTS);
    }
    needed.removeIf(file -> cache.holds(commit, file));
    return needed;
  }
}
