package org.elasticreset.reward.raters.tools;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.elasticreset.rating.tools.ArgillaEvents;
import org.elasticreset.rating.tools.StandardWebhooks;
import org.elasticreset.rating.tools.ToolEvent;
import org.elasticreset.rating.tools.WebhookVerdict;
import org.jspecify.annotations.Nullable;

/** Argilla signs what it sends, as the Standard Webhooks say. */
record ArgillaWebhook(StandardWebhooks signatures) implements Webhook {

  @Override
  public String source() {
    return ArgillaEvents.SOURCE;
  }

  @Override
  public Optional<String> objection(
      Function<String, @Nullable String> header, byte[] body, Instant now) {
    WebhookVerdict verdict = signatures.verdict(header, body, now);
    return verdict == WebhookVerdict.GENUINE ? Optional.empty() : Optional.of(words(verdict));
  }

  private static String words(WebhookVerdict verdict) {
    return switch (verdict) {
      case GENUINE -> "genuine";
      case HEADER_MISSING ->
          "a header is missing (expected: webhook-id, webhook-timestamp, webhook-signature)";
      case NO_TIMESTAMP -> "webhook-timestamp is no count of seconds";
      case TOO_OLD -> "webhook-timestamp is more than five minutes ago";
      case TOO_NEW -> "webhook-timestamp is more than five minutes ahead";
      case WRONG_SIGNATURE -> "webhook-signature is of no secret that is set";
    };
  }

  @Override
  public Optional<String> id(Function<String, @Nullable String> header) {
    return Optional.ofNullable(header.apply("webhook-id"));
  }

  @Override
  public List<ToolEvent> events(byte[] body) {
    return List.of(ArgillaEvents.read(body));
  }
}
