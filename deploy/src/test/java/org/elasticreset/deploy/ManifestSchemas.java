package org.elasticreset.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whether an API server would take an object: required fields, unknown fields, types and choices.
 * Of Kubernetes' own kinds by the models of its Java client, of custom ones by schemas of what the
 * manifests use of them, in which everything else is refused. What neither knows, rules among
 * fields and what admission refuses, only a cluster tells.
 */
final class ManifestSchemas {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Map<String, Check> OF_KUBERNETES =
      Map.ofEntries(
          Map.entry("v1/ConfigMap", V1ConfigMap::validateJsonElement),
          Map.entry("v1/Namespace", V1Namespace::validateJsonElement),
          Map.entry("v1/PersistentVolumeClaim", V1PersistentVolumeClaim::validateJsonElement),
          Map.entry("v1/Pod", V1Pod::validateJsonElement),
          Map.entry("v1/Secret", V1Secret::validateJsonElement),
          Map.entry("v1/Service", V1Service::validateJsonElement),
          Map.entry("apps/v1/Deployment", V1Deployment::validateJsonElement),
          Map.entry("apps/v1/StatefulSet", V1StatefulSet::validateJsonElement),
          Map.entry("networking.k8s.io/v1/Ingress", V1Ingress::validateJsonElement),
          Map.entry("networking.k8s.io/v1/NetworkPolicy", V1NetworkPolicy::validateJsonElement),
          Map.entry("policy/v1/PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement));

  private ManifestSchemas() {}

  private interface Check {
    void check(JsonElement object) throws IOException;
  }

  /** What is wrong with an object; empty where nothing is. */
  static List<String> problems(JsonNode object) {
    String kind = object.path("apiVersion").asText() + "/" + object.path("kind").asText();
    var problems = new ArrayList<String>();
    Check check = OF_KUBERNETES.get(kind);
    if (check == null) {
      check(V1ObjectMeta::validateJsonElement, object.path("metadata"), kind, problems);
      schema(kind).validate(object).stream()
          .map(ValidationMessage::getMessage)
          .forEach(problem -> problems.add(kind + " " + problem));
    } else {
      check(check, object, kind, problems);
    }
    if (object.at("/metadata/name").asText().isEmpty()) {
      problems.add(kind + ": no metadata.name");
    }
    return problems;
  }

  private static void check(Check check, JsonNode object, String kind, List<String> problems) {
    try {
      check.check(JsonParser.parseString(object.toString()));
    } catch (IllegalArgumentException e) {
      problems.add(kind + " " + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonSchema schema(String kind) {
    String file = "crds/" + kind.replace('/', '_') + ".json";
    try (var schema = ManifestSchemas.class.getResourceAsStream(file)) {
      if (schema == null) {
        throw new AssertionError("no schema of " + kind + " (expected: " + file + ")");
      }
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
          .getSchema(strict(JSON.readTree(schema)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is not named is not allowed; metadata has a check of its own. */
  private static JsonNode strict(JsonNode schema) {
    if (schema instanceof ObjectNode node
        && node.path("properties").isObject()
        && !node.has("additionalProperties")) {
      node.put("additionalProperties", false);
    }
    if (schema instanceof ObjectNode || schema instanceof ArrayNode) {
      schema.forEach(ManifestSchemas::strict);
    }
    return schema;
  }
}
