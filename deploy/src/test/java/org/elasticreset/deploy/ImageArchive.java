package org.elasticreset.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * An image as Jib wrote it: what it put over the base, unpacked layer over layer as an engine
 * would.
 *
 * @param config what the image says of itself
 * @param root its files, without those of the base
 * @param listing each file with mode and owner, as {@code tar} lists it
 */
record ImageArchive(JsonNode config, Path root, List<String> listing) {

  static ImageArchive open(String service, Path into) throws IOException, InterruptedException {
    Path archive = Path.of("target", service + ".tar").toAbsolutePath();
    if (!Files.exists(archive)) {
      throw new AssertionError(archive + ": not there (expected: what mvn -Pimages package wrote)");
    }
    Path layers = Files.createDirectories(into.resolve("layers"));
    Path root = Files.createDirectories(into.resolve("root"));
    run("tar", "-xf", archive.toString(), "-C", layers.toString());
    JsonNode manifest = json(layers.resolve("manifest.json")).get(0);
    var listing = new ArrayList<String>();
    JsonNode image = json(layers.resolve(manifest.path("Config").asText()));
    long ours =
        Rendered.elements(image.path("history"))
            .filter(made -> made.path("author").asText().equals("Jib"))
            .count();
    long ofBase = manifest.path("Layers").size() - ours;
    for (JsonNode layer : Rendered.elements(manifest.path("Layers")).skip(ofBase).toList()) {
      String file = layers.resolve(layer.asText()).toString();
      run("tar", "--list", "-zvf", file).lines().forEach(listing::add);
      run("tar", "--no-same-owner", "-xzf", file, "-C", root.toString());
      Files.delete(Path.of(file));
    }
    return new ImageArchive(image.path("config"), root, listing);
  }

  /** Paths below the root, of files only. */
  List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile).map(root::relativize).toList();
    }
  }

  static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }

  /** What a command writes; one that fails fails the test. */
  static String run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(String.join(" ", command) + " ended with " + process.exitValue());
    }
    return output;
  }
}
