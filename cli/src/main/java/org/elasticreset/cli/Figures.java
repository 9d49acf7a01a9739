package org.elasticreset.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** Figures of a run as a person reads them. */
public final class Figures {
  private Figures() {}

  /** A field with so many decimals; a dash where it is missing. */
  static String of(JsonNode line, String field, int decimals) {
    return line.path(field).isNumber() ? of(line.get(field).doubleValue(), decimals) : "–";
  }

  /** A drift of nearly nothing, estimated a little below it, is shown as nothing. */
  public static String of(double value, int decimals) {
    String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
    return text.matches("-0(\\.0+)?") ? text.substring(1) : text;
  }

  /** With one decimal, or two where it is tiny. */
  public static String percent(double share) {
    return of(100 * share, share < 0.01 ? 2 : 1) + " %";
  }

  /** A difference with its sign. */
  static String change(JsonNode before, JsonNode after, String field, int decimals) {
    if (!before.path(field).isNumber() || !after.path(field).isNumber()) {
      return "";
    }
    double change = after.get(field).doubleValue() - before.get(field).doubleValue();
    return String.format(Locale.ROOT, "%+." + decimals + "f", change).replace('-', '−');
  }

  /** A cell of a table: whole numbers as they are, others with at most six significant digits. */
  static String cell(JsonNode value) {
    if (value.isFloatingPointNumber()) {
      double number = value.doubleValue();
      boolean plain = number == 0 || (Math.abs(number) >= 0.001 && Math.abs(number) < 1e6);
      return String.format(Locale.ROOT, plain ? "%.4f" : "%.3e", number);
    }
    return value.isMissingNode() || value.isNull() ? "–" : value.asText();
  }
}
