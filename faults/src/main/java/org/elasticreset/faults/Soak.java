package org.elasticreset.faults;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * An hour of training, by hand, in which nothing may grow: memory, threads and file descriptors of
 * the four services and the broker, every ten seconds.
 *
 * <p>Arguments: minutes, folder. The figures are in {@code soak.csv} in that folder.
 */
public final class Soak {
  private static final Duration PERIOD = Duration.ofSeconds(10);
  private static final int ENDLESS = 1_000_000;

  /** Growth over the last two thirds that is called flat: a share of the median, or a floor. */
  private static final double SHARE = 0.05;

  private static final double FLOOR_MEBIBYTES = 16;
  private static final double FLOOR_COUNT = 2;

  private final FaultyRun run;
  private final Writer csv;
  private final Map<String, List<ProcessSample>> samples = new LinkedHashMap<>();
  private final Map<String, List<Long>> heaps = new LinkedHashMap<>();
  private final Map<String, Long> pids = new LinkedHashMap<>();
  private final List<String> broken = new ArrayList<>();

  private Soak(FaultyRun run, Writer csv) {
    this.run = run;
    this.csv = csv;
  }

  /** Prints the table; throws if something grew, or a service was started again. */
  public static void main(String... arguments) throws IOException, InterruptedException {
    Duration length = Duration.ofMinutes(Integer.parseInt(arguments[0]));
    RunFiles files = RunFiles.write(Path.of(arguments[1]));
    // Steps of about a second, as those of a model that one would train on two cores.
    try (FaultyRun run =
            FaultyRun.startOnBroker(
                files,
                "soak",
                ENDLESS,
                Map.of(),
                "rollout.per-step=64",
                "rollout.batch-size=16",
                "reset.every=17",
                "evaluation.every=20");
        Writer csv = Files.newBufferedWriter(files.root().resolve("soak.csv"))) {
      run.awaitStep(5);
      Soak soak = new Soak(run, csv);
      soak.watch(length);
      soak.judge();
      System.out.println(
          "training steps: " + run.witness().step() + ", minutes: " + length.toMinutes());
      soak.broken.addAll(Promises.versionsNeverGoBackwards(run.witness().versions()));
      soak.broken.forEach(System.out::println);
      if (!soak.broken.isEmpty()) {
        throw new FaultyRunException(soak.broken.size() + " figures were not flat");
      }
      System.out.println("everything is flat");
    }
  }

  private void watch(Duration length) throws IOException, InterruptedException {
    csv.write("seconds,step,process,rss_kib,threads,file_descriptors,heap_after_gc_kib\n");
    long begin = System.nanoTime();
    long heapEvery = Math.max(3, length.dividedBy(12).dividedBy(PERIOD));
    for (int tick = 0; ; tick++) {
      Duration passed = Duration.ofNanos(System.nanoTime() - begin);
      if (passed.compareTo(length) >= 0) {
        return;
      }
      sample(passed.toSeconds(), tick % heapEvery == 0);
      long next = begin + PERIOD.multipliedBy(tick + 1L).toNanos();
      Thread.sleep(Math.max(0, Duration.ofNanos(next - System.nanoTime()).toMillis()));
    }
  }

  private void sample(long seconds, boolean withHeap) throws IOException, InterruptedException {
    Map<String, Long> now = new LinkedHashMap<>();
    now.put("broker", run.broker().pid());
    for (String service : FaultyRun.SERVICES) {
      now.put(service, run.awaitPid(service));
    }
    for (var process : now.entrySet()) {
      String name = process.getKey();
      Long before = pids.put(name, process.getValue());
      if (before != null && !before.equals(process.getValue())) {
        broken.add(name + " was started again after " + seconds + " s");
      }
      ProcessSample sample = ProcessSample.of(process.getValue());
      samples.computeIfAbsent(name, key -> new ArrayList<>()).add(sample);
      String heap = "";
      if (withHeap) {
        long kib = ProcessSample.heapKib(process.getValue());
        heaps.computeIfAbsent(name, key -> new ArrayList<>()).add(kib);
        heap = String.valueOf(kib);
      }
      csv.write(
          "%d,%d,%s,%d,%d,%d,%s%n"
              .formatted(
                  seconds,
                  run.witness().step(),
                  name,
                  sample.residentKib(),
                  sample.threads(),
                  sample.fileDescriptors(),
                  heap));
    }
    csv.flush();
  }

  private void judge() {
    System.out.println(
        "| process | RSS, MiB (growth) | heap after GC, MiB (growth) | threads (growth)"
            + " | file descriptors (growth) |");
    System.out.println("|---|---|---|---|---|");
    for (String name : samples.keySet()) {
      System.out.printf(
          Locale.ROOT,
          "| %s | %s | %s | %s | %s |%n",
          name,
          flat(name + ", RSS", figures(name, s -> s.residentKib() / 1024.0), FLOOR_MEBIBYTES),
          flat(
              name + ", heap",
              heaps.getOrDefault(name, List.of()).stream()
                  .mapToDouble(kib -> kib / 1024.0)
                  .toArray(),
              FLOOR_MEBIBYTES),
          flat(name + ", threads", figures(name, ProcessSample::threads), FLOOR_COUNT),
          flat(
              name + ", file descriptors",
              figures(name, ProcessSample::fileDescriptors),
              FLOOR_COUNT));
    }
  }

  private double[] figures(String process, ToDoubleFunction<ProcessSample> figure) {
    return samples.getOrDefault(process, List.of()).stream().mapToDouble(figure).toArray();
  }

  /** Median and growth over the last two thirds. */
  private String flat(String what, double[] values, double floor) {
    Trend trend = Trend.of(java.util.Arrays.copyOfRange(values, values.length / 3, values.length));
    double tolerance = Math.max(floor, SHARE * trend.median());
    if (trend.growth() > tolerance) {
      broken.add(
          String.format(
              Locale.ROOT,
              "%s: grew by %.1f (expected: at most %.1f)",
              what,
              trend.growth(),
              tolerance));
    }
    return String.format(Locale.ROOT, "%.0f (%+.1f)", trend.median(), trend.growth());
  }
}
