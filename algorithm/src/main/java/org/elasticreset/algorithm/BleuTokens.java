package org.elasticreset.algorithm;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The tokens of a text as BLEU counts them: {@code mteval-v13a}, which sacreBLEU calls {@code 13a}
 * and takes by default. Punctuation stands alone, but for the points and commas of numbers,
 * apostrophes and hyphens.
 */
final class BleuTokens {
  private static final List<Rule> RULES =
      List.of(
          new Rule("([{-~\\[-` -&(-+:-@/])", " $1 "),
          new Rule("([^0-9])([.,])", "$1 $2 "),
          new Rule("([.,])([^0-9])", " $1 $2"),
          new Rule("([0-9])(-)", "$1 $2 "));

  /** What Python's {@code str.split} splits at, a no-break space included. */
  private static final String SPACE =
      "[\t-\r\\x1c- \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+";

  private static final Pattern SPACES = Pattern.compile(SPACE);
  private static final Pattern TRAILING = Pattern.compile(SPACE + "\\z");

  private record Rule(Pattern pattern, String replacement) {
    Rule(String pattern, String replacement) {
      this(Pattern.compile(pattern), replacement);
    }

    String apply(String text) {
      return pattern.matcher(text).replaceAll(replacement);
    }
  }

  private BleuTokens() {}

  /** The tokens; none of an empty text. */
  static List<String> of(String text) {
    String line =
        TRAILING
            .matcher(text)
            .replaceFirst("")
            .replace("<skipped>", "")
            .replace("-\n", "")
            .replace("\n", " ")
            .replace("&quot;", "\"")
            .replace("&amp;", "&")
            .replace("&lt;", "<")
            .replace("&gt;", ">");
    line = " " + line + " ";
    for (Rule rule : RULES) {
      line = rule.apply(line);
    }
    List<String> tokens = new ArrayList<>();
    for (String token : SPACES.split(line)) {
      if (!token.isEmpty()) {
        tokens.add(token);
      }
    }
    return tokens;
  }
}
