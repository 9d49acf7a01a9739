package org.elasticreset.ema;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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

  private final Path directory;
  private final Path file;

  AuditJournal(Path directory) {
    this.directory = directory;
    this.file = directory.resolve("audit.journal");
  }

  /**
   * All events that are whole; what a process that died had begun is cut off.
   *
   * @throws IOException if an event is there to its last byte and is none: a record is not mended
   */
  List<TrainingEvent> load() throws IOException {
    var events = new ArrayList<TrainingEvent>();
    if (!Files.exists(file)) {
      return events;
    }
    byte[] bytes = Files.readAllBytes(file);
    var in = CodedInputStream.newInstance(bytes);
    int whole = 0;
    while (!in.isAtEnd()) {
      byte[] event;
      try {
        event = in.readRawBytes(in.readRawVarint32());
      } catch (InvalidProtocolBufferException itsEndIsMissing) {
        break;
      }
      events.add(parsed(event, whole));
      whole = in.getTotalBytesRead();
    }
    if (whole < bytes.length) {
      try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(whole);
        channel.force(true);
      }
    }
    return events;
  }

  private TrainingEvent parsed(byte[] event, int at) throws IOException {
    try {
      return TrainingEvent.parseFrom(event);
    } catch (InvalidProtocolBufferException e) {
      throw new IOException(
          "%s: no event at byte %d (expected: the file as it was written; restore it, or move it away and say so)"
              .formatted(file, at),
          e);
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
      DurableFiles.force(directory);
    }
  }
}
