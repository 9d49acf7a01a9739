package org.elasticreset.reward.raters.tools;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * A key of Label Studio: a legacy token, which is sent as it is, or a personal access token, with
 * which a short-lived one is fetched.
 */
final class LabelStudioKey implements ToolHttp.Credentials {

  /** Label Studio's last for five minutes. */
  private static final Duration FRESH = Duration.ofMinutes(3);

  private final ToolHttp http;
  private final String key;
  private final Clock clock;
  private String access = "";
  private Instant fetched = Instant.MIN;

  LabelStudioKey(ToolHttp http, String key, Clock clock) {
    this.http = http;
    this.key = key;
    this.clock = clock;
  }

  @Override
  public Map.Entry<String, String> header() throws IOException, InterruptedException {
    // A JSON web token is three parts, a legacy token hexadecimal digits.
    if (key.chars().filter(each -> each == '.').count() != 2) {
      return Map.entry("Authorization", "Token " + key);
    }
    Instant now = clock.instant();
    if (fetched.isBefore(now.minus(FRESH))) {
      access =
          http.post(
                  "/api/token/refresh/", JsonNodeFactory.instance.objectNode().put("refresh", key))
              .path("access")
              .asText();
      fetched = now;
    }
    return Map.entry("Authorization", "Bearer " + access);
  }
}
