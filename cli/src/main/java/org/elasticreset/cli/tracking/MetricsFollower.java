package org.elasticreset.cli.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.elasticreset.checkpoint.Sha256;

/**
 * Reads {@code metrics.jsonl} while it is written, and knows what of it a sink does not have. A
 * learner that goes back takes lines back and tells them again: those that say the same, timings
 * aside, are not sent twice.
 */
final class MetricsFollower {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> TIMINGS = List.of("time", "tokens_per_second");
  private static final int DIGEST_CHARACTERS = 16;

  private final Path file;

  /** Lines from the first on, up to those of the last batch. */
  private final List<Read> read = new ArrayList<>();

  private boolean wholeStep = true;

  /**
   * What a sink is to be sent.
   *
   * @param replacing the sink may have lines of the first one's step, or of a later one, that are
   *     to be forgotten
   */
  record Batch(List<MetricsPoint> points, List<String> digests, boolean replacing) {
    boolean isEmpty() {
      return points.isEmpty();
    }
  }

  private record Read(long start, int length, long step, String digest) {}

  MetricsFollower(Path file) {
    this.file = file;
  }

  /**
   * What was sent last may be there or not: the next batch begins at the beginning of its step, and
   * replaces. So it is at first.
   */
  void uncertain() {
    wholeStep = true;
  }

  /** Takes a sink's word that it has the first lines, as they are now. */
  void trust(Ledger ledger, int lines) throws IOException {
    ledger.add(next(ledger, lines).digests());
    uncertain();
  }

  /** The next lines that the sink does not have. */
  Batch next(Ledger ledger, int most) throws IOException {
    List<MetricsPoint> points = new ArrayList<>();
    List<String> digests = new ArrayList<>();
    boolean replacing = false;
    if (!Files.exists(file)) {
      return new Batch(points, digests, replacing);
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      forgetFrom(isStillThere(channel) ? ledger.size() : 0);
      WholeLines lines = new WholeLines(channel, end());
      while (points.size() < most) {
        byte[] text = lines.next();
        if (text == null) {
          break;
        }
        JsonNode json = JSON.readTree(text);
        Read line = new Read(end(), text.length, json.path("step").asLong(), digest(json));
        int index = read.size();
        read.add(line);
        if (points.isEmpty()) {
          if (ledger.has(index, line.digest())) {
            continue;
          }
          if (wholeStep || index < ledger.size()) {
            int first = beginningOfStep(index);
            forgetFrom(first);
            ledger.keep(first);
            lines = new WholeLines(channel, end());
            wholeStep = false;
            replacing = true;
            continue;
          }
        }
        points.add(MetricsPoint.of(json));
        digests.add(line.digest());
      }
    }
    return new Batch(points, digests, replacing);
  }

  private void forgetFrom(int size) {
    if (size < read.size()) {
      read.subList(size, read.size()).clear();
    }
  }

  private long end() {
    return read.isEmpty() ? 0 : newest().start() + newest().length();
  }

  private Read newest() {
    return read.get(read.size() - 1);
  }

  private int beginningOfStep(int index) {
    int first = index;
    while (first > 0 && read.get(first - 1).step() == read.get(index).step()) {
      first--;
    }
    return first;
  }

  /** Whether what was read is what the file begins with: else lines were taken back since. */
  private boolean isStillThere(FileChannel channel) throws IOException {
    if (read.isEmpty()) {
      return true;
    }
    byte[] text = new WholeLines(channel, newest().start()).next();
    try {
      return text != null
          && text.length == newest().length()
          && digest(JSON.readTree(text)).equals(newest().digest());
    } catch (IOException e) {
      return false;
    }
  }

  private static String digest(JsonNode line) {
    ObjectNode figures = line.deepCopy();
    figures.remove(TIMINGS);
    return Sha256.of(figures.toString()).substring(0, DIGEST_CHARACTERS);
  }
}
