package org.elasticreset.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/** A checkpoint that is being written, by one writer at a time: absent until it is finished. */
public final class UnfinishedCheckpoint {

  private final Path finished;
  private final UnfinishedFolder folder;
  private final SortedMap<String, String> digests = new TreeMap<>();

  UnfinishedCheckpoint(Path finished) throws IOException {
    this.finished = finished;
    this.folder = new UnfinishedFolder(finished);
  }

  void add(DurableFiles.Contents contents) throws IOException {
    folder.add(
        unfinished -> {
          contents.writeTo(unfinished);
          Sha256Sums.addDigests(unfinished, digests);
        });
  }

  /**
   * Adds the last files, and makes it one of the checkpoints.
   *
   * @return its directory
   * @throws IOException if it could not be made durable; then it is absent
   */
  public Path finish(DurableFiles.Contents last) throws IOException {
    add(last);
    folder.add(unfinished -> Sha256Sums.write(unfinished, digests));
    folder.place();
    return finished;
  }

  /** Nothing is left of it. */
  public void discard() throws IOException {
    folder.discard();
  }
}
