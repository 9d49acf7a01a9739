package org.elasticreset.model;

/** A text and what it is an example of. */
public record LabelledText(String text, String label) {}
