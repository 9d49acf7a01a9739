package org.elasticreset.reward.raters.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.elasticreset.proto.v1.Rating;
import org.junit.jupiter.api.Test;

/** A rating is taken when Kafka has it, and not before: whoever says one meanwhile is told. */
@QuarkusTest
@WithTestResource(StoppableBroker.class)
class BrokerAwayTest {

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrapServers;

  @TestHTTPResource("/")
  URI http;

  @Test
  void aRatingThatKafkaDoesNotTakeIsRefusedAndTakenWhenItIsSaidAgain() throws Exception {
    var topics = new Topics(bootstrapServers);
    topics.askPair("train-1-0/0@1", 3);
    topics.askPair("train-1-1/0@1", 3);
    Caller ann = Caller.withKeyOf(http, "ann");
    String said = better(ann.next("train-1-0/0@1").path("requestId").asText(), 7);
    String later = better(ann.next("train-1-1/0@1").path("requestId").asText(), 1);
    assertThat(ann.post("/api/ratings", said).statusCode()).isEqualTo(202);

    StoppableBroker.away();
    HttpResponse<String> refused = ann.post("/api/ratings", later);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    assertThat(ann.get("/api/rater").body()).contains("\"done\":1");
    StoppableBroker.back();

    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    int status = 503;
    while (status == 503 && System.nanoTime() < end) {
      status = ann.post("/api/ratings", later).statusCode();
    }
    assertThat(status).isEqualTo(202);
    Rating rating = topics.rating("ann", "train-1-1/0@1#0");
    assertThat(rating.getRevision()).isEqualTo(1);
  }

  private static String better(String id, long revision) {
    return "{\"requestId\":\"%s\",\"ranks\":[1,2],\"revision\":%d}".formatted(id, revision);
  }
}
