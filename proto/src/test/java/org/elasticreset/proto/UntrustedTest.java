package org.elasticreset.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class UntrustedTest {

  @Test
  void readableTextStaysAsItIs() {
    assertThat(Untrusted.shown("train-12-0/3: \"Überraschung\" 日本 🎬"))
        .isEqualTo("train-12-0/3: \"Überraschung\" 日本 🎬");
  }

  @Test
  void noTextForgesALineOrMovesTheCursor() {
    assertThat(Untrusted.shown("x\nINFO run ended\r\u001b[2J\u202eevil\u2028\ud800"))
        .isEqualTo("x\\u000aINFO run ended\\u000d\\u001b[2J\\u202eevil\\u2028\\ud800");
  }

  @Test
  void textForATerminalKeepsItsLinesAndNothingElseThatMovesTheCursor() {
    assertThat(Untrusted.printable("a\tb\nc\r\u001b]52;c;aGk=\u0007" + "x".repeat(1000)))
        .isEqualTo("a\tb\nc\\u000d\\u001b]52;c;aGk=\\u0007" + "x".repeat(1000));
  }

  @Test
  void longTextIsCut() {
    assertThat(Untrusted.shown("x".repeat(1 << 20))).isEqualTo("x".repeat(500) + "…");
  }

  @Test
  void idThatIsRefusedIsShownHarmlessly() {
    assertThatThrownBy(() -> RolloutIds.index("train\n"))
        .hasMessage("rollout id: 'train\\u000a' (expected: <batch id>/<index>, like train-12-0/3)");
  }
}
