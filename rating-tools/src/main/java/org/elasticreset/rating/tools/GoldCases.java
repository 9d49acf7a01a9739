package org.elasticreset.rating.tools;

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
  private final double worst;
  private final double best;
  private final String guideline;

  /**
   * @param worst mark of the scale
   * @param best mark of the scale, above the worst
   */
  public GoldCases(String runId, double worst, double best, String guideline) {
    this.runId = runId;
    this.worst = worst;
    this.best = best;
    this.guideline = guideline;
  }

  /** Whether it is the request of a gold case: no other waits for so many. */
  public static boolean isGold(RatingRequest request) {
    return request.getOverlap() >= NEVER_ENOUGH;
  }

  /**
   * Reads a file.
   *
   * @param setting that names it
   * @param deadline of all of them
   * @throws IllegalArgumentException naming setting and line that cannot be used
   * @throws UncheckedIOException if it cannot be read
   */
  public List<RatingCase> read(String setting, Path file, Instant deadline) {
    List<RatingCase> cases = new ArrayList<>();
    try {
      int number = 0;
      for (String line : Files.readAllLines(file)) {
        number++;
        if (!line.isBlank()) {
          cases.add(read(setting + ": " + file + " line " + number, line, deadline));
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
      throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
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
      int count = question.path("ranks").size();
      if (count != request.getCandidatesCount()) {
        throw new IllegalArgumentException(
            "ranks: %d (expected: one for each of the %d responses)"
                .formatted(count, request.getCandidatesCount()));
      }
      request.setOrder(OrderQuestion.getDefaultInstance());
      Ranks.Builder ranks = Ranks.newBuilder();
      question.path("ranks").forEach(rank -> ranks.addRanks(rank.asInt()));
      right.setRanks(ranks);
    } else if (question.path("mark").isNumber()) {
      request.setScale(ScaleQuestion.newBuilder().setWorst(worst).setBest(best));
      double mark = question.path("mark").asDouble();
      if (mark < worst || mark > best) {
        throw new IllegalArgumentException(
            "mark: %s (expected: %s to %s, the scale)".formatted(mark, worst, best));
      }
      right.setMark(mark);
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
