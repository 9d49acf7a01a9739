package org.elasticreset.reward.raters.tools;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.elasticreset.rating.tools.LabelStudioEvents;
import org.elasticreset.rating.tools.SharedSecret;
import org.elasticreset.rating.tools.ToolEvent;
import org.jspecify.annotations.Nullable;

/**
 * Label Studio has a secret in a header. Its deliveries have no ids.
 *
 * @param header its name, in lower case
 */
record LabelStudioWebhook(String header, SharedSecret secret) implements Webhook {

  LabelStudioWebhook {
    header = header.toLowerCase(Locale.ROOT);
  }

  @Override
  public String source() {
    return LabelStudioEvents.SOURCE;
  }

  @Override
  public Optional<String> objection(
      Function<String, @Nullable String> headers, byte[] body, Instant now) {
    return secret.isIn(headers.apply(header))
        ? Optional.empty()
        : Optional.of("header " + header + " has no secret that is set");
  }

  @Override
  public Optional<String> id(Function<String, @Nullable String> headers) {
    return Optional.empty();
  }

  @Override
  public List<ToolEvent> events(byte[] body) {
    return LabelStudioEvents.read(body);
  }
}
