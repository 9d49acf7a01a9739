package org.elasticreset.rating.tools;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.proto.v1.RatingRequest.QuestionCase;

/**
 * A project of Label Studio for pairwise comparisons that are alike.
 *
 * @param overlap raters whose answers complete a task; at least 1
 * @param guideline what raters are told to look at; may be empty
 */
public record LabelStudioProject(int overlap, String guideline) {

  static final String BETTER = "better";
  static final String TIE = "tie";
  static final String COMMENT = "comment";
  static final String RUN = "run_id";
  static final String REQUEST = "request_id";
  static final String SHOWN = "shown";

  /** What a task looks like, as Label Studio reads it. Its data are shown as text. */
  public static final String LABEL_CONFIG =
      """
      <View>
        <Header value="Prompt"/>
        <Text name="prompt" value="$prompt" valueType="text"/>
        <Header value="Which response is better?"/>
        <Pairwise name="better" toName="response1,response2"/>
        <View style="display: flex; gap: 1em">
          <View style="flex: 1"><Text name="response1" value="$response1" valueType="text"/></View>
          <View style="flex: 1"><Text name="response2" value="$response2" valueType="text"/></View>
        </View>
        <Choices name="tie" toName="prompt" choice="single" showInline="true">
          <Choice value="Neither: one is as good as the other"/>
        </Choices>
        <TextArea name="comment" toName="prompt" rows="2" placeholder="Why? (optional)"/>
      </View>
      """;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /**
   * Validates.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  public LabelStudioProject {
    if (overlap < 1) {
      throw new IllegalArgumentException("overlap: " + overlap + " (expected: at least 1 rater)");
    }
  }

  /**
   * The project that a request belongs in.
   *
   * @throws IllegalArgumentException if it is no pairwise comparison
   */
  public static LabelStudioProject of(RatingRequest request) {
    if (request.getQuestionCase() != QuestionCase.ORDER || request.getCandidatesCount() != 2) {
      throw new IllegalArgumentException(
          "question: %s of %d (expected: ORDER of 2, a pairwise comparison)"
              .formatted(request.getQuestionCase(), request.getCandidatesCount()));
    }
    return new LabelStudioProject(request.getOverlap(), request.getGuideline());
  }

  /**
   * Its settings: the body of {@code POST /api/projects}.
   *
   * @param title what raters know it by
   */
  public ObjectNode settings(String title) {
    return JSON.objectNode()
        .put("title", title)
        .put("label_config", LABEL_CONFIG)
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
    ShownOrder shown = ShownOrder.drawn(request.getRequestId(), 2);
    ObjectNode task = JSON.objectNode();
    task.putObject("data")
        .put("prompt", request.getPrompt())
        .put("response1", request.getCandidates(shown.candidates().get(0)).getText())
        .put("response2", request.getCandidates(shown.candidates().get(1)).getText());
    task.putObject("meta")
        .put(RUN, request.getRunId())
        .put(REQUEST, request.getRequestId())
        .put(SHOWN, shown.toString());
    return task;
  }
}
