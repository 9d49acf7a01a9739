package org.elasticreset.rating.tools;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.Skip;
import org.elasticreset.rating.tools.ToolEvent.Answered;
import org.elasticreset.rating.tools.ToolEvent.Deleted;
import org.elasticreset.rating.tools.ToolEvent.Unrelated;

/**
 * Reads Label Studio's webhooks about tasks that {@link LabelStudioProject} made.
 *
 * <p>An annotation is an answer, one that was cancelled or chooses nothing a skip. Its {@code
 * updated_at}, in microseconds since 1970, is the revision: it moves with each change, by the one
 * clock of Label Studio's server. Label Studio sends once and does not repeat what failed.
 */
public final class LabelStudioEvents {

  /** What {@code source} of a rating says. */
  public static final String SOURCE = "label-studio";

  private LabelStudioEvents() {}

  /**
   * What a delivery says; several annotations may be in one.
   *
   * @param body of somebody who knew the secret
   * @throws IllegalArgumentException naming the field that cannot be used
   */
  public static List<ToolEvent> read(byte[] body) {
    Payload payload = Payload.parse(body);
    String action = payload.at("action").text();
    return switch (action) {
      case "ANNOTATION_CREATED", "ANNOTATIONS_CREATED", "ANNOTATION_UPDATED" ->
          payload.at("annotation").itemOrItems().stream()
              .map(annotation -> answered(annotation, payload.at("task")))
              .toList();
      case "ANNOTATIONS_DELETED" ->
          payload.at("annotations").items().stream()
              .<ToolEvent>map(gone -> new Deleted(answerId(gone), Optional.empty()))
              .toList();
      default -> List.of(new Unrelated(action));
    };
  }

  /** Label Studio may tell of all its projects. */
  private static ToolEvent answered(Payload annotation, Payload tasks) {
    Payload meta = task(annotation.at("task"), tasks).at("meta");
    return meta.at(LabelStudioProject.RUN).isAbsent()
        ? new Unrelated("annotation of a task that was not made here")
        : new Answered(answerId(annotation), rating(annotation, meta));
  }

  private static String answerId(Payload annotation) {
    return SOURCE + ":" + annotation.at("id").id();
  }

  private static Rating rating(Payload annotation, Payload meta) {
    ShownOrder shown = ShownOrder.of(meta.at(LabelStudioProject.SHOWN));
    Instant updated = annotation.at("updated_at").time();
    Rating.Builder rating =
        Rating.newBuilder()
            .setRunId(meta.at(LabelStudioProject.RUN).text())
            .setRequestId(meta.at(LabelStudioProject.REQUEST).text())
            .setRaterId(SOURCE + ":" + userId(annotation.at("completed_by")))
            .setRevision(Payload.micros(updated))
            .addAllShown(shown.candidates())
            .setLatencyMillis((long) (1000 * annotation.at("lead_time").quantity()))
            .setSource(SOURCE)
            .setAnswerId(answerId(annotation))
            .setSaidMillis(updated.toEpochMilli());
    List<Payload> results = annotation.at("result").items();
    rating.setComment(
        LabelStudioAnswer.chosen(results, LabelStudioConfig.COMMENT, "text")
            .map(Payload::textOrEmpty)
            .orElse(""));
    if (annotation.at("was_cancelled").flag()
        || !LabelStudioAnswer.put(rating, results, shown, meta)) {
      rating.setSkip(Skip.getDefaultInstance());
    }
    return rating.build();
  }

  private static Payload task(Payload id, Payload tasks) {
    return tasks.itemOrItems().stream()
        .filter(task -> task.at("id").node().equals(id.node()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "task: none with id %s (expected: the annotation's task)".formatted(id.id())));
  }

  private static String userId(Payload user) {
    return user.node().isObject() ? user.at("id").id() : user.id();
  }
}
