package org.elasticreset.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What {@code kubectl kustomize} makes of a directory.
 *
 * @param objects in the order in which kubectl would apply them
 */
record Rendered(List<JsonNode> objects) {

  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  static final Path KUBERNETES = ROOT.resolve("deploy/kubernetes");

  private static final Map<Path, Rendered> KNOWN = new ConcurrentHashMap<>();

  /** Every overlay there is, alone and with whatever docs/kubernetes.md offers beside it. */
  static Stream<Path> overlays() {
    return Combinations.all().stream();
  }

  static Rendered overlay(String name) {
    return of(KUBERNETES.resolve("overlays").resolve(name));
  }

  /** Renders a directory, once; what kubectl complains of fails the test in its words. */
  static Rendered of(Path directory) {
    return KNOWN.computeIfAbsent(directory, Rendered::render);
  }

  private static Rendered render(Path directory) {
    try {
      Process kubectl = start(directory);
      kubectl.getOutputStream().close();
      String yaml = new String(kubectl.getInputStream().readAllBytes(), UTF_8);
      String complaints = new String(kubectl.getErrorStream().readAllBytes(), UTF_8);
      if (!kubectl.waitFor(60, TimeUnit.SECONDS) || kubectl.exitValue() != 0) {
        throw new AssertionError(
            "kubectl kustomize %s: %s (expected: manifests that kubectl 1.27 or newer renders)"
                .formatted(directory, complaints.strip()));
      }
      // Deprecated fields are a warning only.
      if (!complaints.isBlank()) {
        throw new AssertionError("kubectl kustomize " + directory + " warns: " + complaints);
      }
      return parse(yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Process start(Path directory) {
    try {
      return new ProcessBuilder("kubectl", "kustomize", directory.toString()).start();
    } catch (IOException e) {
      throw new AssertionError(
          "kubectl: not found (expected: 1.27 or newer on the PATH, to render the manifests; on"
              + " Debian 13 apt-get install kubernetes-client)",
          e);
    }
  }

  static Rendered parse(String yaml) throws IOException {
    var objects = new ArrayList<JsonNode>();
    var mapper = new YAMLMapper();
    try (var parser = mapper.createParser(yaml)) {
      mapper.readValues(parser, JsonNode.class).forEachRemaining(objects::add);
    }
    objects.removeIf(JsonNode::isNull);
    return new Rendered(objects);
  }

  Stream<JsonNode> ofKind(String kind) {
    return objects.stream().filter(object -> kind.equals(object.path("kind").asText()));
  }

  Optional<JsonNode> find(String kind, String name) {
    return ofKind(kind)
        .filter(object -> name.equals(object.at("/metadata/name").asText()))
        .findFirst();
  }

  JsonNode get(String kind, String name) {
    return find(kind, name).orElseThrow(() -> new AssertionError("no " + kind + " " + name));
  }

  /** The pods' templates of the services, by name of the service. */
  Stream<Workload> workloads() {
    return objects.stream()
        .filter(
            object -> object.has("spec") && object.at("/spec/template/spec/containers").isArray())
        .map(Workload::new);
  }

  /** Deployment or StatefulSet. */
  record Workload(JsonNode object) {

    String name() {
      return object.at("/metadata/name").asText();
    }

    JsonNode pod() {
      return object.at("/spec/template/spec");
    }

    JsonNode container() {
      return pod().at("/containers/0");
    }

    Optional<JsonNode> variable(String name) {
      return elements(container().path("env"))
          .filter(variable -> name.equals(variable.path("name").asText()))
          .findFirst();
    }

    Stream<JsonNode> volumes() {
      return elements(pod().path("volumes"));
    }
  }

  static Stream<JsonNode> elements(JsonNode array) {
    var elements = new ArrayList<JsonNode>();
    array.forEach(elements::add);
    return elements.stream();
  }
}
