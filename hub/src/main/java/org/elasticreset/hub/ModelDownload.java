package org.elasticreset.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A model, from the Hub into the cache: what its revision is now, the small files, the weights that
 * they name, and at last that the revision is this commit. Whenever it is cut short, the cache
 * still says what it said before, and what has arrived is not asked for again.
 */
final class ModelDownload {

  private final HubName model;
  private final HubApi hub;
  private final HubCache cache;
  private final Surroundings surroundings;
  private final HubListener listener;

  ModelDownload(
      HubName model, HubApi hub, HubCache cache, Surroundings surroundings, HubListener listener) {
    this.model = model;
    this.hub = hub;
    this.cache = cache;
    this.surroundings = surroundings;
    this.listener = listener;
  }

  /** The directory with all its files. */
  Path run() throws HubException, IOException, InterruptedException {
    Listing listing;
    try {
      listing = retried("its list of files", () -> hub.list(model));
    } catch (HubException e) {
      if (e.getCause() instanceof TransferFailure unreachable) {
        return inItsStead(unreachable);
      }
      throw e;
    }
    String commit = listing.commit();
    Predicate<String> there = listing.files()::contains;
    Path directory = cache.snapshot(commit);
    fetch(commit, ModelFiles.small(there));
    fetch(commit, ModelFiles.weights(model, there, directory));
    for (String file : ModelFiles.SMALL) {
      if (!there.test(file)) {
        cache.rememberAbsence(commit, file);
      }
    }
    cache.rememberCommit(commit);
    return directory;
  }

  private Path inItsStead(TransferFailure unreachable) throws HubException, IOException {
    Path directory =
        new CachedModel(model, cache).directory(String.valueOf(unreachable.getMessage()));
    listener.told(
        "%s: taken from the cache as it is; whether it is the newest, nobody says"
            .formatted(model));
    return directory;
  }

  private void fetch(String commit, List<String> names)
      throws HubException, IOException, InterruptedException {
    List<RemoteFile> files = new ArrayList<>();
    long total = 0;
    long free = cache.freeBytes();
    long needed = 0;
    for (String name : names) {
      if (!cache.holds(commit, name)) {
        RemoteFile file = retried(name, () -> hub.describe(model, commit, name));
        files.add(file);
        total = plus(total, file.bytes());
        needed = plus(needed, file.bytes() - received(file));
      }
    }
    if (needed > free) {
      throw new HubException(
          "%s: %,d bytes to fetch (expected: at most %,d, which are free for the cache; HF_HUB_CACHE names another place)"
              .formatted(model, needed, free));
    }
    long before = 0;
    for (RemoteFile file : files) {
      long start = before;
      long all = total;
      var download =
          new Download(
              hub,
              cache,
              surroundings,
              listener,
              file,
              bytes -> listener.received(model.toString(), file.name(), start + bytes, all));
      download.run();
      before += file.bytes();
    }
  }

  private long received(RemoteFile file) throws IOException {
    if (Files.exists(cache.blob(file.digest()))) {
      return file.bytes();
    }
    Path partial = cache.partial(file.digest());
    return Files.exists(partial) ? Math.min(Files.size(partial), file.bytes()) : 0;
  }

  private static long plus(long a, long b) {
    return a + b < 0 ? Long.MAX_VALUE : a + b;
  }

  private interface Question<T> {
    T ask() throws TransferFailure, HubException, InterruptedException;
  }

  private <T> T retried(String what, Question<T> question)
      throws HubException, InterruptedException {
    Retries retries = new Retries(model + ": " + what, surroundings.pauses(), listener);
    while (true) {
      try {
        return question.ask();
      } catch (TransferFailure e) {
        retries.pauseAfter(e);
      }
    }
  }
}
