package org.elasticreset.model.text;

/** A text and what it is an example of. */
public record LabelledText(String text, String label) {}
