package org.elasticreset.deploy;

import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheus.PrometheusNamingConvention;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The meters that the services register, as Prometheus calls them, read from the sources of their
 * classes {@code *Metrics}: from {@code Counter.builder("a.b")} and from each class's own {@code
 * counter(registry, "a.b", …)}.
 *
 * @param names with the suffixes of their types
 * @param tags labels that they have
 */
record Meters(Set<String> names, Set<String> tags) {

  private static final Pattern BUILDER =
      Pattern.compile(
          "(Counter|FunctionCounter|Gauge|Timer|FunctionTimer)\\s*\\.builder\\(\\s*\"([a-z.]+)\""
              + "(?:[^;]*?\\.baseUnit\\(\"([a-z]+)\"\\))?");
  private static final Pattern SHORT =
      Pattern.compile("\\b(counter|gauge)\\(\\s*registry,(?:\\s*policy,)?\\s*\"([a-z.]+)\"");
  private static final Pattern TAG = Pattern.compile("\\.tag\\(\\s*\"([a-z]+)\"");

  static Meters ofServices() {
    var names = new HashSet<String>();
    var tags = new HashSet<String>();
    for (Path file : sources()) {
      String text = read(file);
      for (Matcher meter = BUILDER.matcher(text); meter.find(); ) {
        names.addAll(inPrometheus(meter.group(1), meter.group(2), meter.group(3)));
      }
      for (Matcher meter = SHORT.matcher(text); meter.find(); ) {
        names.addAll(inPrometheus(meter.group(1), meter.group(2), null));
      }
      for (Matcher tag = TAG.matcher(text); tag.find(); ) {
        tags.add(tag.group(1));
      }
    }
    return new Meters(Set.copyOf(names), Set.copyOf(tags));
  }

  /** By the rules of the registry that Quarkus puts into the services, deprecated or not. */
  @SuppressWarnings("deprecation")
  private static List<String> inPrometheus(String type, String name, String unit) {
    var convention = new PrometheusNamingConvention();
    return switch (type) {
      case "Counter", "FunctionCounter", "counter" ->
          List.of(withTotal(convention.name(name, Meter.Type.COUNTER, unit)));
      case "Timer", "FunctionTimer" -> {
        String timer = convention.name(name, Meter.Type.TIMER, unit);
        yield List.of(timer + "_count", timer + "_sum", timer + "_max");
      }
      default -> List.of(convention.name(name, Meter.Type.GAUGE, unit));
    };
  }

  /** The registry adds it when it writes, whether or not the convention does. */
  private static String withTotal(String name) {
    return name.endsWith("_total") ? name : name + "_total";
  }

  private static List<Path> sources() {
    return StrimziResources.SERVICES.stream()
        .flatMap(
            service -> {
              try (var files =
                  Files.walk(Rendered.ROOT.resolve(service).resolve("src/main/java"))) {
                return files.filter(f -> f.toString().endsWith("Metrics.java")).toList().stream();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
