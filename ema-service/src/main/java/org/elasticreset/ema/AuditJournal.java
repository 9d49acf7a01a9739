package org.elasticreset.ema;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.elasticreset.checkpoint.DurableFiles;
import org.elasticreset.proto.v1.TrainingEvent;

/**
 * The audit events of a run in the order in which they were decided: {@code audit.journal} in the
 * service's directory, each event with its length before it. An event is on the disk before what it
 * tells of is done, so that nothing is done without it.
 */
final class AuditJournal {

  private final Path file;

  AuditJournal(Path directory) {
    file = directory.resolve("audit.journal");
  }

  /** All events that are whole; what a process that died had begun is cut off. */
  List<TrainingEvent> load() throws IOException {
    var events = new ArrayList<TrainingEvent>();
    if (!Files.exists(file)) {
      return events;
    }
    long whole = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (var event = next(in); event != null; event = next(in)) {
        events.add(event);
        whole += framed(event).length;
      }
    }
    if (whole < Files.size(file)) {
      try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(whole);
        channel.force(true);
      }
    }
    return events;
  }

  private static @org.jspecify.annotations.Nullable TrainingEvent next(InputStream in) {
    try {
      return TrainingEvent.parseDelimitedFrom(in);
    } catch (IOException e) {
      return null;
    }
  }

  private static byte[] framed(TrainingEvent event) throws IOException {
    var bytes = new ByteArrayOutputStream();
    event.writeDelimitedTo(bytes);
    return bytes.toByteArray();
  }

  /** Appends an event; it is on the disk when this returns. */
  void append(TrainingEvent event) throws IOException {
    boolean begins = !Files.exists(file);
    long before = begins ? 0 : Files.size(file);
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      try {
        channel.position(before);
        var bytes = ByteBuffer.wrap(framed(event));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      } catch (IOException e) {
        // Half an event would hide those behind it.
        channel.truncate(before);
        throw e;
      }
    }
    if (begins) {
      DurableFiles.force(file.toAbsolutePath().getParent());
    }
  }
}
