package org.elasticreset.rating.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class SharedSecretTest {

  private static final String OLD = "Kc2v0T7mQyP4sJx9bWnE1dLr";
  private static final String NEW = "Zr8uHq3oVf6tXg5kMj2yBaNw";

  @Test
  void eitherSecretIsTakenWhileItIsChanged() {
    var secret = new SharedSecret(List.of(OLD, NEW));
    assertThat(secret.isIn(OLD)).isTrue();
    assertThat(secret.isIn(NEW)).isTrue();
    assertThat(new SharedSecret(List.of(NEW)).isIn(OLD)).isFalse();
  }

  @Test
  void nothingElseIsTaken() {
    var secret = new SharedSecret(List.of(OLD));
    assertThat(secret.isIn(null)).isFalse();
    assertThat(secret.isIn("")).isFalse();
    assertThat(secret.isIn(OLD + " ")).isFalse();
    assertThat(secret.isIn(OLD.substring(1))).isFalse();
    assertThat(secret.isIn(OLD.toLowerCase(Locale.ROOT))).isFalse();
  }

  @Test
  void aSecretThatCanBeGuessedIsRefused() {
    assertThatThrownBy(() -> new SharedSecret(List.of("hush")))
        .hasMessage("secret: 4 characters (expected: at least 24, drawn at random)");
    assertThatThrownBy(() -> new SharedSecret(List.of()))
        .hasMessage("secrets: none (expected: at least one)");
  }
}
