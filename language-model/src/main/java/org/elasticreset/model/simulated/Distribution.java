package org.elasticreset.model.simulated;

import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How durations, or numbers of tokens, are distributed. In words {@code 500ms}, {@code
 * exponential:500ms} or {@code lognormal:500ms,0.5}: the first figure is the mean, the second one
 * the standard deviation of the logarithm.
 *
 * @param mean in seconds, or a count; at least 0
 * @param sigma of a log-normal distribution; else 0
 */
public record Distribution(Shape shape, double mean, double sigma) {

  /** Always 0. */
  public static final Distribution NONE = new Distribution(Shape.FIXED, 0, 0);

  private static final Map<String, Double> SECONDS =
      Map.of("us", 1e-6, "ms", 1e-3, "s", 1.0, "m", 60.0);
  private static final String DURATIONS =
      "a duration such as 500ms, or exponential:500ms, or lognormal:500ms,0.5";
  private static final String COUNTS =
      "a number such as 40, or exponential:40, or lognormal:40,0.5";
  private static final Pattern WORDS =
      Pattern.compile(
          "(?:(fixed|exponential|lognormal):)?(\\d+(?:\\.\\d+)?)(us|ms|s|m)?(?:,(\\d+(?:\\.\\d+)?))?");

  /** The shape around the mean. */
  public enum Shape {
    FIXED,
    EXPONENTIAL,
    LOGNORMAL
  }

  /**
   * Reads durations.
   *
   * @param key of the setting, for messages
   * @return in seconds
   * @throws IllegalArgumentException naming key, value and what was expected
   */
  public static Distribution ofDurations(String key, String text) {
    return read(key, text, true);
  }

  /** As {@link #ofDurations}, of plain numbers. */
  public static Distribution ofCounts(String key, String text) {
    return read(key, text, false);
  }

  private static Distribution read(String key, String text, boolean durations) {
    Matcher words = WORDS.matcher(text.strip());
    if (words.matches() && (words.group(3) != null) == durations) {
      String name = words.group(1);
      Shape shape = name == null ? Shape.FIXED : Shape.valueOf(name.toUpperCase(Locale.ROOT));
      if ((words.group(4) != null) == (shape == Shape.LOGNORMAL)) {
        double unit = durations ? SECONDS.getOrDefault(words.group(3), 1.0) : 1;
        return new Distribution(
            shape,
            Double.parseDouble(words.group(2)) * unit,
            shape == Shape.LOGNORMAL ? Double.parseDouble(words.group(4)) : 0);
      }
    }
    throw new IllegalArgumentException(
        "%s: %s (expected: %s)".formatted(key, text, durations ? DURATIONS : COUNTS));
  }

  /** The next value, at least 0. */
  public double draw(RandomGenerator random) {
    return switch (shape) {
      case FIXED -> mean;
      case EXPONENTIAL -> mean * random.nextExponential();
      case LOGNORMAL -> mean * Math.exp(sigma * random.nextGaussian() - sigma * sigma / 2);
    };
  }
}
