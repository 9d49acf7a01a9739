package org.elasticreset.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.elasticreset.model.HeldOut;
import org.elasticreset.model.TrainingExamples;
import org.elasticreset.model.text.PromptTemplate;
import org.elasticreset.model.tokenizer.Tokenizer;

/** What {@code sft} learns from, as its options name it: texts, or responses to prompts. */
sealed interface SftData permits SftTexts, SftPairs {

  /** Files that are trained on. */
  List<Path> files();

  /** Files that are measured on, if they are others. */
  List<Path> heldOutFiles();

  /** What a sequence of the training is called. */
  String unit();

  /** The form of the prompts. */
  Optional<PromptTemplate> template();

  /**
   * Reads the files.
   *
   * @throws IllegalArgumentException or ModelFormatException naming the option or file to change
   */
  Read read(long seed);

  /** What was read, before it is tokens. */
  interface Read {
    /** Said on the terminal. */
    String summary();

    /** What a new vocabulary is learned from. */
    Stream<String> vocabulary();

    Tokens tokens(Tokenizer tokenizer, int endOfText, int context);
  }

  /** The same as tokens; {@code note} says what did not fit, or nothing. */
  record Tokens(TrainingExamples training, HeldOut heldOut, String note) {}
}
