package org.elasticreset.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.RatingAudit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What people said and what became of it, in the order in which it was dealt with: a line of JSON
 * for each record of {@code rating-audit}, with the answer from {@code ratings}. The topics go with
 * the broker of a run, this file stays.
 */
final class RatingLog {
  private static final Logger LOG = LoggerFactory.getLogger(RatingLog.class);
  private static final JsonMapper JSON = new JsonMapper();

  private RatingLog() {}

  /** Writes all of it anew. */
  static void write(KafkaAccess kafka, String runId, Path file) {
    Map<String, Rating> said = new HashMap<>();
    for (Rating rating : read(kafka, runId + ".ratings", Rating.parser())) {
      said.put(key(rating.getRequestId(), rating.getRaterId(), rating.getRevision()), rating);
    }
    List<String> lines = new ArrayList<>();
    for (RatingAudit audit : read(kafka, runId + ".rating-audit", RatingAudit.parser())) {
      String key = key(audit.getRequestId(), audit.getRaterId(), audit.getRevision());
      lines.add(line(audit, said.getOrDefault(key, Rating.getDefaultInstance())).toString());
    }
    try {
      Files.write(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ObjectNode line(RatingAudit audit, Rating said) {
    ObjectNode line = JSON.createObjectNode();
    line.put("time", Instant.ofEpochMilli(audit.getReceivedMillis()).toString());
    line.put("rater", audit.getRaterId());
    line.put("request", audit.getRequestId());
    line.put("revision", audit.getRevision());
    line.put(
        "receipt", audit.getReceipt().name().toLowerCase(Locale.ROOT).replaceFirst("^rating_", ""));
    if (!audit.getReason().isEmpty()) {
      line.put("reason", audit.getReason());
    }
    line.put("source", audit.getSource());
    switch (said.getAnswerCase()) {
      case RANKS -> said.getRanks().getRanksList().forEach(line.putArray("ranks")::add);
      case MARK -> line.put("mark", said.getMark());
      case THUMB_UP -> line.put("thumbUp", said.getThumbUp());
      case SKIP -> line.put("skip", true);
      case WITHDRAWAL -> line.put("withdrawn", true);
      case ANSWER_NOT_SET -> {}
    }
    if (said.getShownCount() > 0) {
      said.getShownList().forEach(line.putArray("shown")::add);
    }
    if (said.getLatencyMillis() > 0) {
      line.put("latencyMillis", said.getLatencyMillis());
    }
    if (!said.getComment().isEmpty()) {
      line.put("comment", said.getComment());
    }
    return line;
  }

  private static String key(String request, String rater, long revision) {
    return request + "\n" + rater + "\n" + revision;
  }

  /** What cannot be read is passed over. */
  private static <T> List<T> read(KafkaAccess kafka, String topic, Parser<T> parser) {
    List<T> read = new ArrayList<>();
    WholeTopic.read(
        kafka,
        topic,
        record -> {
          try {
            read.add(parser.parseFrom(Objects.requireNonNullElse(record.value(), new byte[0])));
          } catch (InvalidProtocolBufferException e) {
            LOG.warn("record passed over topic={} offset={}", topic, record.offset(), e);
          }
        });
    return read;
  }
}
