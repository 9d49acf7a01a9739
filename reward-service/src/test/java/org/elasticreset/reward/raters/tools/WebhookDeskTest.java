package org.elasticreset.reward.raters.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.elasticreset.reward.raters.tools.ToolRequests.pair;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.rating.tools.AnswerBook;
import org.elasticreset.rating.tools.SeenDeliveries;
import org.elasticreset.rating.tools.SharedSecret;
import org.elasticreset.rating.tools.StandardWebhooks;
import org.elasticreset.reward.raters.RaterPresence;
import org.junit.jupiter.api.Test;

final class WebhookDeskTest {

  private static final Clock CLOCK = Clock.fixed(Deliveries.NOW, ZoneOffset.UTC);
  private static final byte[] RESPONSE =
      Deliveries.argilla("response.created", pair(1), "2026-11-27T08:30:00.000001");

  private final FakeRatings ratings = new FakeRatings();
  private final RaterPresence presence = new RaterPresence(CLOCK, Duration.ofMinutes(2));
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final WebhookDesk argilla =
      desk(
          new ArgillaWebhook(
              StandardWebhooks.of(List.of(Deliveries.SECRET, Deliveries.NEXT_SECRET))));
  private final WebhookDesk labelStudio = labelStudio(new AnswerBook(10));

  @Test
  void aSignedResponseIsARatingAndSomebodyIsThere() {
    assertThat(presence.isAnybodyThere()).isFalse();
    assertThat(argilla("m1", RESPONSE)).isEqualTo(WebhookOutcome.TAKEN);
    assertThat(ratings.written)
        .singleElement()
        .satisfies(
            rating -> {
              assertThat(rating.getRequestId()).isEqualTo("train-1-0/0@1#0");
              assertThat(rating.getRevision()).isEqualTo(1_795_768_200_000_001L);
              assertThat(rating.getSource()).isEqualTo("argilla");
            });
    assertThat(presence.isAnybodyThere()).isTrue();
    assertThat(
            registry
                .get("rating.webhooks")
                .tags("tool", "argilla", "outcome", "taken")
                .counter()
                .count())
        .isOne();
  }

  @Test
  void bothSecretsAreTakenWhileTheyAreChanged() {
    var next = Deliveries.signed("m1", Deliveries.NOW, RESPONSE, Deliveries.NEXT_SECRET);
    assertThat(deliver(argilla, next, RESPONSE)).isEqualTo(WebhookOutcome.TAKEN);
  }

  @Test
  void whatIsNotGenuineIsNotLookedAt() {
    var genuine = Deliveries.signed("m1", Deliveries.NOW, RESPONSE, Deliveries.SECRET);
    byte[] changed = new String(RESPONSE, UTF_8).replace("submitted", "discarded").getBytes(UTF_8);
    assertThat(deliver(argilla, genuine, changed)).isEqualTo(WebhookOutcome.NOT_GENUINE);
    assertThat(deliver(argilla, Map.of(), RESPONSE)).isEqualTo(WebhookOutcome.NOT_GENUINE);
    for (Instant at : List.of(Deliveries.NOW.minusSeconds(301), Deliveries.NOW.plusSeconds(301))) {
      var signed = Deliveries.signed("m1", at, RESPONSE, Deliveries.SECRET);
      assertThat(deliver(argilla, signed, RESPONSE)).isEqualTo(WebhookOutcome.NOT_GENUINE);
    }
    assertThat(
            deliver(
                labelStudio,
                Map.of("x-webhook-secret", "another secret of 24 characters"),
                Deliveries.labelStudioDeletes(17)))
        .isEqualTo(WebhookOutcome.NOT_GENUINE);
    assertThat(ratings.written).isEmpty();
    assertThat(presence.isAnybodyThere()).isFalse();
  }

  @Test
  void aReplayIsKnownByItsId() {
    argilla("m1", RESPONSE);
    assertThat(argilla("m1", RESPONSE)).isEqualTo(WebhookOutcome.IGNORED);
    assertThat(ratings.written).hasSize(1);
  }

  @Test
  void aDuplicateOfAnotherIdIsTheSameRevision() {
    argilla("m1", RESPONSE);
    assertThat(argilla("m2", RESPONSE)).isEqualTo(WebhookOutcome.TAKEN);
    assertThat(ratings.written).hasSize(2);
    assertThat(ratings.written.get(0)).isEqualTo(ratings.written.get(1));
  }

  @Test
  void whatIsNoBusinessOfTheRunIsIgnored() {
    byte[] published = "{\"type\": \"dataset.published\", \"data\": {}}".getBytes(UTF_8);
    assertThat(argilla("m1", published)).isEqualTo(WebhookOutcome.IGNORED);
    var foreign = pair(1).toBuilder().setRunId("another-run").build();
    assertThat(
            argilla("m2", Deliveries.argilla("response.created", foreign, "2026-11-27T08:30:00")))
        .isEqualTo(WebhookOutcome.IGNORED);
    assertThat(ratings.written).isEmpty();
    assertThat(presence.isAnybodyThere()).isFalse();
  }

  @Test
  void whatCannotBeUsedIsNamed() throws Exception {
    byte[] body = Deliveries.argilla("response.created", pair(1), "yesterday");
    var answer =
        argilla
            .deliver(Deliveries.signed("m1", Deliveries.NOW, body, Deliveries.SECRET)::get, body)
            .toCompletableFuture()
            .get(5, TimeUnit.SECONDS);
    assertThat(answer.outcome()).isEqualTo(WebhookOutcome.UNREADABLE);
    assertThat(answer.words()).startsWith("data.updated_at: \"yesterday\" (expected: a time like ");
  }

  @Test
  void whatKafkaDoesNotHaveInTimeIsNotTaken() {
    ratings.away = true;
    assertThat(argilla("m1", RESPONSE)).isEqualTo(WebhookOutcome.NOT_IN_TIME);
    ratings.away = false;
    assertThat(argilla("m1", RESPONSE)).as("it may come again").isEqualTo(WebhookOutcome.TAKEN);
  }

  @Test
  void anyOfTwoInstancesWithdrawsWhatIsDeleted() {
    var one = new AnswerBook(10);
    var other = new AnswerBook(10);
    byte[] created = annotation("ANNOTATION_CREATED", "2026-11-27T08:30:00.000001Z");
    deliver(labelStudio(one), Deliveries.withSecret(), created);
    ratings.written.forEach(other::heard);

    deliver(labelStudio(other), Deliveries.withSecret(), Deliveries.labelStudioDeletes(17));

    assertThat(last().hasWithdrawal()).isTrue();
    assertThat(last().getRevision()).isEqualTo(1_795_768_200_000_002L);
    assertThat(last().getRaterId()).isEqualTo("label-studio:5");
  }

  @Test
  void aDeletionThatOvertookItsAnswerAtAnotherInstanceHoldsAllTheSame() {
    var one = new AnswerBook(10);
    var other = new AnswerBook(10);
    byte[] updated = annotation("ANNOTATION_UPDATED", "2026-11-27T08:30:01.000001Z");
    byte[] created = annotation("ANNOTATION_CREATED", "2026-11-27T08:30:00.000001Z");
    assertThat(
            deliver(labelStudio(other), Deliveries.withSecret(), Deliveries.labelStudioDeletes(17)))
        .isEqualTo(WebhookOutcome.IGNORED);
    deliver(labelStudio(one), Deliveries.withSecret(), updated);
    deliver(labelStudio(one), Deliveries.withSecret(), created);

    for (Rating rating : List.copyOf(ratings.written)) {
      other.heard(rating).ifPresent(ratings::write);
    }

    assertThat(ratings.written)
        .filteredOn(rating -> rating.getRevision() > 1_795_768_201_000_001L)
        .isNotEmpty()
        .allMatch(Rating::hasWithdrawal);
  }

  private static byte[] annotation(String action, String updatedAt) {
    return Deliveries.labelStudio(action, pair(1), 17, updatedAt);
  }

  private Rating last() {
    return ratings.written.get(ratings.written.size() - 1);
  }

  private WebhookOutcome argilla(String id, byte[] body) {
    return deliver(argilla, Deliveries.signed(id, Deliveries.NOW, body, Deliveries.SECRET), body);
  }

  private static WebhookOutcome deliver(
      WebhookDesk desk, Map<String, String> headers, byte[] body) {
    return desk.deliver(headers::get, body).toCompletableFuture().join().outcome();
  }

  private WebhookDesk labelStudio(AnswerBook book) {
    return desk(
        new LabelStudioWebhook(
            "X-Webhook-Secret", new SharedSecret(List.of(Deliveries.HEADER_SECRET))),
        book);
  }

  private WebhookDesk desk(Webhook webhook) {
    return desk(webhook, new AnswerBook(10));
  }

  private WebhookDesk desk(Webhook webhook, AnswerBook book) {
    return new WebhookDesk(
        webhook,
        ToolRequests.RUN,
        book,
        new SeenDeliveries(10),
        ratings,
        presence,
        new ToolMetrics(registry),
        CLOCK,
        Duration.ofMillis(50));
  }
}
