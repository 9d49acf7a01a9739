package org.elasticreset.rating.tools;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.elasticreset.proto.Untrusted;

/**
 * A part of a payload, and where in it that is. What is not as expected is an {@link
 * IllegalArgumentException} that names the field, what it has and what was expected.
 */
record Payload(JsonNode node, String path) {

  static final JsonMapper MAPPER = new JsonMapper();

  static Payload parse(byte[] body) {
    try {
      JsonNode node = MAPPER.readTree(body);
      return new Payload(node, "").check(node.isObject(), "a JSON object");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "payload: %s (expected: a JSON object)"
              .formatted(Untrusted.shown(e.getOriginalMessage())),
          e);
    } catch (IOException e) {
      throw new IllegalArgumentException("payload: not to be read", e);
    }
  }

  /** A field, which may be missing. */
  Payload at(String field) {
    return new Payload(node.path(field), path.isEmpty() ? field : path + "." + field);
  }

  boolean isAbsent() {
    return node.isMissingNode() || node.isNull();
  }

  String text() {
    check(node.isTextual() && !node.textValue().isBlank(), "text");
    return node.textValue();
  }

  /** Text, perhaps with nothing in it. */
  String textOrBlank() {
    return check(node.isTextual(), "text").node.textValue();
  }

  /** Text or nothing. */
  String textOrEmpty() {
    return node.isTextual() ? node.textValue() : "";
  }

  /** An id, of text or digits. */
  String id() {
    check(node.isTextual() && !node.textValue().isBlank() || node.isIntegralNumber(), "an id");
    return node.asText();
  }

  boolean flag() {
    return check(node.isBoolean() || isAbsent(), "true or false").node.asBoolean();
  }

  int wholeNumber() {
    return check(node.canConvertToInt() && node.isIntegralNumber(), "a whole number")
        .node
        .intValue();
  }

  /** A number that is not negative; 0 if it is missing. */
  double quantity() {
    boolean number = node.isNumber() && node.doubleValue() >= 0;
    return check(number || isAbsent(), "a number, not negative").node.asDouble();
  }

  List<Payload> items() {
    check(node.isArray(), "a list");
    List<Payload> items = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      items.add(new Payload(node.get(i), path + "[" + i + "]"));
    }
    return items;
  }

  /** The items, or the one that is there in place of a list. */
  List<Payload> itemOrItems() {
    return node.isArray() ? items() : List.of(this);
  }

  /** A moment after 1970 as ISO 8601 writes it, of UTC where it does not say. */
  Instant time() {
    Instant time = parsed().orElse(Instant.EPOCH);
    check(time.isAfter(Instant.EPOCH), "a time like 2026-11-27T08:30:00.123456Z");
    return time;
  }

  private Optional<Instant> parsed() {
    try {
      TemporalAccessor time =
          DateTimeFormatter.ISO_DATE_TIME.parseBest(
              node.asText(), OffsetDateTime::from, LocalDateTime::from);
      return Optional.of(
          time instanceof OffsetDateTime withOffset
              ? withOffset.toInstant()
              : LocalDateTime.from(time).toInstant(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Microseconds since 1970, which is how finely the tools count. */
  static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  Payload check(boolean holds, String expected) {
    if (!holds) {
      String found = node.isMissingNode() ? "missing" : node.toString();
      throw new IllegalArgumentException(
          "%s: %s (expected: %s)"
              .formatted(path.isEmpty() ? "payload" : path, Untrusted.shown(found), expected));
    }
    return this;
  }
}
