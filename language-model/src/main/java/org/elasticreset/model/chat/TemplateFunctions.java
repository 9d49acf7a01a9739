package org.elasticreset.model.chat;

import com.hubspot.jinjava.interpret.InterpretException;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** The functions that transformers gives to chat templates. */
final class TemplateFunctions {

  /** Under this name a rendering's clock lies among its variables; no template can say it. */
  static final String CLOCK = "the clock";

  /** A template refuses its messages. */
  static final class RaisedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RaisedException(String message) {
      super(message);
    }
  }

  private static final int MAX_RANGE = 1000;

  private TemplateFunctions() {}

  /** {@code range(stop)}, {@code range(start, stop)}; Jinjava's own is silently cut short. */
  static List<Long> range(Object first, Object... others) {
    var numbers = new ArrayList<Long>();
    for (var number : Stream.concat(Stream.of(first), Arrays.stream(others)).toList()) {
      if (!(number instanceof Number it)) {
        throw new InterpretException("range: " + number + " (expected: a number)");
      }
      numbers.add(it.longValue());
    }
    long start = numbers.size() == 1 ? 0 : numbers.get(0);
    long stop = numbers.get(numbers.size() == 1 ? 0 : 1);
    if (numbers.size() > 2 || stop - start > MAX_RANGE) {
      throw new InterpretException(
          "range" + numbers + " (expected: one or two numbers, at most " + MAX_RANGE + " apart)");
    }
    return LongStream.range(start, Math.max(start, stop)).boxed().toList();
  }

  /** {@code raise_exception('...')}. */
  static String raiseException(String message) {
    throw new RaisedException(message);
  }

  /** {@code strftime_now('%d %b %Y')}: Python's codes of days, months and times, in English. */
  static String strftimeNow(String format) {
    var clock = (Clock) JinjavaInterpreter.getCurrent().getContext().get(CLOCK);
    var now = ZonedDateTime.now(clock);
    var text = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char character = format.charAt(i);
      if (character != '%' || ++i == format.length()) {
        text.append(character);
        continue;
      }
      var pattern =
          switch (format.charAt(i)) {
            case 'd' -> "dd";
            case 'm' -> "MM";
            case 'b' -> "MMM";
            case 'B' -> "MMMM";
            case 'y' -> "yy";
            case 'Y' -> "yyyy";
            case 'a' -> "EEE";
            case 'A' -> "EEEE";
            case 'H' -> "HH";
            case 'I' -> "hh";
            case 'M' -> "mm";
            case 'S' -> "ss";
            case 'p' -> "a";
            case 'j' -> "DDD";
            default ->
                throw new IllegalArgumentException(
                    "strftime_now: %" + format.charAt(i) + " (expected: one of dmbByYaAHIMSpj)");
          };
      text.append(DateTimeFormatter.ofPattern(pattern, Locale.US).format(now));
    }
    return text.toString();
  }
}
