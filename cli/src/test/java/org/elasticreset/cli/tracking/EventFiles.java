package org.elasticreset.cli.tracking;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Event files as TensorBoard reads them: one after another by name, each up to the first record
 * that is not whole; what a restart makes void is forgotten. It shares nothing with what writes
 * them, its checksum included.
 */
public final class EventFiles {
  private EventFiles() {}

  /** A figure. */
  public record Point(long step, String tag, float value) {}

  /** Words. */
  public record Text(long step, String tag, String text) {}

  /** What a reader has in the end. */
  public record Contents(List<Point> points, List<Text> texts, List<String> plugins) {

    /** Figures of one tag, in order. */
    public List<Point> of(String tag) {
      return points.stream().filter(point -> point.tag().equals(tag)).toList();
    }
  }

  /** Reads a folder. */
  public static Contents read(Path folder) throws IOException {
    Contents contents = new Contents(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (Path file : files(folder)) {
      for (byte[] record : records(Files.readAllBytes(file))) {
        take(UnknownFieldSet.parseFrom(record), contents);
      }
    }
    return contents;
  }

  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(each -> each.getFileName().toString().contains("tfevents"))
          .sorted()
          .toList();
    }
  }

  /** Whole records; a checksum that is wrong is an error. */
  static List<byte[]> records(byte[] file) {
    List<byte[]> records = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.remaining() >= 12) {
      byte[] header = new byte[8];
      bytes.get(bytes.position(), header);
      long length = bytes.getLong();
      require(bytes.getInt() == masked(header), "checksum of a length");
      if (bytes.remaining() < length + 4) {
        break;
      }
      byte[] record = new byte[(int) length];
      bytes.get(record);
      require(bytes.getInt() == masked(record), "checksum of a record");
      records.add(record);
    }
    return records;
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what + " is wrong");
    }
  }

  /** Bit by bit, by Castagnoli's polynomial. */
  static int crc32c(byte[] bytes) {
    int crc = ~0;
    for (byte each : bytes) {
      crc ^= each & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >>> 1) ^ ((crc & 1) == 0 ? 0 : 0x82f63b78);
      }
    }
    return ~crc;
  }

  private static int masked(byte[] bytes) {
    int crc = crc32c(bytes);
    return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
  }

  private static void take(UnknownFieldSet event, Contents contents)
      throws InvalidProtocolBufferException {
    long step = event.hasField(2) ? event.getField(2).getVarintList().get(0) : 0;
    require(Double.longBitsToDouble(event.getField(1).getFixed64List().get(0)) > 0, "wall time");
    if (event.hasField(7)) {
      require(message(event, 7).getField(1).getVarintList().get(0) == 1, "session status");
      contents.points().removeIf(point -> point.step() >= step);
      contents.texts().removeIf(text -> text.step() >= step);
    }
    if (event.hasField(5)) {
      for (ByteString bytes : message(event, 5).getField(1).getLengthDelimitedList()) {
        value(step, UnknownFieldSet.parseFrom(bytes), contents);
      }
    }
  }

  private static void value(long step, UnknownFieldSet value, Contents contents)
      throws InvalidProtocolBufferException {
    String tag = text(value, 1);
    if (value.hasField(2)) {
      float number = Float.intBitsToFloat(value.getField(2).getFixed32List().get(0));
      contents.points().add(new Point(step, tag, number));
      return;
    }
    String plugin = text(message(message(value, 9), 1), 1);
    contents.plugins().add(plugin + " " + tag);
    if (plugin.equals("text")) {
      contents.texts().add(new Text(step, tag, text(message(value, 8), 8)));
    }
  }

  private static UnknownFieldSet message(UnknownFieldSet parent, int field)
      throws InvalidProtocolBufferException {
    return UnknownFieldSet.parseFrom(parent.getField(field).getLengthDelimitedList().get(0));
  }

  private static String text(UnknownFieldSet parent, int field) {
    return parent.getField(field).getLengthDelimitedList().get(0).toStringUtf8();
  }
}
