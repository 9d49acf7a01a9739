package org.elasticreset.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;

/**
 * The part of the cache that holds one model, as {@code huggingface_hub} 0.36 lays it out.
 *
 * <pre>
 *   .locks/models--org--name/DIGEST.lock
 *   models--org--name/
 *     blobs/DIGEST                       what was received, named by its digest
 *     blobs/DIGEST.incomplete            what huggingface_hub has received so far
 *     blobs/DIGEST.elastic-reset.incomplete     what we have
 *     refs/main                          the commit that a branch was last known to be
 *     snapshots/COMMIT/config.json → ../../blobs/DIGEST
 *     .no_exist/COMMIT/tokenizer.json    empty: the commit has no such file
 * </pre>
 *
 * <p>See <a href="https://huggingface.co/docs/huggingface_hub/guides/manage-cache">the guide</a>.
 * Files that are received have a name of their own because Python locks by {@code flock} and Java
 * by {@code fcntl}, which on Linux do not see each other: two writers of one file would ruin it.
 * Everything else appears whole, by a rename.
 */
final class HubCache {

  private final Path cache;
  private final HubName model;
  private final Surroundings surroundings;
  private final Path repository;

  HubCache(Path cache, HubName model, Surroundings surroundings) {
    this.cache = cache;
    this.model = model;
    this.surroundings = surroundings;
    repository = cache.resolve(model.directory());
  }

  Path snapshot(String commit) {
    return repository.resolve("snapshots").resolve(commit);
  }

  Path blob(BlobDigest digest) {
    return repository.resolve("blobs").resolve(digest.hex());
  }

  Path partial(BlobDigest digest) {
    return repository.resolve("blobs").resolve(digest.hex() + ".elastic-reset.incomplete");
  }

  Path partialOfOthers(BlobDigest digest) {
    return repository.resolve("blobs").resolve(digest.hex() + ".incomplete");
  }

  Path lock(BlobDigest digest) {
    return cache.resolve(".locks").resolve(model.directory()).resolve(digest.hex() + ".lock");
  }

  /** The commit that the model's revision is, or was when it was last asked for. */
  Optional<String> commit() throws IOException {
    if (HubName.isCommit(model.revision())) {
      return Optional.of(model.revision());
    }
    Path ref = ref();
    return Files.isRegularFile(ref)
        ? Optional.of(Files.readString(ref).strip()).filter(HubName::isCommit)
        : Optional.empty();
  }

  boolean holds(String commit, String file) {
    return Files.isRegularFile(snapshot(commit).resolve(file));
  }

  /** True if the commit is known to have no such file. */
  boolean lacks(String commit, String file) {
    return Files.exists(absence(commit, file));
  }

  void rememberAbsence(String commit, String file) throws IOException {
    if (!lacks(commit, file)) {
      Files.createDirectories(absence(commit, file).getParent());
      Files.write(absence(commit, file), new byte[0]);
    }
  }

  /** Makes the revision mean this commit, to those that find the network down, too. */
  void rememberCommit(String commit) throws IOException {
    if (!model.revision().equals(commit) && !commit().equals(Optional.of(commit))) {
      Path unplaced = unplaced();
      Files.writeString(unplaced, commit);
      Files.createDirectories(ref().getParent());
      Files.move(unplaced, ref(), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /**
   * Shows a blob in its snapshot: by a link, or where there are none by the file itself.
   *
   * @param received just now, so that nothing else shows it
   */
  void place(RemoteFile file, boolean received) throws IOException {
    Path snapshot = snapshot(file.commit());
    Path shown = snapshot.resolve(file.name());
    Path blob = blob(file.digest());
    Files.createDirectories(snapshot);
    Path unplaced = unplaced();
    try {
      surroundings.links().create(unplaced, snapshot.relativize(blob));
    } catch (IOException | UnsupportedOperationException e) {
      if (received) {
        unplaced = blob;
      } else {
        Files.copy(blob, unplaced);
      }
    }
    Files.move(unplaced, shown, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Bytes that the cache can still take. */
  long freeBytes() throws IOException {
    Files.createDirectories(repository.resolve("blobs"));
    return surroundings.freeSpace().bytes(repository);
  }

  private Path ref() {
    return repository.resolve("refs").resolve(model.revision());
  }

  private Path absence(String commit, String file) {
    return repository.resolve(".no_exist").resolve(commit).resolve(file);
  }

  private Path unplaced() throws IOException {
    Files.createDirectories(repository);
    return repository.resolve("tmp_" + UUID.randomUUID());
  }
}
