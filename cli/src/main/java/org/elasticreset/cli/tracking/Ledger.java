package org.elasticreset.cli.tracking;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What a sink has of a run: a note on the first line, and then a line for each line of {@code
 * metrics.jsonl}, its digest. Held by one process at a time. Written behind the sink: one that was
 * killed in between sends again what it had sent last.
 */
final class Ledger implements AutoCloseable {
  private final FileChannel file;
  private final Path path;
  private final List<String> digests = new ArrayList<>();
  private String note = "";

  private Ledger(FileChannel file, Path path) {
    this.file = file;
    this.path = path;
  }

  /**
   * Opens it, or begins it.
   *
   * @throws RefusedException if another process has it
   */
  static Ledger open(Path path) {
    try {
      Files.createDirectories(path.toAbsolutePath().resolveSibling(""));
      FileChannel file =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (!isFree(file)) {
        file.close();
        throw new RefusedException("another process sends this run there (it holds " + path + ")");
      }
      Ledger ledger = new Ledger(file, path);
      ledger.read();
      return ledger;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isFree(FileChannel file) throws IOException {
    try {
      return file.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** Whole lines; one that a process died over is written anew. */
  private void read() throws IOException {
    // Through the channel that has the lock: a second one that closes would let go of it.
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(file.size()));
    while (bytes.hasRemaining() && file.read(bytes, bytes.position()) >= 0) {
      // until all of it is there
    }
    String text = StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    if (!lines.isEmpty()) {
      note = lines.get(0);
      digests.addAll(lines.subList(1, lines.size()));
    }
    write();
  }

  Path path() {
    return path;
  }

  /** What the sink noted, such as the run's name there; empty at first. */
  String note() {
    return note;
  }

  void note(String text) throws IOException {
    note = text;
    write();
  }

  /** Lines that the sink has. */
  int size() {
    return digests.size();
  }

  /** Whether the sink has this line at this place. */
  boolean has(int index, String digest) {
    return index < digests.size() && digests.get(index).equals(digest);
  }

  void add(List<String> more) throws IOException {
    digests.addAll(more);
    append(String.join("\n", more) + "\n");
  }

  /** Forgets all but the first lines. */
  void keep(int size) throws IOException {
    if (size < digests.size()) {
      digests.subList(size, digests.size()).clear();
      write();
    }
  }

  private void write() throws IOException {
    file.truncate(0);
    StringBuilder text = new StringBuilder(note).append('\n');
    digests.forEach(digest -> text.append(digest).append('\n'));
    append(text.toString());
  }

  private void append(String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    file.position(file.size());
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
