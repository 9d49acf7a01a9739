package org.elasticreset.cli.ab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.elasticreset.proto.v1.PromptBatch;
import org.jspecify.annotations.Nullable;

/** What the records of an experiment's topics say, and how they are written. */
final class AbRecords {
  static final String SEQUENCES = "sequences";
  static final String SHARE = "share";
  static final String STAGE = "stage";
  static final String TIME = "time";

  private static final ObjectMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private AbRecords() {}

  /** The text of a request: a JSON object's {@code prompt}, or all of it. */
  static Optional<String> prompt(byte @Nullable [] value) {
    if (value == null) {
      return Optional.empty();
    }
    String text = new String(value, StandardCharsets.UTF_8);
    if (text.stripLeading().startsWith("{")) {
      try {
        JsonNode prompt = JSON.readTree(text).path("prompt");
        if (prompt.isTextual()) {
          text = prompt.asText();
        }
      } catch (JsonProcessingException e) {
        // Not JSON, but a text that begins with a brace.
      }
    }
    return text.isBlank() ? Optional.empty() : Optional.of(text);
  }

  /** A number, or a JSON object's {@code value}. */
  static Optional<Outcome> outcome(ConsumerRecord<String, byte[]> record) {
    if (record.key() == null || record.value() == null) {
      return Optional.empty();
    }
    try {
      JsonNode tree = JSON.readTree(record.value());
      JsonNode value = tree.isObject() ? tree.path("value") : tree;
      double number = value.isBoolean() ? (value.asBoolean() ? 1 : 0) : value.asDouble(Double.NaN);
      return Double.isFinite(number)
          ? Optional.of(new Outcome(record.key(), number, record.timestamp()))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The prompts that a record of an arm's topic gave to it. */
  static List<Assignment> assignments(Arm arm, ConsumerRecord<String, byte[]> record) {
    try {
      PromptBatch batch = PromptBatch.parseFrom(record.value());
      String[] sequences = AbTopics.header(record, SEQUENCES).split(",", -1);
      List<Assignment> assignments = new ArrayList<>();
      for (int i = 0; i < batch.getPromptsCount(); i++) {
        assignments.add(
            new Assignment(
                Long.parseLong(sequences[i]),
                batch.getPrompts(i).getRolloutId(),
                arm,
                Double.parseDouble(AbTopics.header(record, SHARE)),
                Integer.parseInt(AbTopics.header(record, STAGE)),
                Long.parseLong(AbTopics.header(record, TIME))));
      }
      return assignments;
    } catch (InvalidProtocolBufferException | NumberFormatException e) {
      throw new IllegalStateException(
          "a record of " + record.topic() + " is not one that this experiment wrote", e);
    }
  }

  static byte[] event(AbEvent event) {
    return bytes(JSON.valueToTree(event));
  }

  static AbEvent event(byte[] value) {
    try {
      return JSON.readValue(value, AbEvent.class);
    } catch (IOException e) {
      throw new IllegalStateException("an event of this experiment cannot be read", e);
    }
  }

  static ObjectNode request(String prompt) {
    return JSON.createObjectNode().put("prompt", prompt);
  }

  static ObjectNode value(double value) {
    return JSON.createObjectNode().put("value", value);
  }

  static ObjectNode response(Assignment assignment, Answer answer, String digest) {
    ObjectNode node = JSON.createObjectNode();
    node.put("prompt_id", answer.id());
    node.put("response", answer.response());
    node.put("arm", assignment.arm().id());
    node.put("policy_sha256", digest);
    node.put("stage", assignment.stage());
    node.put("share", assignment.share());
    node.put("reward", answer.reward());
    answer.judge().ifPresent(judge -> node.put("judge", judge));
    answer.drift().ifPresent(drift -> node.put("drift_nats", drift));
    node.put("time", answer.time());
    return node;
  }

  static Answer answer(byte[] response) {
    try {
      JsonNode node = JSON.readTree(response);
      return new Answer(
          node.path("prompt_id").asText(),
          node.path("response").asText(),
          node.path("reward").asDouble(),
          optional(node.path("judge")),
          optional(node.path("drift_nats")),
          node.path("time").asLong());
    } catch (IOException e) {
      throw new IllegalStateException("a response of this experiment cannot be read", e);
    }
  }

  static byte[] bytes(JsonNode node) {
    try {
      return JSON.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static OptionalDouble optional(JsonNode number) {
    return number.isNumber() ? OptionalDouble.of(number.asDouble()) : OptionalDouble.empty();
  }
}
