package org.elasticreset.model.chat;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.regex.Pattern;
import org.elasticreset.model.files.ModelFormatException;

/**
 * A template of Jinja, rewritten into one that means the same to Jinjava.
 *
 * <p>White space around tags is taken away here, by Jinja's rules with {@code trim_blocks} and
 * {@code lstrip_blocks}: Jinjava's {@code lstrip_blocks} takes spaces in the middle of a line, too.
 * Comments go. What follows a {@code not} gets parentheses, since Jinjava's {@code not} binds
 * tighter than {@code ==}; what is printed passes the filter {@code printed} ({@link
 * TemplateFilters}). Two things that Jinjava skips without a word are refused: a condition on a
 * {@code for}, and its {@code else}.
 */
final class JinjaSource {

  private static final Pattern LINE_END = Pattern.compile("\r\n|\r");
  private static final Pattern END_RAW = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%}");
  private static final Set<String> AFTER_NOT = Set.of("and", "or", "if", "else");

  private final Path source;
  private final String template;
  private final StringBuilder plain = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  private int position;
  private boolean lineStart = true;
  private char trim = '+';

  private JinjaSource(Path source, String template) {
    this.source = source;
    this.template = template;
  }

  /**
   * @throws ModelFormatException if a tag does not end, or means nothing to Jinjava
   */
  static String plain(Path source, String template) {
    var lines = LINE_END.matcher(template).replaceAll("\n");
    // Jinja drops the last line end.
    var whole = lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines;
    return new JinjaSource(source, whole).rewritten();
  }

  private String rewritten() {
    while (position < template.length()) {
      int tag = nextTag();
      boolean ends = tag == template.length();
      char kind = ends ? 'x' : template.charAt(tag + 1);
      char modifier = ends || tag + 2 >= template.length() ? ' ' : template.charAt(tag + 2);
      var text = text(template.substring(position, tag), kind, modifier);
      // A brace must not become part of what follows it now.
      plain.append(text.endsWith("{") ? text.substring(0, text.length() - 1) + "{{ '{' }}" : text);
      position = tag;
      if (!ends) {
        tag(kind);
      }
    }
    return plain.toString();
  }

  private int nextTag() {
    for (int i = position; i + 1 < template.length(); i++) {
      if (template.charAt(i) == '{' && "{%#".indexOf(template.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return template.length();
  }

  /** Text before a tag of {@code kind}, without what the tags on both sides take of it. */
  private String text(String text, char kind, char modifier) {
    int from = 0;
    if (trim == '-') {
      from = text.length() - PythonText.strip(text, PythonText::space, true, false).length();
    } else if (trim == '%' && text.startsWith("\n")) {
      from = 1;
    }
    boolean atLineStart = lineStart || (from > 0 && text.charAt(from - 1) == '\n');
    var kept = text.substring(from);
    if (kind != 'x' && modifier == '-') {
      kept = PythonText.strip(kept, PythonText::space, false, true);
    } else if ((kind == '%' || kind == '#') && modifier != '+') {
      int line = kept.lastIndexOf('\n') + 1;
      if ((line > 0 || atLineStart) && kept.substring(line).chars().allMatch(PythonText::space)) {
        kept = kept.substring(0, line);
      }
    }
    lineStart = false;
    return kept;
  }

  private void tag(char kind) {
    int start = position + 2;
    if (kind == '#') {
      int end = template.indexOf("#}", start);
      if (end < 0) {
        throw refused(position, "a comment", "its end");
      }
      after(end > start ? template.charAt(end - 1) : ' ', '%', end + 2);
      return;
    }
    int end = end(start, kind == '{' ? "}}" : "%}");
    int from = start < end && "-+".indexOf(template.charAt(start)) >= 0 ? start + 1 : start;
    char modifier = end > from ? template.charAt(end - 1) : ' ';
    int to = "-+".indexOf(modifier) >= 0 ? end - 1 : end;
    var inner = template.substring(from, Math.max(from, to)).strip();
    if (kind == '{') {
      var expression = negations(inner);
      // In parentheses a dictionary is a tuple to Jinjava.
      plain.append(
          inner.startsWith("{")
              ? "{{ " + expression + " }}"
              : "{{ (" + expression + ")|printed }}");
      after(modifier, '+', end + 2);
    } else if (inner.equals("raw")) {
      raw(modifier, end + 2);
    } else {
      track(inner);
      plain.append("{% ").append(negations(inner)).append(" %}");
      after(modifier, '%', end + 2);
    }
  }

  /** What the end of a tag takes of the text behind it: all space, a line end, or nothing. */
  private void after(char modifier, char otherwise, int next) {
    trim = modifier == '-' || modifier == '+' ? modifier : otherwise;
    lineStart = false;
    position = next;
  }

  private void raw(char modifier, int next) {
    var end = END_RAW.matcher(template);
    if (!end.find(next)) {
      throw refused(position, "raw", "its end");
    }
    after(modifier, '+', next);
    plain.append("{% raw %}");
    var endModifier = end.group(1).isEmpty() ? ' ' : end.group(1).charAt(0);
    plain
        .append(text(template.substring(next, end.start()), '%', endModifier))
        .append("{% endraw %}");
    after(end.group(2).isEmpty() ? ' ' : end.group(2).charAt(0), '%', end.end());
  }

  /** Where {@code close} ends a tag: outside of texts and brackets. */
  private int end(int start, String close) {
    int depth = 0;
    for (int i = start; i < template.length(); i++) {
      char character = template.charAt(i);
      if (depth == 0 && template.startsWith(close, i)) {
        return i;
      }
      if (character == '\'' || character == '"') {
        i = endOfText(template, i);
      } else if ("([{".indexOf(character) >= 0) {
        depth++;
      } else if (")]}".indexOf(character) >= 0) {
        depth--;
      }
    }
    throw refused(position, "a tag", close);
  }

  /** Where the quoted text that begins at {@code start} ends. */
  private static int endOfText(String text, int start) {
    for (int i = start + 1; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == text.charAt(start)) {
        return i;
      }
    }
    return text.length();
  }

  private void track(String tag) {
    switch (wordAt(tag, 0)) {
      case "for" -> {
        if (operandEnd(tag, 0, Set.of("if", "recursive")) < tag.length()) {
          throw refused(position, tag, "a for without if and recursive");
        }
        open.push("for");
      }
      case "if" -> open.push("if");
      case "else" -> {
        if ("for".equals(open.peek())) {
          throw refused(position, "else of a for", "one of an if");
        }
      }
      case "endfor", "endif" -> open.poll();
      default -> {}
    }
  }

  /** {@code not a == b} as {@code not (a == b)}. */
  private static String negations(String expression) {
    var result = new StringBuilder();
    var before = "";
    int i = 0;
    while (i < expression.length()) {
      var word = wordAt(expression, i);
      if (word.isEmpty()) {
        char character = expression.charAt(i);
        int end =
            character == '\'' || character == '"'
                ? Math.min(expression.length(), endOfText(expression, i) + 1)
                : i + 1;
        result.append(expression, i, end);
        before = Character.isWhitespace(character) ? before : "";
        i = end;
        continue;
      }
      i += word.length();
      result.append(word);
      int operand = i;
      while (operand < expression.length() && Character.isWhitespace(expression.charAt(operand))) {
        operand++;
      }
      if (word.equals("not") && !before.equals("is") && !wordAt(expression, operand).equals("in")) {
        int end = operandEnd(expression, operand, AFTER_NOT);
        result.append(" (").append(negations(expression.substring(operand, end))).append(") ");
        i = end;
      }
      before = word;
    }
    return result.toString();
  }

  /** Where what begins at {@code start} meets one of {@code stops}, or the end of its brackets. */
  private static int operandEnd(String expression, int start, Set<String> stops) {
    int depth = 0;
    int i = start;
    while (i < expression.length()) {
      var word = wordAt(expression, i);
      if (!word.isEmpty()) {
        if (depth == 0 && stops.contains(word)) {
          return i;
        }
        i += word.length();
        continue;
      }
      char character = expression.charAt(i);
      if (character == '\'' || character == '"') {
        i = endOfText(expression, i);
      } else if ("([{".indexOf(character) >= 0) {
        depth++;
      } else if (")]}".indexOf(character) >= 0 && --depth < 0) {
        return i;
      } else if (depth == 0 && character == ',' && stops == AFTER_NOT) {
        return i;
      }
      i++;
    }
    return expression.length();
  }

  /** The name or number that begins at {@code start}; empty if none does. */
  private static String wordAt(String text, int start) {
    int end = start;
    while (end < text.length()
        && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
      end++;
    }
    return text.substring(start, end);
  }

  private ModelFormatException refused(int at, String found, String expected) {
    long line = template.substring(0, at).chars().filter(character -> character == '\n').count();
    return ModelFormatException.of(source, "chat_template: line " + (line + 1), found, expected);
  }
}
