package org.elasticreset.model.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A model's directory, out of which no file is opened: a directory from elsewhere may hold links to
 * the reader's own files.
 *
 * <p>Links may lead anywhere inside the directory, as those of a mounted volume do. In the cache
 * layout of Hugging Face ({@code models--…/snapshots/REVISION}) they may also lead to a file of the
 * {@code blobs} beside {@code snapshots}, where the cache keeps its files. The directory itself may
 * be a link. Paths are checked when they are asked for: someone who changes the directory meanwhile
 * is trusted.
 *
 * @param path as its user named it
 */
public record ModelDirectory(Path path) {

  private static final String SNAPSHOTS = "snapshots";
  private static final String BLOBS = "blobs";

  /** What can be the name of a file, and stand in a log. */
  private static final Pattern NAME = Pattern.compile("[^\\\\\\p{Cntrl}\\p{Cf}]{1,255}");

  public ModelDirectory {
    if (!Files.isDirectory(path)) {
      throw new ModelFormatException(
          path, "no such directory (expected: a Hugging Face model directory)");
    }
  }

  public boolean has(String name) {
    return Files.exists(inside(name), LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * The path of a file in this directory, there or not.
   *
   * @param name may come from another file: a name without folders, or it is refused
   * @throws ModelFormatException if it is a link that leads out, or something other than a file
   */
  public Path file(String name) {
    var file = inside(name);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return file; // whoever opens it says what was expected there
    }
    try {
      var real = file.toRealPath();
      if (!contains(real)) {
        throw new ModelFormatException(
            file, "leads to " + real + " (expected: a file inside the model's directory)");
      }
      if (!Files.isRegularFile(real)) {
        throw new ModelFormatException(file, "not a file (expected: a regular file)");
      }
      return file;
    } catch (NoSuchFileException e) {
      throw new ModelFormatException(file, "a link to nothing (expected: a file)", e);
    } catch (IOException e) {
      throw new ModelFormatException(file, "cannot be followed: " + e.getMessage(), e);
    }
  }

  private Path inside(String name) {
    try {
      var plain = Path.of(name);
      if (NAME.matcher(name).matches()
          && !name.equals(".")
          && !name.equals("..")
          && name.equals(String.valueOf(plain.getFileName()))) {
        return path.resolve(plain);
      }
    } catch (InvalidPathException e) {
      // told below
    }
    throw ModelFormatException.of(path, "file name", name, "a name without folders");
  }

  private boolean contains(Path real) throws IOException {
    var home = path.toRealPath();
    var parent = home.getParent();
    return real.startsWith(home)
        || (parent != null
            && parent.endsWith(SNAPSHOTS)
            && parent.resolveSibling(BLOBS).equals(real.getParent()));
  }
}
