package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The folder of the project: presets, topics and the built services. */
public record Installation(Path root) {
  static final List<String> SERVICES =
      List.of("ema-service", "learner-service", "reward-service", "rollout-service");

  /** The folder that the launcher script names, else the working directory. */
  public static Installation current() {
    return new Installation(
        Path.of(System.getProperty("elastic-reset.home", "")).toAbsolutePath().normalize());
  }

  /**
   * The file of a preset.
   *
   * @throws InvalidInputException naming the presets there are
   */
  Path preset(String name) {
    Path file = root.resolve("presets").resolve(name + ".yaml");
    if (name.contains("/") || !Files.isRegularFile(file)) {
      throw InvalidInputException.of("--preset", name, String.join(" | ", presets()));
    }
    return file;
  }

  private List<String> presets() {
    try (Stream<Path> files = Files.list(root.resolve("presets"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".yaml"))
          .map(name -> name.substring(0, name.length() - ".yaml".length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      return List.of("no preset found in " + root.resolve("presets"));
    }
  }

  /** The jar that runs a service. */
  Path serviceJar(String service) {
    return root.resolve(service).resolve("target/quarkus-app/quarkus-run.jar");
  }

  Path topics() {
    return root.resolve("deploy/kafka/topics.yaml");
  }

  /** Version of this build; "development" where it does not run from its jar. */
  public static String version() {
    return Optional.ofNullable(Installation.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  /** A file of the class path as text. */
  public static String resource(String name) {
    try (var stream = Installation.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("not on the class path: " + name);
      }
      return new String(stream.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
