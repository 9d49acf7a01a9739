package org.elasticreset.rating.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

final class StandardWebhooksTest {

  // Published with the reference libraries of the specification.
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final Instant SIGNED = Instant.ofEpochSecond(1614265330);
  private static final String BODY = "{\"test\": 2432232314}";
  private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

  private static final String OTHER = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";

  private final Map<String, String> headers = new HashMap<>();

  StandardWebhooksTest() {
    headers.put("webhook-id", ID);
    headers.put("webhook-timestamp", "1614265330");
    headers.put("webhook-signature", SIGNATURE);
  }

  @Test
  void thePublishedVectorIsGenuine() {
    assertThat(verdict(SECRET)).isEqualTo(WebhookVerdict.GENUINE);
    assertThat(verdict(SECRET.substring("whsec_".length()))).isEqualTo(WebhookVerdict.GENUINE);
  }

  @Test
  void anyChangeMakesItAnotherMessage() {
    assertThat(verdict(OTHER)).isEqualTo(WebhookVerdict.WRONG_SIGNATURE);
    assertThat(verdict(List.of(SECRET), BODY + " ", SIGNED))
        .isEqualTo(WebhookVerdict.WRONG_SIGNATURE);
    headers.put("webhook-id", ID + "x");
    assertThat(verdict(SECRET)).isEqualTo(WebhookVerdict.WRONG_SIGNATURE);
    headers.put("webhook-id", ID);
    headers.put("webhook-timestamp", "1614265331");
    assertThat(verdict(SECRET)).isEqualTo(WebhookVerdict.WRONG_SIGNATURE);
  }

  @Test
  void oneOfSeveralSignaturesIsEnough() {
    String wrong = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=";
    headers.put("webhook-signature", wrong + " v1a,AAAA " + SIGNATURE + " " + wrong);
    assertThat(verdict(SECRET)).isEqualTo(WebhookVerdict.GENUINE);
    headers.put("webhook-signature", wrong + " " + wrong);
    assertThat(verdict(SECRET)).isEqualTo(WebhookVerdict.WRONG_SIGNATURE);
  }

  @Test
  void whileASecretIsChangedBothAreTaken() {
    assertThat(verdict(List.of(OTHER, SECRET), BODY, SIGNED)).isEqualTo(WebhookVerdict.GENUINE);
    assertThat(verdict(List.of(SECRET, OTHER), BODY, SIGNED)).isEqualTo(WebhookVerdict.GENUINE);
    assertThat(verdict(List.of(OTHER), BODY, SIGNED)).isEqualTo(WebhookVerdict.WRONG_SIGNATURE);
  }

  @Test
  void aSignatureOfAnotherVersionProvesNothing() {
    for (String signature :
        List.of(
            SIGNATURE.replace("v1,", "v2,"),
            SIGNATURE.replace("v1,", "v1a,"),
            SIGNATURE.substring(3),
            "v1,",
            "v1",
            "",
            " ")) {
      headers.put("webhook-signature", signature);
      assertThat(verdict(SECRET)).as(signature).isEqualTo(WebhookVerdict.WRONG_SIGNATURE);
    }
  }

  @Test
  void fiveMinutesEitherWayAreTolerated() {
    Duration tolerance = Duration.ofMinutes(5);
    assertThat(at(SIGNED.plus(tolerance))).isEqualTo(WebhookVerdict.GENUINE);
    assertThat(at(SIGNED.minus(tolerance))).isEqualTo(WebhookVerdict.GENUINE);
    assertThat(at(SIGNED.plus(tolerance).plusMillis(1))).isEqualTo(WebhookVerdict.TOO_OLD);
    assertThat(at(SIGNED.minus(tolerance).minusMillis(1))).isEqualTo(WebhookVerdict.TOO_NEW);
  }

  @Test
  void aTimestampIsSecondsAndNothingElse() {
    for (String timestamp : List.of("", "-1", "1614265330.5", "٣", "99999999999999999999", "now")) {
      headers.put("webhook-timestamp", timestamp);
      assertThat(verdict(SECRET)).as(timestamp).isEqualTo(WebhookVerdict.NO_TIMESTAMP);
    }
  }

  @Test
  void eachHeaderIsNeeded() {
    for (String header : List.copyOf(headers.keySet())) {
      String value = headers.remove(header);
      assertThat(verdict(SECRET)).as(header).isEqualTo(WebhookVerdict.HEADER_MISSING);
      headers.put(header, value);
    }
  }

  @Test
  void aSecretThatIsTooShortOrNoneIsRefusedAndNotRepeated() {
    assertThatThrownBy(() -> StandardWebhooks.of(List.of("whsec_aHVzaA==")))
        .hasMessage("secret: 4 bytes in base64 (expected: whsec_ and 24 to 64 bytes in base64)");
    assertThatThrownBy(() -> StandardWebhooks.of(List.of("hush, hush!")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("hush");
    assertThatThrownBy(() -> StandardWebhooks.of(List.of()))
        .hasMessage("secrets: none (expected: at least one)");
  }

  @Property
  void whatTheReferenceLibrarySignsIsGenuine(@ForAll @StringLength(max = 200) String text)
      throws Exception {
    String body = new String(text.getBytes(UTF_8), UTF_8);
    headers.put("webhook-signature", new Webhook(OTHER).sign(ID, 1614265330, body));
    assertThat(verdict(List.of(OTHER), body, SIGNED)).isEqualTo(WebhookVerdict.GENUINE);
    assertThat(verdict(List.of(SECRET), body, SIGNED)).isEqualTo(WebhookVerdict.WRONG_SIGNATURE);
  }

  private WebhookVerdict verdict(String secret) {
    return verdict(List.of(secret), BODY, SIGNED);
  }

  private WebhookVerdict at(Instant now) {
    return verdict(List.of(SECRET), BODY, now);
  }

  private WebhookVerdict verdict(List<String> secrets, String body, Instant now) {
    return StandardWebhooks.of(secrets).verdict(headers::get, body.getBytes(UTF_8), now);
  }
}
