package org.elasticreset.reward.raters.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What somebody is told whose call is refused.
 *
 * @param error what is wrong, and what was expected
 * @param field of the body that it is about, if it is about one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Refusal(String error, @Nullable String field) {

  static Refusal of(String error) {
    return new Refusal(error, null);
  }

  /** Of a message that begins with the name of a field. */
  static Refusal ofField(String error) {
    int end = error.indexOf(':');
    return new Refusal(error, end > 0 ? error.substring(0, end) : null);
  }
}
