package org.elasticreset.cli;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The values that a setting may take, in the words of the error message: {@code 0 < decay < 1},
 * {@code steps >= 1}. On a text or a path: what it should be.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Expected {
  String value();
}
