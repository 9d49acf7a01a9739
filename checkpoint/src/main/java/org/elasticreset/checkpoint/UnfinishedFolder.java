package org.elasticreset.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Set;

/** A folder under another name, until it is complete. One writer at a time. */
final class UnfinishedFolder {

  private final Path folder;
  private final Path directory;
  private final Path unfinished;
  private final Set<Path> forced = new HashSet<>();

  /** Creates it empty; deletes what a death left of an earlier attempt. */
  UnfinishedFolder(Path folder) throws IOException {
    this.folder = folder;
    directory = DurableFiles.createFolders(DurableFiles.parent(folder));
    unfinished = DurableFiles.unfinished(folder);
    DurableFiles.delete(unfinished);
    Files.createDirectory(unfinished);
  }

  /**
   * Puts files in, which are on the disk when this returns, and which nobody may write again.
   *
   * @throws IOException if they could not be made durable; then nothing is left of the folder
   */
  void add(DurableFiles.Contents contents) throws IOException {
    try {
      contents.writeTo(unfinished);
      try (var files = Files.list(unfinished)) {
        for (var file : files.toList()) {
          if (forced.add(file)) {
            DurableFiles.force(file);
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      deleteAfter(e);
      throw e;
    }
  }

  /** Gives it its name; one that has the name already is deleted just before. */
  void place() throws IOException {
    try {
      DurableFiles.force(unfinished);
      DurableFiles.delete(folder);
      Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
      DurableFiles.force(directory);
    } catch (IOException | RuntimeException e) {
      deleteAfter(e);
      throw e;
    }
  }

  void discard() throws IOException {
    DurableFiles.delete(unfinished);
  }

  private void deleteAfter(Exception failure) {
    try {
      discard();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }
}
