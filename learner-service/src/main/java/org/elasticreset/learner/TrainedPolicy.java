package org.elasticreset.learner;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.elasticreset.model.LanguageModelStatistics;
import org.elasticreset.model.PpoSample;
import org.elasticreset.model.PpoStatistics;
import org.elasticreset.model.TokenEvaluation;
import org.elasticreset.model.TokenSequence;

/**
 * The policy that a run trains, with its value head, its optimizer and its frozen copy θ₀: all that
 * {@link TrainingLoop} needs of the tensor engine. Used by one thread.
 */
interface TrainedPolicy extends AutoCloseable {

  /** Tokens that the policy knows: 0 to this, exclusive. */
  int vocabularySize();

  /** Tokens of its longest sequence. */
  int positions();

  /** Tokens that end a text; may be empty. */
  List<Integer> endTokens();

  /** A text that was read and what is to be said behind it, as {@code learner.sender} has them. */
  TokenSequence pair(String read, String expected);

  /** The weights that are trained, without the value head: those of the policy or its adapters. */
  TrainedWeights weights();

  /** What the run began with, θ₀, in words that differ where anything of it does. */
  String initialPolicy();

  /** Log-probability, value and entropy at each response token under the policy as it is now. */
  List<TokenEvaluation> evaluate(List<TokenSequence> sequences);

  /** Log-probability of each response token under the initial policy. */
  List<float[]> referenceLogProbs(List<TokenSequence> sequences);

  /**
   * One optimizer step.
   *
   * @param klCoefficient of the divergence from the initial policy in the loss
   */
  PpoStatistics ppoStep(List<PpoSample> minibatch, double klCoefficient, double learningRate);

  /** A human text as the policy reads one: with the tokens that begin and end it. */
  int[] tokens(String text);

  /**
   * Adds the gradient of coefficient times the mean cross-entropy of these texts to that of the
   * next optimizer step.
   *
   * @return the cross-entropy in nats a token, without the coefficient
   */
  double rehearse(List<int[]> texts, double coefficient);

  /**
   * Adds the gradient of coefficient · ‖θ − θ₀‖² to that of the next optimizer step.
   *
   * @return ‖θ − θ₀‖ over {@link #weights()}
   */
  double pullToInitial(double coefficient);

  /** The policy as it is now is the student of iterated learning, and part of the state as such. */
  void becomeStudent();

  /** Puts the student in the place of the policy, with an optimizer of its own. */
  Imitation beginAsStudent(long seed);

  /** The policy as it is now masks the action space (NLPO), and is part of the state as such. */
  void becomeMask();

  /** As {@link #evaluate}, of what the mask leaves of the policy. */
  List<TokenEvaluation> evaluateMasked(List<TokenSequence> sequences);

  /** Perplexity of the policy on the human text; empty if none was given. */
  OptionalDouble humanTextPerplexity();

  /** Forgets the optimizer's moments. */
  void clearOptimizer();

  /** Starts the value head again. */
  void clearValueHead();

  /** Name of a weight that is not finite, if there is one. */
  Optional<String> firstNotFinite();

  /** Writes policy, value head and optimizer into a directory, to go on from. */
  void saveState(Path directory);

  /** Goes on from what {@link #saveState} wrote. */
  void restoreState(Path directory);

  /** Keeps a copy of policy, value head and optimizer in memory, in the place of the one before. */
  void remember();

  /** Goes back to that copy. */
  void recall();

  /**
   * Writes the policy as a Hugging Face directory, or its adapters as PEFT does; on the disk when
   * this returns, for whoever hears of the end of the run deletes its checkpoints.
   */
  void save(Path directory);

  @Override
  void close();

  /** The policy learns to say what another one said. */
  interface Imitation extends AutoCloseable {

    /** One optimizer step on the mean cross-entropy of the response tokens. */
    LanguageModelStatistics step(List<TokenSequence> minibatch, double learningRate);

    /** Forgets the optimizer. */
    @Override
    void close();
  }
}
