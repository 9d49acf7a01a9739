package org.elasticreset.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What Linux says of a process at one instant. */
record ProcessSample(long residentKib, int threads, int fileDescriptors) {
  private static final Pattern HEAP_USED =
      Pattern.compile("(?:generation|total|garbage-first heap).*?used (\\d+)K");

  static ProcessSample of(long pid) throws IOException {
    Path proc = Path.of("/proc", String.valueOf(pid));
    String status = Files.readString(proc.resolve("status"));
    try (Stream<Path> descriptors = Files.list(proc.resolve("fd"))) {
      return new ProcessSample(
          number(status, "VmRSS:\\s+(\\d+)"),
          (int) number(status, "Threads:\\s+(\\d+)"),
          (int) descriptors.count());
    }
  }

  private static long number(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    if (!matcher.find()) {
      throw new FaultyRunException(pattern + " is not in /proc's status");
    }
    return Long.parseLong(matcher.group(1));
  }

  /** Heap of a JVM in KiB behind a full collection, which this asks for. */
  static long heapKib(long pid) throws IOException, InterruptedException {
    jcmd(pid, "GC.run");
    Matcher used = HEAP_USED.matcher(jcmd(pid, "GC.heap_info"));
    long sum = 0;
    while (used.find()) {
      sum += Long.parseLong(used.group(1));
    }
    return sum;
  }

  private static String jcmd(long pid, String command) throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process process =
        new ProcessBuilder(jcmd.toString(), String.valueOf(pid), command)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor(10, TimeUnit.SECONDS);
    return said;
  }
}
