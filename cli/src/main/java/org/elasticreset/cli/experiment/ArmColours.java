package org.elasticreset.cli.experiment;

import java.awt.Color;
import java.util.List;

/**
 * One colour an arm, in the order of the experiment, told apart by most who see colours otherwise,
 * too; markers and labels tell the rest. The page's style sheet has the same, and lighter ones for
 * dark screens.
 */
final class ArmColours {
  static final int COUNT = 10;

  private static final List<String> HEX =
      List.of(
          "#475569", "#0f766e", "#b45309", "#4f46a5", "#be185d", "#0369a1", "#4d7c0f", "#7c2d12",
          "#7e22ce", "#a16207");

  private ArmColours() {}

  static Color of(int arm) {
    return Color.decode(HEX.get(arm % COUNT));
  }
}
