package org.elasticreset.model.text;

/**
 * A text and what it is an example of.
 *
 * @param label of at most 100 characters: where column names are mixed up, texts turn up as labels
 */
public record LabelledText(String text, String label) {
  private static final int LONGEST_LABEL = 100;
  private static final int QUOTED = 40;

  public LabelledText {
    if (label.length() > LONGEST_LABEL) {
      throw new IllegalArgumentException(
          "label: %s… of %,d characters (expected: at most %d; is it the column of the text?)"
              .formatted(label.substring(0, QUOTED), label.length(), LONGEST_LABEL));
    }
  }
}
