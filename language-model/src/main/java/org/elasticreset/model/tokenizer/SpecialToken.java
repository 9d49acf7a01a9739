package org.elasticreset.model.tokenizer;

import java.util.Locale;

/** What a tokenizer's configuration gives a token for, e.g. {@code "eos_token": "</s>"}. */
public enum SpecialToken {
  /** Begins a text. */
  BOS,
  /** Ends a text. */
  EOS,
  /** Fills a batch. */
  PAD,
  /** Stands for what the vocabulary lacks. */
  UNK,
  /** Stands for the whole text in a classifier. */
  CLS,
  /** Ends a part of a text. */
  SEP,
  /** Hides a token. */
  MASK;

  /** The key in {@code tokenizer_config.json} and {@code special_tokens_map.json}. */
  String key() {
    return name().toLowerCase(Locale.ROOT) + "_token";
  }
}
