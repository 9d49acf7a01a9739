package org.elasticreset.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * The settings that a rendered workload gives its service: of the files in the ConfigMaps that are
 * projected into one folder, those with a higher {@code config_ordinal} over others.
 *
 * @param settings as the files say, expressions unresolved
 * @param environment the variables with a value that the manifests say
 */
record ServiceConfigs(Map<String, String> settings, Map<String, String> environment) {

  static ServiceConfigs of(Rendered rendered, Rendered.Workload workload) {
    Map<String, String> files = files(rendered, workload);
    String folder =
        workload
            .variable("QUARKUS_CONFIG_LOCATIONS")
            .orElseThrow(() -> new AssertionError(workload.name() + " names no settings"))
            .path("value")
            .asText();
    if (!folder.equals("/settings") || files.isEmpty()) {
      throw new AssertionError(
          "%s reads %s (expected: /settings, where %s are)"
              .formatted(workload.name(), folder, files.keySet()));
    }
    var settings = new HashMap<String, String>();
    var ranks = new HashMap<String, Integer>();
    files.forEach(
        (file, text) -> {
          Properties properties = properties(text);
          int rank = Integer.parseInt(properties.getProperty("config_ordinal", "0"));
          for (String key : properties.stringPropertyNames()) {
            int other = ranks.getOrDefault(key, 0);
            if (rank == other && !key.equals("config_ordinal")) {
              throw new AssertionError(
                  "%s: %s is in two files of rank %d (expected: one above the other)"
                      .formatted(file, key, rank));
            }
            if (rank > other) {
              ranks.put(key, rank);
              settings.put(key, properties.getProperty(key));
            }
          }
        });
    return new ServiceConfigs(Map.copyOf(settings), environment(rendered, workload));
  }

  private static Map<String, String> files(Rendered rendered, Rendered.Workload workload) {
    var files = new HashMap<String, String>();
    workload
        .volumes()
        .filter(volume -> volume.path("name").asText().equals("settings"))
        .flatMap(volume -> Rendered.elements(volume.at("/projected/sources")))
        .map(source -> rendered.get("ConfigMap", source.at("/configMap/name").asText()))
        .flatMap(ServiceConfigs::data)
        .forEach(file -> files.put("/settings/" + file.getKey(), file.getValue().asText()));
    return files;
  }

  private static Stream<Map.Entry<String, JsonNode>> data(JsonNode configMap) {
    return configMap.path("data").properties().stream();
  }

  private static Map<String, String> environment(Rendered rendered, Rendered.Workload workload) {
    var environment = new HashMap<String, String>();
    Rendered.elements(workload.container().path("env"))
        .forEach(
            variable -> {
              JsonNode key = variable.at("/valueFrom/configMapKeyRef");
              String value =
                  key.isMissingNode()
                      ? variable.path("value").asText("a secret")
                      : rendered
                          .get("ConfigMap", key.path("name").asText())
                          .path("data")
                          .path(key.path("key").asText())
                          .asText();
              environment.put(variable.path("name").asText(), value);
            });
    // Of every pod.
    environment.put("HOSTNAME", workload.name() + "-0");
    return Map.copyOf(environment);
  }

  private static Properties properties(String text) {
    var properties = new Properties();
    try {
      properties.load(new StringReader(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }
}
