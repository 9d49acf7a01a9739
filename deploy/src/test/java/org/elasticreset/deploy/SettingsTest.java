package org.elasticreset.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.elasticreset.deploy.Rendered.Workload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every setting in a manifest is one that its service has, with a value that it can read. */
class SettingsTest {

  /** The interfaces that say what a service can be told. */
  private static final Map<String, List<String>> MAPPINGS =
      Map.of(
          "ema-service",
              List.of(
                  "org.elasticreset.ema.EmaConfig", "org.elasticreset.ema.console.ConsoleConfig"),
          "learner-service", List.of("org.elasticreset.learner.LearnerConfig"),
          "reward-service",
              List.of(
                  "org.elasticreset.reward.RewardSettings",
                  "org.elasticreset.reward.raters.RatersSettings"),
          "rollout-service", List.of("org.elasticreset.rollout.RolloutSettings"));

  /** Variables that no setting of ours is behind. */
  private static final Set<String> VARIABLES =
      Set.of(
          // Our own, which settings refer to.
          "RUN_ID",
          // Quarkus, JVM, OpenMP, the C library, DJL.
          "QUARKUS_CONFIG_LOCATIONS",
          "JAVA_TOOL_OPTIONS",
          "OMP_WAIT_POLICY",
          "GOMP_SPINCOUNT",
          "OMP_NUM_THREADS",
          "MALLOC_MMAP_THRESHOLD_",
          "MALLOC_TRIM_THRESHOLD_",
          "DJL_CACHE_DIR",
          "PYTORCH_LIBRARY_PATH",
          "PYTORCH_FLAVOR");

  /** What Quarkus reads at run time, and is not ours. */
  private static final Set<String> OF_QUARKUS =
      Set.of(
          "quarkus.http.proxy.proxy-address-forwarding",
          "quarkus.otel.sdk.disabled",
          "quarkus.otel.exporter.otlp.endpoint",
          "quarkus.otel.traces.sampler.arg");

  static Stream<Path> overlays() {
    return Rendered.overlays();
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void everySettingIsOneThatTheServiceReads(Path overlay) {
    Rendered rendered = Rendered.of(overlay);

    assertThat(rendered.workloads())
        .allSatisfy(
            workload -> {
              ServiceConfigs told = ServiceConfigs.of(rendered, workload);
              // Unknown keys under its prefixes, and values of the wrong type, throw.
              read(workload.name(), told);
              assertThat(told.settings().keySet()).allMatch(key -> isKnown(workload.name(), key));
            });
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void everyVariableIsReadBySomebody(Path overlay) {
    Rendered rendered = Rendered.of(overlay);

    assertThat(rendered.workloads().flatMap(SettingsTest::variables))
        .isNotEmpty()
        .allMatch(
            name ->
                VARIABLES.contains(name)
                    || isOfKafka(name.toLowerCase(Locale.ROOT).replace('_', '.')));
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void everyFileThatASettingNamesIsMountedOrInTheImage(Path overlay) {
    Rendered rendered = Rendered.of(overlay);

    assertThat(rendered.workloads())
        .allSatisfy(
            workload ->
                assertThat(ServiceConfigs.of(rendered, workload).settings().values())
                    .filteredOn(value -> value.startsWith("/"))
                    .isNotEmpty()
                    .allMatch(path -> isThere(workload, path)));
  }

  @Test
  void settingThatNoServiceHasStopsTheTest() {
    Rendered rendered = Rendered.overlay("cpu");
    Workload ema = new Workload(rendered.get("StatefulSet", "ema-service"));
    ServiceConfigs told = ServiceConfigs.of(rendered, ema);
    var misspelt = new HashMap<>(told.settings());
    misspelt.put("ema.decai", "0.9");

    assertThatThrownBy(() -> read("ema-service", new ServiceConfigs(misspelt, told.environment())))
        .hasMessageContaining("ema.decai");
  }

  private static SmallRyeConfig read(String service, ServiceConfigs told) {
    var builder =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            // Durations such as 5m.
            .addDiscoveredConverters()
            .withSources(new PropertiesConfigSource(told.settings(), "settings", 275))
            .withSources(new PropertiesConfigSource(told.environment(), "environment", 300));
    for (String mapping : MAPPINGS.get(service)) {
      try {
        builder.withMapping(Class.forName(mapping));
      } catch (ClassNotFoundException e) {
        throw new AssertionError(mapping + " is no longer the settings of " + service, e);
      }
    }
    return builder.build();
  }

  private static boolean isKnown(String service, String key) {
    String own = service.substring(0, service.indexOf('-') + 1).replace('-', '.');
    return key.equals("config_ordinal")
        || key.startsWith(own)
        || isOfKafka(key)
        || OF_QUARKUS.contains(key)
        || key.startsWith("mp.messaging.") && StrimziResources.channels(service).containsKey(key);
  }

  private static boolean isOfKafka(String key) {
    String name = key.replaceFirst("^kafka\\.", "");
    return key.startsWith("kafka.")
        && Stream.of(
                ConsumerConfig.configNames(),
                ProducerConfig.configNames(),
                AdminClientConfig.configNames())
            .anyMatch(names -> names.contains(name));
  }

  private static Stream<String> variables(Workload workload) {
    return Rendered.elements(workload.container().path("env"))
        .map(variable -> variable.path("name").asText());
  }

  private static boolean isThere(Workload workload, String path) {
    if (path.startsWith("/models/") && !path.startsWith("/models/mine/")
        || path.startsWith("/presets/")) {
      return Files.exists(Rendered.ROOT.resolve(path.substring(1)));
    }
    var mounts = new TreeSet<String>();
    Rendered.elements(workload.container().path("volumeMounts"))
        .forEach(mount -> mounts.add(mount.path("mountPath").asText() + "/"));
    return mounts.stream().anyMatch(path::startsWith);
  }
}
