package org.elasticreset.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.elasticreset.hub.HubSettings;

/**
 * A project folder with one preset and the files it names, empty where only their presence counts.
 */
record InstallationFixture(Path root) {
  /** A small GPT-2; more settings go where {@code %s} stands. */
  static final String GPT =
      """
      {"model_type": "gpt2", "vocab_size": 290, "n_positions": 128, "n_embd": 16, "n_layer": 1,
       "n_head": 2, %s}
      """;

  static InstallationFixture create(Path root) throws IOException {
    InstallationFixture fixture = new InstallationFixture(root);
    fixture.write(
        "presets/movie-sentiment.yaml",
        """
        policy: ../models/gpt
        prompts: movies/prompts.txt
        evaluation: {prompts: movies/held-out.txt, every: 10}
        reward:
          scorers:
            sentiment: {type: classifier, model: ../models/classifier, label: POSITIVE}
          judge: {type: classifier, model: ../models/classifier, label: POSITIVE}
        """);
    fixture.write("presets/movies/prompts.txt", "# openings\nThis film is\n");
    fixture.write("presets/movies/held-out.txt", "The plot\n");
    fixture.model("models/gpt", GPT.formatted("\"eos_token_id\": 0"));
    fixture.model(
        "models/classifier", "{\"id2label\": {\"0\": \"NEGATIVE\", \"1\": \"POSITIVE\"}}");
    return fixture;
  }

  void model(String directory, String config) throws IOException {
    write(directory + "/config.json", config);
    write(directory + "/model.safetensors", "");
    write(directory + "/tokenizer.json", "{}");
  }

  Path write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, text);
  }

  /** Reads and checks a configuration as {@code run} does. */
  RunConfig resolve(String... assignments) {
    RunConfig config =
        new RunConfigSources(
                "movie-sentiment", null, List.of(assignments), null, null, null, false, null)
            .read(new Installation(root), models());
    Preflight.check(config);
    return config;
  }

  /** The same with a run file. */
  RunConfig resolveFile(String yaml) throws IOException {
    Path file = write("user/run.yaml", yaml);
    RunConfig config =
        new RunConfigSources("movie-sentiment", file, List.of(), null, null, null, false, null)
            .read(new Installation(root), models());
    Preflight.check(config);
    return config;
  }

  /** Those in the cache below {@code root}: no test reaches for a network. */
  NamedModels models() {
    var offline = Map.of("HF_HUB_OFFLINE", "1", "HF_HUB_CACHE", root.resolve("hub").toString());
    return models(offline);
  }

  NamedModels models(Map<String, String> environment) {
    return new NamedModels(
        () -> HubSettings.ofEnvironment(environment, root),
        new Terminal(new PrintStream(OutputStream.nullOutputStream(), false), false, 80));
  }
}
