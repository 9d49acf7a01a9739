package org.elasticreset.rating.tools;

import java.util.Optional;
import org.elasticreset.proto.v1.Rating;

/** What a tool reports. {@link AnswerBook} makes ratings of it. */
public sealed interface ToolEvent {

  /**
   * Somebody answered, or changed the answer.
   *
   * @param answerId what the tool calls the answer
   * @param rating complete
   */
  record Answered(String answerId, Rating rating) implements ToolEvent {}

  /**
   * Somebody took an answer away.
   *
   * @param answerId what the tool calls the answer
   * @param last what it was; tools may say the id alone
   */
  record Deleted(String answerId, Optional<Rating> last) implements ToolEvent {}

  /**
   * As many people have answered as were asked to. Says nothing that their answers did not; if
   * those are not there, they were lost on the way.
   */
  record Completed(String requestId) implements ToolEvent {}

  /**
   * Something that has nothing to do with answers.
   *
   * @param type what the tool calls it
   */
  record Unrelated(String type) implements ToolEvent {}
}
