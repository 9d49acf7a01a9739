package org.elasticreset.reward.raters.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpResponse;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.RatingAudit;
import org.elasticreset.proto.v1.RatingReceipt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The JSON interface, over a real broker and with the desk behind it. */
@QuarkusTest
@QuarkusTestResource(value = AskedPeople.class, restrictToAnnotatedClass = true)
class RatersApiTest {

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrapServers;

  @TestHTTPResource("/")
  URI http;

  private Topics topics;
  private Caller ann;
  private Caller operator;

  @BeforeEach
  void callers() {
    topics = new Topics(bootstrapServers);
    ann = Caller.withKeyOf(http, "ann");
    operator = Caller.withKeyOf(http, "olga");
  }

  @Test
  void whatARaterSaysIsOnTheTopicWithTheirName() throws Exception {
    topics.askPair("train-1-0/0@1", 1);
    JsonNode asked = ann.next();
    JsonNode request = asked.path("requests").get(0);

    HttpResponse<String> taken =
        ann.post(
            "/api/ratings",
            "{\"requestId\":\"%s\",\"ranks\":[1,2],\"latencyMillis\":4200,\"comment\":\"clear\"}"
                .formatted(request.path("requestId").asText()));

    assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
    assertThat(asked.path("guideline").asText()).isEqualTo("Which is right?");
    assertThat(request.path("kind").asText()).isEqualTo("order");
    assertThat(request.path("candidates")).hasSize(2);
    Rating rating = topics.rating("ann", "train-1-0/0@1#0");
    assertThat(rating.getRanks().getRanksList()).containsExactly(1, 2);
    assertThat(rating.getSource()).isEqualTo("http");
    assertThat(rating.getComment()).isEqualTo("clear");
    assertThat(rating.getRevision()).isEqualTo(Caller.json(taken).path("revision").asLong());
    assertThat(rating.getShownList())
        .containsExactly(
            request.path("candidates").get(0).path("index").asInt(),
            request.path("candidates").get(1).path("index").asInt());
    RatingAudit audit =
        RatingAudit.parseFrom(
            topics.await("rating-audit", r -> r.key().equals("train-1-0/0@1#0")).value());
    assertThat(audit.getReceipt()).isEqualTo(RatingReceipt.RATING_TAKEN);
    assertThat(ann.get("/api/rater").body()).contains("\"rater\":\"ann\"", "\"done\":1");
  }

  @Test
  void nobodyComesInWithoutAKeyOfTheirRole() throws Exception {
    var stranger = new Caller(http, "Authorization", "Bearer made-up");

    assertThat(new Caller(http).get("/api/rater").statusCode()).isEqualTo(401);
    HttpResponse<String> refused = stranger.get("/api/rating-requests");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
    assertThat(refused.body()).contains("Authorization: Bearer KEY");
    assertThat(stranger.post("/api/ratings", "{}").statusCode()).isEqualTo(401);
    assertThat(operator.post("/api/ratings", "{}").statusCode()).isEqualTo(403);
    assertThat(operator.get("/api/rating-requests").statusCode()).isEqualTo(403);
    assertThat(ann.get("/api/raters").statusCode()).isEqualTo(403);
    assertThat(ann.get("/api/rating-requests/open").statusCode()).isEqualTo(403);
    assertThat(operator.get("/api/raters").statusCode()).isEqualTo(200);
    assertThat(operator.get("/api/rating-requests/open").body()).contains("\"open\":");
  }
}
