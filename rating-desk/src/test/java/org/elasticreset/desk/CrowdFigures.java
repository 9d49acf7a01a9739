package org.elasticreset.desk;

import java.util.List;
import java.util.Locale;

/**
 * What a crowd came to.
 *
 * @param seconds from the first question to the last change
 * @param ratings sent, repeated ones included
 * @param repeated of these, those that had been said already
 * @param mostOpen requests at a time
 * @param mutedHonest raters who did not deserve it
 * @param lost requests without a score, or still open
 * @param wrong requests whose score is not what was said in the end
 * @param sentTwice scores that came twice in the same revision
 * @param knownRepeated ratings that were taken for what they are
 * @param rightShare of the requests, that were decided as is right
 * @param scores on {@code scored-rollouts}, two rollouts a case and once more when a case changed
 */
record CrowdFigures(
    CrowdSize size,
    double seconds,
    long ratings,
    long repeated,
    int mostOpen,
    long mutedAdversaries,
    long adversaries,
    long mutedClickers,
    long clickers,
    long mutedHonest,
    long lost,
    List<String> wrong,
    long sentTwice,
    long knownRepeated,
    double rightShare,
    long scores) {

  /** Whatever was counted twice, or not as it was said. */
  long countedTwice() {
    return wrong.size() + sentTwice + Math.abs(knownRepeated - repeated);
  }

  /** A table in Markdown. */
  String table(String memory) {
    StringBuilder table = new StringBuilder("| | |\n|---|---|\n");
    row(table, "raters", size.raters());
    row(table, "requests, each of " + size.overlap() + " raters", size.cases());
    row(table, "most open at once", mostOpen);
    row(table, "ratings", ratings + ", " + repeated + " of them repeated");
    row(table, "time", String.format(Locale.ROOT, "%.1f s", seconds));
    row(table, "cases a second", String.format(Locale.ROOT, "%.0f", size.cases() / seconds));
    row(table, "ratings a second", String.format(Locale.ROOT, "%.0f", ratings / seconds));
    row(table, "memory of the desk's process", memory);
    row(table, "adversaries muted", mutedAdversaries + " of " + adversaries);
    row(table, "raters who click at random muted", mutedClickers + " of " + clickers);
    row(table, "honest raters muted", mutedHonest);
    row(table, "scores sent on", scores + " of " + 2 * size.cases() + " rollouts");
    row(table, "requests decided as is right", Math.round(1000 * rightShare) / 10.0 + " %");
    row(table, "requests lost", lost);
    row(table, "counted twice", countedTwice());
    return table.toString();
  }

  private static void row(StringBuilder table, String name, Object figure) {
    table.append("| ").append(name).append(" | ").append(figure).append(" |\n");
  }
}
