package org.elasticreset.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * The settings that a rendered workload gives its service: the files that it names, later ones over
 * earlier ones, out of the ConfigMaps that are projected there.
 *
 * @param settings as the files say, expressions unresolved
 * @param environment the variables with a value that the manifests say
 */
record ServiceConfigs(Map<String, String> settings, Map<String, String> environment) {

  static ServiceConfigs of(Rendered rendered, Rendered.Workload workload) {
    Map<String, String> files = files(rendered, workload);
    String named =
        workload
            .variable("QUARKUS_CONFIG_LOCATIONS")
            .orElseThrow(() -> new AssertionError(workload.name() + " names no settings"))
            .path("value")
            .asText();
    var settings = new HashMap<String, String>();
    for (String location : List.of(named.split(","))) {
      String text = files.get(location);
      if (text == null) {
        throw new AssertionError(
            "%s reads %s (expected: one of %s)"
                .formatted(workload.name(), location, files.keySet()));
      }
      Properties properties = properties(text);
      properties.stringPropertyNames().forEach(k -> settings.put(k, properties.getProperty(k)));
    }
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
