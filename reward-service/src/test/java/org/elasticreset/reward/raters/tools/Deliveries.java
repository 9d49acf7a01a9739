package org.elasticreset.reward.raters.tools;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.rating.tools.ArgillaDataset;
import org.elasticreset.rating.tools.LabelStudioProject;

/** What tools send, as they document it. */
final class Deliveries {

  static final String SECRET = "whsec_" + base64("argilla's secret of 24 bytes");
  static final String NEXT_SECRET = "whsec_" + base64("argilla's next one of 24 bytes");
  static final String HEADER_SECRET = "label-studio's own secret";
  static final Instant NOW = Instant.parse("2026-11-27T08:30:05Z");

  private static final JsonMapper MAPPER = new JsonMapper();

  private Deliveries() {}

  /** Of a response to a request that prefers what is shown first. */
  static byte[] argilla(String type, RatingRequest request, String updatedAt) {
    return argilla(type, ArgillaDataset.of(request).record(request), updatedAt);
  }

  static byte[] argilla(String type, ObjectNode record, String updatedAt) {
    ObjectNode response =
        object(
            """
            {"id": "5d2c7d0e-0b7b-4b44-9a53-0d8f6a4f2f11", "status": "submitted",
             "values": {"order": {"value": [{"value": "response-1", "rank": 1},
                                            {"value": "response-2", "rank": 2}]}},
             "user": {"id": "0c1f5a6e-7d0a-4c43-8c86-2b9f0c0f7a01", "username": "ada",
                      "role": "annotator"},
             "inserted_at": "2026-11-27T08:29:00.000000"}
            """);
    response.put("updated_at", updatedAt);
    record.put("id", "a7c3b1f4-90a8-4b4e-8a4f-6f2c1d9e5b70").put("status", "pending");
    response.set("record", record);
    ObjectNode payload = object("{\"version\": 1, \"timestamp\": \"2026-11-27T08:30:05.000001Z\"}");
    payload.put("type", type).set("data", response);
    return payload.toString().getBytes(UTF_8);
  }

  /** Headers of the Standard Webhooks, in lower case. */
  static Map<String, String> signed(String id, Instant at, byte[] body, String secret) {
    String timestamp = String.valueOf(at.getEpochSecond());
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update((id + "." + timestamp + ".").getBytes(UTF_8));
      String signature = Base64.getEncoder().encodeToString(mac.doFinal(body));
      return Map.of(
          "webhook-id", id, "webhook-timestamp", timestamp, "webhook-signature", "v1," + signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Of an annotation that prefers the left. */
  static byte[] labelStudio(String action, RatingRequest request, int id, String updatedAt) {
    ObjectNode payload = object("{\"project\": {\"id\": 3}}").put("action", action);
    ObjectNode annotation =
        object(
            """
            {"task": 41, "completed_by": 5, "was_cancelled": false, "lead_time": 12.3,
             "result": [{"id": "Ab1", "from_name": "better", "to_name": "response1",
                         "type": "pairwise", "value": {"selected": "left"}}]}
            """);
    payload.set("annotation", annotation.put("id", id).put("updated_at", updatedAt));
    payload.set("task", LabelStudioProject.of(request).task(request).put("id", 41));
    return payload.toString().getBytes(UTF_8);
  }

  static byte[] labelStudioDeletes(int id) {
    return "{\"action\": \"ANNOTATIONS_DELETED\", \"annotations\": [{\"id\": %d}]}"
        .formatted(id)
        .getBytes(UTF_8);
  }

  static Map<String, String> withSecret() {
    return Map.of("x-webhook-secret", HEADER_SECRET);
  }

  private static ObjectNode object(String json) {
    try {
      return (ObjectNode) MAPPER.readTree(json);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
