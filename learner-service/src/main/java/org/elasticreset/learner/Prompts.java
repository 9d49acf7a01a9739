package org.elasticreset.learner;

import java.util.ArrayList;
import java.util.List;
import org.elasticreset.model.text.PromptText;

/**
 * The prompts of each training step: drawn without replacement, in an order that is shuffled anew
 * for every pass over the texts. A step's prompts depend on the seed and the step alone.
 */
final class Prompts {

  private final List<PromptText> texts;
  private final int perStep;
  private final Seeds seeds;
  private long shuffledPass = -1;
  private int[] order = {};

  Prompts(List<PromptText> texts, int perStep, Seeds seeds) {
    this.texts = List.copyOf(texts);
    this.perStep = perStep;
    this.seeds = seeds;
  }

  /** The prompts of a training step, counted from 1. */
  List<PromptText> ofStep(long step) {
    List<PromptText> drawn = new ArrayList<>(perStep);
    for (long draw = (step - 1) * perStep; draw < step * perStep; draw++) {
      drawn.add(texts.get(orderOfPass(draw / texts.size())[(int) (draw % texts.size())]));
    }
    return drawn;
  }

  private int[] orderOfPass(long pass) {
    if (pass != shuffledPass) {
      order = seeds.permutation("prompts-" + pass, texts.size());
      shuffledPass = pass;
    }
    return order;
  }
}
