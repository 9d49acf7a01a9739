package org.elasticreset.cli.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where MLflow keeps runs together.
 *
 * @param id of one that is there; empty: it is known by its name, and made if it is missing
 */
record MlflowExperiment(String id, String name) {
  private static final String DEFAULT = "elastic-reset";

  /** By a setting, as MLflow's own clients find it, or after the comparison. */
  static MlflowExperiment of(
      @Nullable String setting, @Nullable String comparison, Map<String, String> environment) {
    if (setting != null) {
      return new MlflowExperiment("", setting);
    }
    String id = environment.getOrDefault("MLFLOW_EXPERIMENT_ID", "");
    String name = environment.getOrDefault("MLFLOW_EXPERIMENT_NAME", "");
    String otherwise = Objects.requireNonNullElse(comparison, DEFAULT);
    return new MlflowExperiment(id, name.isEmpty() ? otherwise : name);
  }

  /** Its id on the server. */
  String id(MlflowClient client) throws IOException, InterruptedException {
    if (!id.isEmpty()) {
      return id;
    }
    Optional<String> there = find(client);
    if (there.isPresent()) {
      return there.get();
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("name", name);
    // MLflow's pages have a side for agents and one for training; this says which.
    body.putArray("tags")
        .addObject()
        .put("key", "mlflow.experimentKind")
        .put("value", "custom_model_development");
    try {
      return client.post("experiments/create", body).path("experiment_id").asText();
    } catch (RefusedException e) {
      // Two runs of a comparison begin side by side: the other one made it.
      return find(client).orElseThrow(() -> e);
    }
  }

  private Optional<String> find(MlflowClient client) throws IOException, InterruptedException {
    Optional<JsonNode> found =
        client
            .find("experiments/get-by-name", "experiment_name", name)
            .map(answer -> answer.path("experiment"));
    if (found.isPresent() && found.get().path("lifecycle_stage").asText().equals("deleted")) {
      throw new RefusedException(
          "experiment %s was deleted (restore it, or name another)".formatted(name));
    }
    return found.map(experiment -> experiment.path("experiment_id").asText());
  }

  @Override
  public String toString() {
    return id.isEmpty() ? name : "id " + id;
  }
}
