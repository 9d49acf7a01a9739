package org.elasticreset.model.tokenizer;

import java.nio.charset.StandardCharsets;

/**
 * GPT-2's printable stand-ins for the 256 bytes: a byte that is a visible Latin-1 character stands
 * for itself, the others are U+0100 and following. Numbered in the order of those characters.
 */
final class ByteAlphabet {

  static final int SIZE = 256;

  private static final String[] SYMBOLS = new String[SIZE];
  private static final int[] NUMBER_OF_BYTE = new int[SIZE];

  static {
    int visible = 0;
    for (int value = 0; value < SIZE; value++) {
      if (isVisible(value)) {
        NUMBER_OF_BYTE[value] = visible;
        SYMBOLS[visible++] = String.valueOf((char) value);
      }
    }
    int hidden = 0;
    for (int value = 0; value < SIZE; value++) {
      if (!isVisible(value)) {
        NUMBER_OF_BYTE[value] = visible + hidden;
        SYMBOLS[visible + hidden] = String.valueOf((char) (SIZE + hidden));
        hidden++;
      }
    }
  }

  private ByteAlphabet() {}

  private static boolean isVisible(int value) {
    return value >= '!' && value <= '~' || value >= 0xa1 && value != 0xad;
  }

  /** The character that number {@code i} of the alphabet is written as. */
  static String symbol(int i) {
    return SYMBOLS[i];
  }

  /** The numbers of the UTF-8 bytes of {@code text}. */
  static int[] numbers(String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    var numbers = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      numbers[i] = NUMBER_OF_BYTE[bytes[i] & 0xff];
    }
    return numbers;
  }
}
