package org.elasticreset.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every overlay, alone and with all the components that it lacks and could have; one of them also
 * with each. What is added is a directory, as somebody would write it over an overlay of ours.
 */
final class Combinations {

  private static final Path COMPONENTS = Rendered.KUBERNETES.resolve("components");
  private static final Path MADE = Path.of("target/overlays");

  /** Objects of Strimzi's operator, which is not needed where somebody has another broker. */
  private static final List<String> OF_STRIMZI = List.of("strimzi", "raters-topics", "live");

  private Combinations() {}

  static List<Path> all() {
    var all = new ArrayList<Path>();
    for (Path overlay : directories(Rendered.KUBERNETES.resolve("overlays"))) {
      List<List<String>> additions = additions(overlay);
      all.add(overlay);
      all.add(made(overlay, additions.stream().flatMap(List::stream).distinct().toList()));
      if (overlay.endsWith("cpu")) {
        additions.forEach(added -> all.add(made(overlay, added)));
      }
    }
    // Of a run with another id.
    all.add(Path.of("src/test/overlays/people"));
    return all;
  }

  private static List<List<String>> additions(Path overlay) {
    String has = read(overlay.resolve("kustomization.yaml"));
    boolean strimzi = has.contains("components/strimzi");
    return directories(COMPONENTS).stream()
        .map(component -> component.getFileName().toString())
        .filter(name -> !has.contains("components/" + name + "\n"))
        .filter(name -> strimzi || !OF_STRIMZI.contains(name))
        .map(
            name ->
                strimzi && name.equals("raters") ? List.of("raters-topics", name) : List.of(name))
        .toList();
  }

  private static Path made(Path overlay, List<String> components) {
    Path made = MADE.resolve(overlay.getFileName() + "+" + String.join("+", components));
    String kustomization =
        """
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        namespace: elastic-reset
        resources:
          - %s
        components:
        %s
        """
            .formatted(
                from(made, overlay),
                components.stream()
                    .map(component -> "  - " + from(made, COMPONENTS.resolve(component)))
                    .collect(Collectors.joining("\n")));
    try {
      Files.createDirectories(made);
      Files.writeString(made.resolve("kustomization.yaml"), kustomization);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return made;
  }

  private static Path from(Path made, Path other) {
    return made.toAbsolutePath().relativize(other.toAbsolutePath());
  }

  private static List<Path> directories(Path parent) {
    try (Stream<Path> files = Files.list(parent)) {
      return files.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
