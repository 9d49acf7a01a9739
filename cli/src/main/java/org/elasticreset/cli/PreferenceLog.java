package org.elasticreset.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.elasticreset.proto.v1.Preference;
import org.elasticreset.proto.v1.PreferredCandidate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What people preferred: the (compacted) topic {@code preferences} of a run, and {@code
 * preferences.jsonl} in its directory, which stays when the broker goes.
 */
final class PreferenceLog {
  private static final Logger LOG = LoggerFactory.getLogger(PreferenceLog.class);
  private static final JsonMapper JSON = new JsonMapper();

  private PreferenceLog() {}

  /** Writes what the topic holds into a file, anew. */
  static void write(KafkaAccess kafka, String runId, Path file) {
    try {
      Files.write(file, read(kafka, runId).stream().map(each -> line(each).toString()).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What the topic holds: of each request the newest, unless it was taken back.
   *
   * @throws KafkaException if the broker does not answer, or has no such topic
   */
  static List<Preference> read(KafkaAccess kafka, String runId) {
    Map<String, Preference> newest = new LinkedHashMap<>();
    WholeTopic.read(kafka, runId + ".preferences", record -> take(record, newest));
    return List.copyOf(newest.values());
  }

  private static void take(ConsumerRecord<String, byte[]> record, Map<String, Preference> newest) {
    try {
      newest.remove(record.key());
      if (record.value() != null) {
        newest.put(record.key(), Preference.parseFrom(record.value()));
      }
    } catch (InvalidProtocolBufferException e) {
      LOG.warn("record passed over topic={} offset={}", record.topic(), record.offset(), e);
    }
  }

  private static ObjectNode line(Preference preference) {
    ObjectNode line = JSON.createObjectNode();
    line.put("run_id", preference.getRunId());
    line.put("request_id", preference.getRequestId());
    line.put("prompt", preference.getPrompt());
    var candidates = line.putArray("candidates");
    for (PreferredCandidate candidate : preference.getCandidatesList()) {
      candidates.addObject().put("text", candidate.getText()).put("value", candidate.getValue());
    }
    line.put("raters", preference.getRaters());
    line.put("policy_version", preference.getPolicyVersion());
    line.put("target_step", preference.getTargetStep());
    line.put("decided_millis", preference.getDecidedMillis());
    return line;
  }

  /** What a file holds that {@link #write} has written. */
  static List<Preference> read(Path file) throws IOException {
    List<Preference> preferences = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      JsonNode node = JSON.readTree(line);
      Preference.Builder preference =
          Preference.newBuilder()
              .setRunId(node.path("run_id").asText())
              .setRequestId(node.path("request_id").asText())
              .setPrompt(node.path("prompt").asText())
              .setRaters(node.path("raters").asInt())
              .setPolicyVersion(node.path("policy_version").asLong())
              .setTargetStep(node.path("target_step").asLong())
              .setDecidedMillis(node.path("decided_millis").asLong());
      for (JsonNode candidate : node.path("candidates")) {
        preference.addCandidates(
            PreferredCandidate.newBuilder()
                .setText(candidate.path("text").asText())
                .setValue(candidate.path("value").asDouble()));
      }
      preferences.add(preference.build());
    }
    return preferences;
  }
}
