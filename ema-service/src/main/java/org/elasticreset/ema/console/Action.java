package org.elasticreset.ema.console;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a person may do about the run, each as a method of the contract. */
public enum Action {
  PAUSE("Pause"),
  RESUME("Resume"),
  REQUEST_RESET("RequestReset"),
  APPROVE("DecideReset"),
  REFUSE("DecideReset");

  private final String method;

  Action(String method) {
    this.method = method;
  }

  /** The method of the contract that does it. */
  public String method() {
    return method;
  }

  /** As a request says it: {@code request-reset}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The action of a word.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Action of(String word) {
    return Arrays.stream(values())
        .filter(action -> action.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "action: %s (expected: %s)"
                        .formatted(
                            word,
                            Arrays.stream(values())
                                .map(Action::word)
                                .collect(Collectors.joining(", ")))));
  }
}
