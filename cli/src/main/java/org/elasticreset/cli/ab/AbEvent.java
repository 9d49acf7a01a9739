package org.elasticreset.cli.ab;

/**
 * A decision, which holds from the moment that it is on the topic: a stage that began, or the
 * verdict.
 *
 * @param event {@code stage} or {@code verdict}
 * @param stage that begins, or that the verdict fell in; from 0
 * @param share of B in it
 * @param units counted by then
 * @param verdict of the test in a word
 * @param because in a sentence
 * @param time in milliseconds since 1970
 */
public record AbEvent(
    String event, int stage, double share, long units, String verdict, String because, long time) {

  /** Whether it ends the experiment; no getter, or it would be in the JSON. */
  public boolean endsIt() {
    return event.equals("verdict");
  }
}
