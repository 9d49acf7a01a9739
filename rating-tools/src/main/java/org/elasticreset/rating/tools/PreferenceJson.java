package org.elasticreset.rating.tools;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Preferences as objects of JSON, as TRL reads them: {@code prompt}, {@code chosen} and {@code
 * rejected}, each a text (standard) or a list of messages with {@code role} and {@code content}
 * (conversational).
 */
final class PreferenceJson {

  private PreferenceJson() {}

  /**
   * From either form. Without a prompt, that is the messages that both conversations begin with.
   *
   * @return empty if it is a conversation of more than one question and answer, which has no one
   *     text as its prompt
   * @throws IllegalArgumentException naming the field that cannot be used
   */
  static Optional<Preference> read(Payload row) {
    Payload prompt = row.at("prompt");
    Payload chosen = row.at("chosen");
    Payload rejected = row.at("rejected");
    if (prompt.node().isTextual()) {
      return Optional.of(
          new Preference(prompt.textOrBlank(), chosen.textOrBlank(), rejected.textOrBlank()));
    }
    int asked = prompt.isAbsent() ? alike(chosen.items(), rejected.items()) : 0;
    List<Payload> question = prompt.isAbsent() ? chosen.items().subList(0, asked) : prompt.items();
    Optional<String> user = one(question, "user");
    Optional<String> better = one(from(asked, chosen), "assistant");
    Optional<String> worse = one(from(asked, rejected), "assistant");
    return user.isPresent() && better.isPresent() && worse.isPresent()
        ? Optional.of(new Preference(user.get(), better.get(), worse.get()))
        : Optional.empty();
  }

  /** How many messages both begin with. */
  private static int alike(List<Payload> one, List<Payload> other) {
    return (int)
        IntStream.range(0, Math.min(one.size(), other.size()))
            .takeWhile(i -> message(one.get(i)).equals(message(other.get(i))))
            .count();
  }

  private static List<JsonNode> message(Payload message) {
    return List.of(message.at("role").node(), message.at("content").node());
  }

  private static List<Payload> from(int first, Payload messages) {
    return messages.items().subList(first, messages.items().size());
  }

  /** What the only message says, if it is of that role. */
  private static Optional<String> one(List<Payload> messages, String role) {
    return messages.size() == 1 && messages.get(0).at("role").text().equals(role)
        ? Optional.of(messages.get(0).at("content").textOrBlank())
        : Optional.empty();
  }
}
