package org.elasticreset.reward.raters.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.RatingAudit;
import org.elasticreset.proto.v1.RatingReceipt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The JSON interface, over a real broker and with the desk behind it. */
@QuarkusTest
@WithTestResource(AskedPeople.class)
class RatersApiTest {

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrapServers;

  @TestHTTPResource("/")
  URI http;

  private Topics topics;

  @BeforeEach
  void findTopics() {
    topics = new Topics(bootstrapServers);
  }

  private Caller caller(String name) {
    return Caller.withKeyOf(http, name);
  }

  @Test
  void whatARaterSaysIsOnTheTopicWithTheirName() throws Exception {
    Caller ann = caller("ann");
    topics.askPair("train-1-0/0@1", 3);
    JsonNode request = ann.next("train-1-0/0@1");

    HttpResponse<String> taken =
        ann.post(
            "/api/ratings",
            "{\"requestId\":\"%s\",\"ranks\":[1,2],\"latencyMillis\":4200,\"comment\":\"clear\"}"
                .formatted(request.path("requestId").asText()));

    assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
    assertThat(request.path("kind").asText()).isEqualTo("order");
    assertThat(request.path("guideline").asText()).isEqualTo("Which is right?");
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
    assertThat(await(caller("olga"), "/q/metrics", "source=\"http\""))
        .contains("ratings_total{receipt=\"taken\",source=\"http\"}", "rating_requests_open");
    assertThat(caller("olga").get("/api/raters").body()).contains("\"rater\":\"ann\"");
  }

  @Test
  void nobodyComesInWithoutAKeyOfTheirRole() throws Exception {
    var stranger = new Caller(http, "Authorization", "Bearer made-up");
    Caller operator = caller("olga");

    assertThat(new Caller(http).get("/api/rater").statusCode()).isEqualTo(401);
    HttpResponse<String> refused = stranger.get("/api/rating-requests");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
    assertThat(refused.body()).contains("Authorization: Bearer KEY");
    assertThat(stranger.post("/api/ratings", "{}").statusCode()).isEqualTo(401);
    assertThat(operator.post("/api/ratings", "{}").statusCode()).isEqualTo(403);
    assertThat(operator.get("/api/rating-requests").statusCode()).isEqualTo(403);
    assertThat(caller("bob").get("/api/raters").statusCode()).isEqualTo(403);
    assertThat(caller("bob").get("/api/rating-requests/open").statusCode()).isEqualTo(403);
    assertThat(operator.get("/api/raters").statusCode()).isEqualTo(200);
    assertThat(operator.get("/api/rating-requests/open").body()).contains("\"open\":");
  }

  @Test
  void aPageComesInWithACookieAndChangesNothingWithoutItsToken() throws Exception {
    topics.askPair("train-2-0/0@1", 3);
    HttpResponse<String> session =
        new Caller(http)
            .post("/api/session", "{\"key\":\"%s\"}".formatted(AskedPeople.keyOf("bob")));
    assertThat(session.statusCode()).isEqualTo(204);
    String set = session.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(set).contains("HttpOnly", "SameSite=Strict", "Path=/").doesNotContain("Max-Age");
    String cookie = set.substring(0, set.indexOf(';'));
    HttpResponse<String> who = new Caller(http, "Cookie", cookie).get("/api/rater");
    assertThat(who.body()).contains("\"rater\":\"bob\"");
    String token = who.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(token).startsWith("csrf-token=").doesNotContain("HttpOnly");
    token = token.substring("csrf-token=".length(), token.indexOf(';'));
    String cookies = cookie + "; csrf-token=" + token;
    var page = new Caller(http, "Cookie", cookies, "X-CSRF-TOKEN", token);
    String said =
        "{\"requestId\":\"%s\",\"ranks\":[2,1]}"
            .formatted(page.next("train-2-0/0@1").path("requestId").asText());

    assertThat(new Caller(http, "Cookie", cookies).post("/api/ratings", said).statusCode())
        .isEqualTo(403);
    assertThat(new Caller(http, "Cookie", cookies).delete("/api/session").statusCode())
        .isEqualTo(403);
    var forged = new Caller(http, "Cookie", cookies, "X-CSRF-TOKEN", "AAAAAAAAAAAAAAAAAAAAAA");
    assertThat(forged.post("/api/ratings", said).statusCode()).isEqualTo(400);
    assertThat(page.post("/api/ratings", said).statusCode()).isEqualTo(202);
    assertThat(topics.rating("bob", "train-2-0/0@1#0").getSource()).isEqualTo("page");
    HttpResponse<String> left = page.delete("/api/session");
    assertThat(left.statusCode()).isEqualTo(204);
    assertThat(left.headers().allValues("Set-Cookie"))
        .anyMatch(gone -> gone.startsWith("rater-session=;") && gone.contains("Max-Age=0"));
    assertThat(new Caller(http).post("/api/session", "{\"key\":\"made-up\"}").statusCode())
        .isEqualTo(401);
  }

  @Test
  void aRaterWhoSaysTooMuchIsToldWhenToGoOn() throws Exception {
    Caller cyd = caller("cyd");
    HttpResponse<String> answer = cyd.post("/api/ratings", skip("nonsense"));
    for (int i = 0; i < 60 && answer.statusCode() == 404; i++) {
      answer = cyd.post("/api/ratings", skip("nonsense"));
    }

    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(Integer.parseInt(answer.headers().firstValue("Retry-After").orElseThrow()))
        .isBetween(1, 60);
    assertThat(caller("dot").post("/api/ratings", skip("nonsense")).statusCode()).isEqualTo(404);
  }

  @Test
  void whatCannotBeUsedIsRefusedByTheNameOfItsField() throws Exception {
    Caller eve = caller("eve");
    topics.askPair("train-3-0/0@1", 3);
    String id = eve.next("train-3-0/0@1").path("requestId").asText();

    refused(eve, "{\"requestId\":\"%s\",\"ranks\":[1,2,3]}".formatted(id), "ranks");
    refused(eve, "{\"requestId\":\"%s\",\"ranks\":[0,1]}".formatted(id), "rank");
    refused(eve, "{\"requestId\":\"%s\",\"ranks\":[1,null]}".formatted(id), "ranks");
    refused(eve, "{\"requestId\":\"%s\",\"mark\":3}".formatted(id), "answer");
    refused(eve, "{\"requestId\":\"%s\"}".formatted(id), "answer");
    refused(eve, "{\"requestId\":\"%s\",\"skip\":true,\"mark\":1}".formatted(id), "answer");
    refused(eve, "{\"requestId\":\"%s\",\"ranks\":\"first\"}".formatted(id), "ranks");
    refused(eve, "{\"requestId\":\"%s\",\"skip\":true,\"shown\":[0,0]}".formatted(id), "shown");
    refused(eve, "{\"requestId\":\"%s\",\"skip\":true,\"revision\":0}".formatted(id), "revision");
    refused(
        eve,
        "{\"requestId\":\"%s\",\"skip\":true,\"latencyMillis\":-1}".formatted(id),
        "latencyMillis");
    refused(
        eve,
        "{\"requestId\":\"%s\",\"skip\":true,\"comment\":\"%s\"}".formatted(id, "x".repeat(2001)),
        "comment");
    refused(eve, "{\"ranks\":[1,2]}", "requestId");
    assertThat(eve.post("/api/ratings", "{\"requestId\":").statusCode()).isEqualTo(400);
    assertThat(eve.post("/api/ratings", "").statusCode()).isEqualTo(400);
    assertThat(eve.get("/api/rating-requests?max=21").statusCode()).isEqualTo(400);
    assertThat(eve.post("/api/ratings", skip("x".repeat(100_000))).statusCode()).isEqualTo(413);
    assertThat(eve.post("/api/ratings", skip("train-9-9/9@9#0")).statusCode()).isEqualTo(404);
  }

  private static void refused(Caller caller, String body, String field) throws Exception {
    HttpResponse<String> answer = caller.post("/api/ratings", body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(Caller.json(answer).path("field").asText()).as(answer.body()).isEqualTo(field);
  }

  @Test
  void whatWasSaidTwiceIsOnceAndWhoHadARequestMayChangeTheirMind() throws Exception {
    Caller fay = caller("fay");
    topics.askPair("train-4-0/0@1", 1);
    String id = fay.next("train-4-0/0@1").path("requestId").asText();
    String said = "{\"requestId\":\"%s\",\"ranks\":[1,2],\"revision\":7}".formatted(id);

    assertThat(fay.post("/api/ratings", said).statusCode()).isEqualTo(202);
    assertThat(fay.post("/api/ratings", said).body()).contains("\"revision\":7");
    // With one answer it has ended.
    topics.await("rating-requests", r -> r.key().equals("train-4-0/0@1#0") && r.value() == null);
    awaitStatus(caller("hal"), skip(id), 410);
    assertThat(fay.post("/api/ratings", said.replace("[1,2],\"revision\":7", "[2,1]")).statusCode())
        .isEqualTo(202);

    topics.await("rating-audit", r -> is(r.value(), RatingReceipt.RATING_TAKEN));
    topics.await("rating-audit", r -> is(r.value(), RatingReceipt.RATING_DUPLICATE));
    topics.await("rating-audit", r -> is(r.value(), RatingReceipt.RATING_REVISED));
    assertThat(fay.get("/api/rater").body()).contains("\"done\":1");
  }

  private static boolean is(byte[] value, RatingReceipt receipt) {
    try {
      RatingAudit audit = RatingAudit.parseFrom(value);
      return audit.getRaterId().equals("fay") && audit.getReceipt() == receipt;
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      return false;
    }
  }

  @Test
  void answersAreNotKeptNorFramedNorGuessed() throws Exception {
    var headers = caller("ida").get("/api/rater").headers();

    assertThat(headers.firstValue("Cache-Control")).hasValue("no-store");
    assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(headers.firstValue("Referrer-Policy")).hasValue("no-referrer");
    assertThat(headers.firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'self'", "frame-ancestors 'none'");
  }

  private static String skip(String id) {
    return "{\"requestId\":\"%s\",\"skip\":true}".formatted(id);
  }

  private static void awaitStatus(Caller caller, String body, int status) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    int last = 0;
    while (last != status && System.nanoTime() < end) {
      last = caller.post("/api/ratings", body).statusCode();
      Thread.sleep(500);
    }
    assertThat(last).isEqualTo(status);
  }

  private static String await(Caller caller, String path, String text) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    String body = caller.get(path).body();
    while (!body.contains(text) && System.nanoTime() < end) {
      Thread.sleep(200);
      body = caller.get(path).body();
    }
    return body;
  }
}
