package org.elasticreset.rating.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.proto.v1.RatingRequest.QuestionCase;

/**
 * A dataset of Argilla 2 for requests that are alike: a ranking question about so many responses,
 * answered by so many people.
 *
 * @param candidates responses to a prompt; 2 to 50, as many as Argilla ranks
 * @param overlap raters whose answers complete a record; at least 1
 * @param guideline what raters are told to look at, in Markdown; may be empty
 */
public record ArgillaDataset(int candidates, int overlap, String guideline) {

  static final String PROMPT = "prompt";
  static final String RESPONSE = "response-";
  static final String ORDER = "order";
  static final String COMMENT = "comment";
  static final String RUN = "run_id";
  static final String SHOWN = "shown";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /**
   * Validates.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  public ArgillaDataset {
    if (candidates < 2 || candidates > 50) {
      throw new IllegalArgumentException(
          "candidates: " + candidates + " (expected: 2 to 50, as many as Argilla ranks)");
    }
    if (overlap < 1) {
      throw new IllegalArgumentException("overlap: " + overlap + " (expected: at least 1 rater)");
    }
  }

  /**
   * The dataset that a request belongs in.
   *
   * @throws IllegalArgumentException if it asks for no order
   */
  public static ArgillaDataset of(RatingRequest request) {
    if (request.getQuestionCase() != QuestionCase.ORDER) {
      throw new IllegalArgumentException(
          "question: " + request.getQuestionCase() + " (expected: ORDER, which Argilla ranks)");
    }
    return new ArgillaDataset(
        request.getCandidatesCount(), request.getOverlap(), request.getGuideline());
  }

  /**
   * Its settings, as {@code rg.Settings.from_json} reads them. Prompts and responses are shown as
   * text, since whoever wrote them might have written markup.
   */
  public ObjectNode settings() {
    ObjectNode settings = JSON.objectNode();
    settings.set("guidelines", guideline.isBlank() ? JSON.nullNode() : JSON.textNode(guideline));
    settings.put("allow_extra_metadata", false);
    settings.putObject("distribution").put("strategy", "overlap").put("min_submitted", overlap);
    ArrayNode fields = settings.putArray("fields");
    fields.add(text(PROMPT, "Prompt", true));
    ObjectNode order =
        named(ORDER, "Which is better? Drag the best to 1; what is as good to the same.", true);
    ArrayNode options = order.putObject("settings").put("type", "ranking").putArray("options");
    for (int place = 1; place <= candidates; place++) {
      fields.add(text(RESPONSE + place, "Response " + place, true));
      options.addObject().put("value", RESPONSE + place).put("text", "Response " + place);
    }
    settings.putArray("questions").add(order).add(text(COMMENT, "Why?", false));
    settings.putArray("metadata").add(terms(RUN)).add(terms(SHOWN));
    settings.putArray("vectors");
    return settings;
  }

  /**
   * A request as a record of it: an item of {@code POST /api/v1/datasets/ID/records/bulk}.
   * Responses stand in an order that is drawn for the request.
   *
   * @throws IllegalArgumentException if the request belongs in another dataset
   */
  public ObjectNode record(RatingRequest request) {
    if (!of(request).equals(this)) {
      throw new IllegalArgumentException(
          "request: %s (expected: one that belongs in %s)".formatted(of(request), this));
    }
    ShownOrder shown = ShownOrder.drawn(request.getRequestId(), candidates);
    ObjectNode record = JSON.objectNode();
    ObjectNode fields = record.putObject("fields").put(PROMPT, request.getPrompt());
    for (int place = 0; place < candidates; place++) {
      fields.put(
          RESPONSE + (place + 1), request.getCandidates(shown.candidates().get(place)).getText());
    }
    record.putObject("metadata").put(RUN, request.getRunId()).put(SHOWN, shown.toString());
    return record.put("external_id", request.getRequestId());
  }

  private static ObjectNode text(String name, String title, boolean required) {
    ObjectNode text = named(name, title, required);
    text.putObject("settings").put("type", "text").put("use_markdown", false);
    return text;
  }

  private static ObjectNode named(String name, String title, boolean required) {
    return JSON.objectNode().put("name", name).put("title", title).put("required", required);
  }

  private static ObjectNode terms(String name) {
    ObjectNode terms = JSON.objectNode().put("name", name).put("title", name);
    terms.put("visible_for_annotators", false).putObject("settings").put("type", "terms");
    return terms;
  }
}
