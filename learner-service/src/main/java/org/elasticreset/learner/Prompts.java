package org.elasticreset.learner;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.elasticreset.model.text.PromptText;

/**
 * The prompts of each training step: drawn without replacement, in an order that is shuffled anew
 * for every pass over the texts. A step's prompts depend on the seed and the step alone. Those that
 * are answered several times stand several times, one behind the other.
 */
final class Prompts {

  private final List<PromptText> texts;
  private final int perStep;
  private final int samplesPerPrompt;
  private final Seeds seeds;
  private long shuffledPass = -1;
  private int[] order = {};

  /**
   * Of a run.
   *
   * @param rolloutsPerStep prompts of a step, each as often as it is answered
   * @param samplesPerPrompt how often that is; divides them
   */
  Prompts(List<PromptText> texts, int rolloutsPerStep, int samplesPerPrompt, Seeds seeds) {
    this.texts = List.copyOf(texts);
    this.perStep = rolloutsPerStep / samplesPerPrompt;
    this.samplesPerPrompt = samplesPerPrompt;
    this.seeds = seeds;
  }

  /** The prompts of a training step, counted from 1. */
  List<PromptText> ofStep(long step) {
    List<PromptText> drawn = new ArrayList<>(perStep * samplesPerPrompt);
    for (long draw = (step - 1) * perStep; draw < step * perStep; draw++) {
      PromptText text = texts.get(orderOfPass(draw / texts.size())[(int) (draw % texts.size())]);
      drawn.addAll(Collections.nCopies(samplesPerPrompt, text));
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
