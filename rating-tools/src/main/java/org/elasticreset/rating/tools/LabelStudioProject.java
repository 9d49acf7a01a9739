package org.elasticreset.rating.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.rating.Question;
import org.elasticreset.rating.Question.Scale;

/**
 * A project of Label Studio for requests that are alike. Two responses are compared with {@code
 * Pairwise}, more are ranked with {@code Ranker}, which knows no ties; a scale is a {@code Rating},
 * thumbs are {@code Choices}.
 *
 * @param question of whole marks, at most 10, if it is a scale
 * @param overlap raters whose answers complete a task; at least 1
 * @param guideline what raters are told to look at; may be empty
 */
public record LabelStudioProject(Question question, int overlap, String guideline) {

  static final String RUN = "run_id";
  static final String REQUEST = "request_id";
  static final String SHOWN = "shown";

  /** Of a scale: the mark of one star. */
  static final String WORST = "worst";

  static final int MOST_STARS = 10;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /**
   * Validates.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  public LabelStudioProject {
    if (question instanceof Scale scale) {
      ToolQuestion.requireWhole(scale, MOST_STARS);
    }
    if (overlap < 1) {
      throw new IllegalArgumentException("overlap: " + overlap + " (expected: at least 1 rater)");
    }
  }

  /**
   * The project that a request belongs in.
   *
   * @throws IllegalArgumentException if Label Studio has no tag for it
   */
  public static LabelStudioProject of(RatingRequest request) {
    return new LabelStudioProject(
        ToolQuestion.of(request), request.getOverlap(), request.getGuideline());
  }

  /** What a task looks like, as Label Studio reads it. Its data are shown as text. */
  public String labelConfig() {
    return LabelStudioConfig.of(question);
  }

  /**
   * Its settings: the body of {@code POST /api/projects}.
   *
   * @param title what raters know it by
   */
  public ObjectNode settings(String title) {
    return JSON.objectNode()
        .put("title", title)
        .put("label_config", labelConfig())
        .put("expert_instruction", guideline)
        .put("show_instruction", !guideline.isBlank())
        .put("show_skip_button", true)
        .put("enable_empty_annotation", false)
        .put("maximum_annotations", overlap);
  }

  /**
   * A request as a task of it: an item of {@code POST /api/projects/ID/import}. Responses stand in
   * an order that is drawn for the request.
   *
   * @throws IllegalArgumentException if the request belongs in another project
   */
  public ObjectNode task(RatingRequest request) {
    if (!of(request).equals(this)) {
      throw new IllegalArgumentException(
          "request: %s (expected: one that belongs in %s)".formatted(of(request), this));
    }
    ShownOrder shown = ShownOrder.drawn(request.getRequestId(), question.candidates());
    ObjectNode task = JSON.objectNode();
    ObjectNode data = task.putObject("data").put("prompt", request.getPrompt());
    if (LabelStudioConfig.isRanking(question)) {
      ArrayNode items = data.putArray("responses");
      for (int place = 0; place < shown.size(); place++) {
        items
            .addObject()
            .put("id", String.valueOf(place))
            .put("title", "Response " + (place + 1))
            .put("body", text(request, shown, place));
      }
    } else {
      for (int place = 0; place < shown.size(); place++) {
        data.put("response" + (place + 1), text(request, shown, place));
      }
    }
    ObjectNode meta = task.putObject("meta");
    meta.put(RUN, request.getRunId())
        .put(REQUEST, request.getRequestId())
        .put(SHOWN, shown.toString());
    if (question instanceof Scale scale) {
      meta.put(WORST, (int) scale.worst());
    }
    return task;
  }

  private static String text(RatingRequest request, ShownOrder shown, int place) {
    return request.getCandidates(shown.candidates().get(place)).getText();
  }
}
