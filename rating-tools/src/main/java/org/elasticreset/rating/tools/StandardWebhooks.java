package org.elasticreset.rating.tools;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Verifies webhooks by the symmetric scheme of the <a
 * href="https://www.standardwebhooks.com">Standard Webhooks</a>: HMAC-SHA-256 over {@code
 * id.timestamp.body}. Of several signatures one has to be right, by one of several secrets, so that
 * either side can change its secret while the other still has the old one.
 */
public final class StandardWebhooks {

  /** How far the clocks of sender and receiver may be apart, as the specification has it. */
  public static final Duration TOLERANCE = Duration.ofMinutes(5);

  private static final String ALGORITHM = "HmacSHA256";
  private static final String SECRET = "whsec_";
  private static final String SIGNATURE = "v1,";

  private final List<SecretKeySpec> keys;

  private StandardWebhooks(List<SecretKeySpec> keys) {
    this.keys = keys;
  }

  /**
   * Takes what is signed with any of these.
   *
   * @param secrets {@code whsec_} and 24 to 64 bytes in base64, as the sender shows them; at least
   *     one
   * @throws IllegalArgumentException if one of them is something else; it is not repeated
   */
  public static StandardWebhooks of(List<String> secrets) {
    if (secrets.isEmpty()) {
      throw new IllegalArgumentException("secrets: none (expected: at least one)");
    }
    return new StandardWebhooks(secrets.stream().map(StandardWebhooks::key).toList());
  }

  private static SecretKeySpec key(String secret) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(secret.replaceFirst("^" + SECRET, ""));
    } catch (IllegalArgumentException e) {
      bytes = new byte[0];
    }
    if (bytes.length < 24 || bytes.length > 64) {
      throw new IllegalArgumentException(
          "secret: %d bytes in base64 (expected: %s and 24 to 64 bytes in base64)"
              .formatted(bytes.length, SECRET));
    }
    return new SecretKeySpec(bytes, ALGORITHM);
  }

  /**
   * Whether a delivery is genuine.
   *
   * @param header value of a header by its name in lower case, or null
   * @param body as it came: parsed and written anew it is another one
   */
  public WebhookVerdict verdict(
      Function<String, @Nullable String> header, byte[] body, Instant now) {
    String id = header.apply("webhook-id");
    String timestamp = header.apply("webhook-timestamp");
    String signatures = header.apply("webhook-signature");
    if (id == null || timestamp == null || signatures == null) {
      return WebhookVerdict.HEADER_MISSING;
    }
    // Twelve digits are seconds that an Instant can hold.
    if (!timestamp.matches("[0-9]{1,12}")) {
      return WebhookVerdict.NO_TIMESTAMP;
    }
    Instant signed = Instant.ofEpochSecond(Long.parseLong(timestamp));
    if (signed.isBefore(now.minus(TOLERANCE))) {
      return WebhookVerdict.TOO_OLD;
    }
    if (signed.isAfter(now.plus(TOLERANCE))) {
      return WebhookVerdict.TOO_NEW;
    }
    return isSigned(id + "." + timestamp + ".", body, signatures)
        ? WebhookVerdict.GENUINE
        : WebhookVerdict.WRONG_SIGNATURE;
  }

  /** Compares all that there is, in constant time each. */
  private boolean isSigned(String prefix, byte[] body, String signatures) {
    boolean signed = false;
    for (SecretKeySpec key : keys) {
      byte[] expected = (SIGNATURE + signature(key, prefix, body)).getBytes(UTF_8);
      for (String signature : signatures.split(" ")) {
        signed |= MessageDigest.isEqual(expected, signature.getBytes(UTF_8));
      }
    }
    return signed;
  }

  private static String signature(SecretKeySpec key, String prefix, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(prefix.getBytes(UTF_8));
      return Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }
}
