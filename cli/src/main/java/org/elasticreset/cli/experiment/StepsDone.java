package org.elasticreset.cli.experiment;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How far a run has come, by the end of its {@code metrics.jsonl}. */
final class StepsDone {
  private static final Pattern STEP = Pattern.compile("\"step\":(\\d{1,9})");
  private static final int TAIL_BYTES = 4096;

  private StepsDone() {}

  /** The step of the last line; 0 if there is none. */
  static long of(Path metrics) {
    if (!Files.exists(metrics)) {
      return 0;
    }
    try (RandomAccessFile file = new RandomAccessFile(metrics.toFile(), "r")) {
      file.seek(Math.max(0, file.length() - TAIL_BYTES));
      byte[] tail = new byte[TAIL_BYTES];
      int length = Math.max(0, file.read(tail));
      Matcher steps = STEP.matcher(new String(tail, 0, length, StandardCharsets.UTF_8));
      long last = 0;
      while (steps.find()) {
        last = Long.parseLong(steps.group(1));
      }
      return last;
    } catch (IOException e) {
      return 0; // the run begins anew at this moment
    }
  }
}
