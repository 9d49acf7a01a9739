package org.elasticreset.model.text;

import java.util.ArrayList;
import java.util.List;

/**
 * The form in which a model reads its prompts: plain text with {@code {prompt}} in it, once.
 *
 * <p>White space at the end of a prompt is no part of it but begins the response. A word's token
 * has the space before it within, and the prompts of a run have none at their end: a model that was
 * trained with {@code "Answer: "} then continues {@code "Answer:"} as it learned to.
 *
 * @param text with {@code \n}, {@code \t} and {@code \\} written out
 */
public record PromptTemplate(String text) {

  /** Where the prompt goes. */
  public static final String PLACE = "{prompt}";

  /** The prompt alone. */
  public static final PromptTemplate NONE = new PromptTemplate(PLACE);

  public PromptTemplate {
    int places = text.split("\\{prompt}", -1).length - 1;
    if (places != 1) {
      throw new IllegalArgumentException(
          "template: %s with %d places for a prompt (expected: %s once)"
              .formatted(text, places, PLACE));
    }
  }

  /** The template as a shell hands it on, where {@code \n} is a line break and {@code \t} a tab. */
  public static PromptTemplate ofArgument(String argument) {
    var text = new StringBuilder();
    for (int i = 0; i < argument.length(); i++) {
      char c = argument.charAt(i);
      boolean escape = c == '\\' && i + 1 < argument.length();
      char next = escape ? argument.charAt(i + 1) : ' ';
      switch (escape ? next : ' ') {
        case 'n' -> text.append('\n');
        case 't' -> text.append('\t');
        case '\\' -> text.append('\\');
        default -> {
          text.append(c);
          continue;
        }
      }
      i++;
    }
    return new PromptTemplate(text.toString());
  }

  /** What the model reads, without space at its end. */
  public String prompt(String prompt) {
    return filled(prompt).stripTrailing();
  }

  /** What the model is to write behind {@link #prompt}, with the space that was left out there. */
  public String response(String prompt, String response) {
    var filled = filled(prompt);
    var space = filled.substring(filled.stripTrailing().length());
    return space.isEmpty() ? response.stripTrailing() : space + response.strip();
  }

  private String filled(String prompt) {
    return text.replace(PLACE, prompt);
  }

  /** Each pair in this form. */
  public List<PromptResponse> apply(List<PromptResponse> pairs) {
    var applied = new ArrayList<PromptResponse>(pairs.size());
    for (var pair : pairs) {
      applied.add(
          new PromptResponse(
              prompt(pair.prompt()), response(pair.prompt(), pair.response()), pair.split()));
    }
    return applied;
  }
}
