package org.elasticreset.reward.raters;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.elasticreset.checkpoint.Sha256;
import org.elasticreset.proto.RatingIds;
import org.elasticreset.proto.v1.Candidate;
import org.elasticreset.proto.v1.OrderQuestion;
import org.elasticreset.proto.v1.Ranks;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.RatingCase;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.proto.v1.ScaleQuestion;
import org.elasticreset.proto.v1.ThumbsQuestion;

/**
 * Questions with known answers, a JSON object a line: {@code prompt}, {@code responses}, and of
 * {@code ranks} (as many as responses, 1 is best), {@code mark} or {@code thumbUp} the one that is
 * right. Their ids derive from their text, so that every instance opens the same.
 */
public final class GoldCases {

  private static final JsonMapper JSON = new JsonMapper();

  /** It ends at its deadline and not when somebody has answered: everybody is to. */
  private static final int NEVER_ENOUGH = 1_000_000;

  private static final String FIELDS =
      "prompt, responses, and one of ranks, mark and thumbUp, such as "
          + "{\"prompt\":\"2 + 2?\",\"responses\":[\"4\",\"5\"],\"ranks\":[1,2]}";

  private final String runId;
  private final RatersSettings.Scale scale;
  private final String guideline;

  GoldCases(String runId, RatersSettings.Scale scale, String guideline) {
    this.runId = runId;
    this.scale = scale;
    this.guideline = guideline;
  }

  /** Whether it is the request of a gold case: no other waits for so many. */
  public static boolean isGold(RatingRequest request) {
    return request.getOverlap() >= NEVER_ENOUGH;
  }

  /**
   * Reads a file.
   *
   * @param deadline of all of them
   * @throws IllegalArgumentException naming the line that cannot be used
   */
  List<RatingCase> read(Path file, Instant deadline) {
    List<RatingCase> cases = new ArrayList<>();
    try {
      int number = 0;
      for (String line : Files.readAllLines(file)) {
        number++;
        if (!line.isBlank()) {
          cases.add(read(file + " line " + number, line, deadline));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return cases;
  }

  private RatingCase read(String where, String line, Instant deadline) {
    try {
      return goldCase(JSON.readTree(line), deadline);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "reward.raters.gold: %s: %s".formatted(where, e.getMessage()), e);
    }
  }

  private RatingCase goldCase(JsonNode question, Instant deadline) {
    require(question.path("prompt").isTextual() && question.path("responses").isArray(), question);
    String prompt = question.path("prompt").asText();
    String id = Sha256.of(question.toString()).substring(0, 16) + "@0";
    RatingRequest.Builder request =
        RatingRequest.newBuilder()
            .setRunId(runId)
            .setRequestId(RatingIds.request(id, 0))
            .setPrompt(prompt)
            .setOverlap(NEVER_ENOUGH)
            .setDeadlineMillis(deadline.toEpochMilli())
            .setGuideline(guideline);
    for (JsonNode response : question.path("responses")) {
      request.addCandidates(
          Candidate.newBuilder()
              .setRolloutId(id + "/" + request.getCandidatesCount())
              .setText(response.asText()));
    }
    Rating.Builder right = Rating.newBuilder();
    if (question.path("ranks").isArray()) {
      request.setOrder(OrderQuestion.getDefaultInstance());
      Ranks.Builder ranks = Ranks.newBuilder();
      question.path("ranks").forEach(rank -> ranks.addRanks(rank.asInt()));
      right.setRanks(ranks);
    } else if (question.path("mark").isNumber()) {
      request.setScale(ScaleQuestion.newBuilder().setWorst(scale.worst()).setBest(scale.best()));
      right.setMark(question.path("mark").asDouble());
    } else {
      require(question.path("thumbUp").isBoolean(), question);
      request.setThumbs(ThumbsQuestion.getDefaultInstance());
      right.setThumbUp(question.path("thumbUp").asBoolean());
    }
    return RatingCase.newBuilder()
        .setRunId(runId)
        .setCaseId(id)
        .addRequests(request)
        .setReason("gold")
        .setGold(right)
        .build();
  }

  private static void require(boolean holds, JsonNode question) {
    if (!holds) {
      throw new IllegalArgumentException(question + " (expected: " + FIELDS + ")");
    }
  }
}
