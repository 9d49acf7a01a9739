package org.elasticreset.rating.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.rating.Question;
import org.elasticreset.rating.Question.Order;
import org.elasticreset.rating.Question.Scale;

/**
 * A dataset of Argilla 2 for requests that are alike: one question about so many responses,
 * answered by so many people. An order is a ranking question, a scale a rating question, thumbs are
 * a label question.
 *
 * @param question of 2 to 50 responses if it is an order, as many as Argilla ranks; of whole marks
 *     from 0 to 10 if it is a scale
 * @param overlap raters whose answers complete a record; at least 1
 * @param guideline what raters are told to look at, in Markdown; may be empty
 */
public record ArgillaDataset(Question question, int overlap, String guideline) {

  static final String PROMPT = "prompt";
  static final String RESPONSE = "response-";
  static final String ORDER = "order";
  static final String MARK = "mark";
  static final String GOOD = "good";
  static final String YES = "yes";
  static final String NO = "no";
  static final String COMMENT = "comment";
  static final String RUN = "run_id";
  static final String SHOWN = "shown";

  private static final int MOST_RANKED = 50;
  private static final int HIGHEST_MARK = 10;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /**
   * Validates.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  public ArgillaDataset {
    if (question.candidates() > MOST_RANKED) {
      throw new IllegalArgumentException(
          "candidates: %d (expected: 2 to %d, as many as Argilla ranks)"
              .formatted(question.candidates(), MOST_RANKED));
    }
    if (question instanceof Scale scale) {
      ToolQuestion.requireWhole(scale, HIGHEST_MARK + 1);
      if (scale.worst() < 0 || scale.best() > HIGHEST_MARK) {
        throw new IllegalArgumentException(
            "scale: %s to %s (expected: from 0 to %d, as Argilla has them)"
                .formatted(scale.worst(), scale.best(), HIGHEST_MARK));
      }
    }
    if (overlap < 1) {
      throw new IllegalArgumentException("overlap: " + overlap + " (expected: at least 1 rater)");
    }
  }

  /**
   * The dataset that a request belongs in.
   *
   * @throws IllegalArgumentException if Argilla has no question for it
   */
  public static ArgillaDataset of(RatingRequest request) {
    return new ArgillaDataset(
        ToolQuestion.of(request), request.getOverlap(), request.getGuideline());
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
    ArrayNode fields = settings.putArray("fields").add(text(PROMPT, "Prompt", true));
    for (int place = 1; place <= question.candidates(); place++) {
      fields.add(text(RESPONSE + place, response(place), true));
    }
    settings.putArray("questions").add(asked()).add(text(COMMENT, "Why?", false));
    settings.putArray("metadata").add(terms(RUN)).add(terms(SHOWN));
    settings.putArray("vectors");
    return settings;
  }

  private ObjectNode asked() {
    if (question instanceof Order) {
      ObjectNode order =
          named(ORDER, "Which is better? Drag the best to 1; what is as good to the same.", true);
      ArrayNode options = options(order, "ranking");
      for (int place = 1; place <= question.candidates(); place++) {
        options.addObject().put("value", RESPONSE + place).put("text", response(place));
      }
      return order;
    }
    if (question instanceof Scale scale) {
      int worst = (int) scale.worst();
      int best = (int) scale.best();
      ObjectNode mark =
          named(MARK, "How good is it, from %d to %d, the best?".formatted(worst, best), true);
      ArrayNode options = options(mark, "rating");
      for (int value = worst; value <= best; value++) {
        options.addObject().put("value", value);
      }
      return mark;
    }
    ObjectNode good = named(GOOD, "Is it good?", true);
    ArrayNode options = options(good, "label_selection");
    options.addObject().put("value", YES).put("text", "Yes");
    options.addObject().put("value", NO).put("text", "No");
    return good;
  }

  private static ArrayNode options(ObjectNode question, String type) {
    return question.putObject("settings").put("type", type).putArray("options");
  }

  private String response(int place) {
    return question.candidates() == 1 ? "Response" : "Response " + place;
  }

  /**
   * A request as a record of it: an item of {@code PUT /api/v1/datasets/ID/records/bulk}, which
   * leaves one that is there as it is. Responses stand in an order that is drawn for the request.
   *
   * @throws IllegalArgumentException if the request belongs in another dataset
   */
  public ObjectNode record(RatingRequest request) {
    if (!of(request).equals(this)) {
      throw new IllegalArgumentException(
          "request: %s (expected: one that belongs in %s)".formatted(of(request), this));
    }
    ShownOrder shown = ShownOrder.drawn(request.getRequestId(), question.candidates());
    ObjectNode record = JSON.objectNode();
    ObjectNode fields = record.putObject("fields").put(PROMPT, request.getPrompt());
    for (int place = 0; place < question.candidates(); place++) {
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
