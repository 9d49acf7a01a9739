package org.elasticreset.model.chat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.elasticreset.model.files.ModelFormatException;

/**
 * How a conversation becomes one text, as the model was taught: the Jinja template of {@code
 * chat_template.jinja} or of {@code chat_template} in {@code tokenizer_config.json}.
 *
 * <p>Rendered as transformers' {@code apply_chat_template} does, by Jinjava. A template may come
 * from anyone: it reaches no Java object and no file, and its length, steps, time and output are
 * bounded ({@link TemplateSandbox}). The rendered text has the special tokens in it, the one that
 * begins a text included: encode it with {@code Tokenizer.encode}, which adds no second.
 */
public final class ChatTemplate {

  private final Path source;
  private final String template;
  private final Map<String, String> tokens;
  private final Clock clock;

  public ChatTemplate(Path source, String template, Map<String, String> tokens, Clock clock) {
    this.source = source;
    this.template = TemplateSandbox.checked(source, template);
    this.tokens = Map.copyOf(tokens);
    this.clock = clock;
  }

  /**
   * The text of {@code messages}.
   *
   * @param addGenerationPrompt whether to end with what begins an answer
   * @throws IllegalArgumentException if the template refuses the messages, in its words
   * @throws ModelFormatException if the template does what it may not, or what Jinjava cannot
   */
  public String render(List<ChatMessage> messages, boolean addGenerationPrompt) {
    var turns = new ArrayList<Map<String, Object>>();
    for (var message : messages) {
      var turn = new HashMap<String, Object>();
      turn.put("role", message.role());
      turn.put("content", message.content());
      turns.add(turn);
    }
    var variables = new HashMap<String, Object>();
    variables.put("messages", turns);
    variables.put("add_generation_prompt", addGenerationPrompt);
    variables.putAll(tokens);
    return new TemplateSandbox(source, clock).render(template, variables);
  }
}
