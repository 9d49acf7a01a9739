package org.elasticreset.rating.tools;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;

/** Payloads to test with: made after what the tools document, and shortened. */
final class Told {
  private Told() {}

  static byte[] argilla(String type, JsonNode record, Consumer<ObjectNode> change) {
    ObjectNode payload = object("{'type': '%s', 'version': 1}".formatted(type));
    payload.put("timestamp", "2026-11-27T08:30:05.000001Z");
    ObjectNode response =
        object(
            """
            {'id': '5d2c7d0e-0b7b-4b44-9a53-0d8f6a4f2f11', 'status': 'submitted',
             'values': {'order': {'value': [{'value': 'response-1', 'rank': 2},
                                            {'value': 'response-2', 'rank': 1}]},
                        'comment': {'value': 'the first is a guess'}},
             'user': {'id': '0c1f5a6e-7d0a-4c43-8c86-2b9f0c0f7a01', 'username': 'ada',
                      'first_name': 'Ada', 'last_name': null, 'role': 'annotator'},
             'inserted_at': '2026-11-27T08:29:00.000000',
             'updated_at': '2026-11-27T08:30:00.123456'}
            """);
    ObjectNode sent = ((ObjectNode) record.deepCopy());
    sent.put("id", "a7c3b1f4-90a8-4b4e-8a4f-6f2c1d9e5b70").put("status", "pending");
    response.set("record", sent);
    change.accept(response);
    payload.set("data", response);
    return payload.toString().getBytes(UTF_8);
  }

  static byte[] labelStudio(String action, JsonNode task, Consumer<ObjectNode> change) {
    ObjectNode payload = object("{'action': '%s', 'project': {'id': 3}}".formatted(action));
    ObjectNode annotation =
        object(
            """
            {'id': 17, 'task': 41, 'completed_by': 5, 'was_cancelled': false,
             'ground_truth': false, 'lead_time': 12.345,
             'created_at': '2026-11-27T08:29:00.000000Z',
             'updated_at': '2026-11-27T08:30:00.123456Z',
             'result': [
               {'id': 'Ab1', 'from_name': 'better', 'to_name': 'response1', 'type': 'pairwise',
                'value': {'selected': 'right'}},
               {'id': 'Ab2', 'from_name': 'comment', 'to_name': 'prompt', 'type': 'textarea',
                'value': {'text': ['the first is a guess']}}]}
            """);
    change.accept(annotation);
    ObjectNode sent = (ObjectNode) task.deepCopy();
    sent.put("id", 41).put("is_labeled", true);
    payload.set("annotation", annotation);
    payload.set("task", sent);
    return payload.toString().getBytes(UTF_8);
  }

  /** JSON with single quotes. */
  static ObjectNode object(String json) {
    return (ObjectNode) Payload.parse(json.replace('\'', '"').getBytes(UTF_8)).node();
  }
}
