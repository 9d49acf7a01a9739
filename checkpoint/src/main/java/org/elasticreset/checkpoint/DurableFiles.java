package org.elasticreset.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;

/**
 * Files that are the old or the new one, and folders that are whole or absent, whenever the process
 * or the machine dies.
 */
public final class DurableFiles {

  /** What a name ends with until the thing is complete. */
  public static final String UNFINISHED = ".unfinished";

  private DurableFiles() {}

  /** Puts files into a folder. */
  public interface Contents {
    /** Writes any number of files, no folders; they are forced to the disk for the writer. */
    void writeTo(Path unfinished) throws IOException;
  }

  /** Replaces a text file at once. */
  public static void replace(Path file, String text) throws IOException {
    var directory = createFolders(parent(file));
    var unfinished = unfinished(file);
    Files.writeString(unfinished, text);
    force(unfinished);
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    force(directory);
  }

  /**
   * Writes a folder under another name, and gives it its own when all of it is on the disk. One
   * that has the name already is deleted just before, so that a death may leave neither.
   *
   * @throws IOException if it could not be made durable; then it is absent or the old one, and
   *     nothing is left of the attempt
   */
  public static void place(Path folder, Contents contents) throws IOException {
    var unfinished = new UnfinishedFolder(folder);
    unfinished.add(contents);
    unfinished.place();
  }

  /** As {@link Files#createDirectories}, with each new name on the disk. */
  static Path createFolders(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      var above = createFolders(parent(folder));
      Files.createDirectories(folder);
      force(above);
    }
    return folder;
  }

  /** Returns when a folder and all that is in it are on the disk; links are not followed. */
  public static void forceAll(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        if (!Files.isSymbolicLink(path)) {
          force(path);
        }
      }
    }
  }

  /** Returns when a file's bytes or a folder's names are on the disk. */
  public static void force(Path path) throws IOException {
    try (var channel = FileChannel.open(path)) {
      channel.force(true);
    }
  }

  /** Deletes a file or a folder with all that is in it; neither need exist. */
  public static void delete(Path path) throws IOException {
    if (Files.exists(path)) {
      try (var files = Files.walk(path)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  static Path unfinished(Path path) {
    return path.resolveSibling(path.getFileName() + UNFINISHED);
  }

  static Path parent(Path path) {
    var parent = path.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException(path + ": has no parent (expected: a path in a folder)");
    }
    return parent;
  }
}
