package org.elasticreset.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A tiny model in the format of llama2.c, and what llama2.c would make of a text. */
final class Llama2cFiles {

  static final int WIDTH = 8;
  static final int INNER_WIDTH = 12;
  static final int LAYERS = 2;
  static final int HEADS = 2;
  static final int KEY_VALUE_HEADS = 1;
  static final int POSITIONS = 16;

  /** Learned pieces, the best score first; characters come after them, as SentencePiece has it. */
  private static final List<String> LEARNED =
      List.of(" t", "he", " a", "in", " the", "ing", "aa", "é ", " ☃", "aab", "aaaa", "  ");

  private static final String CHARACTERS = " taheinglmbé☃,\n";

  private Llama2cFiles() {}

  static List<String> pieces() {
    var pieces = new ArrayList<>(List.of("<unk>", "\n<s>\n", "\n</s>\n"));
    for (int value = 0; value < 256; value++) {
      pieces.add("<0x%02X>".formatted(value));
    }
    pieces.addAll(LEARNED);
    CHARACTERS.codePoints().mapToObj(Character::toString).forEach(pieces::add);
    return pieces;
  }

  /** Zero for controls and bytes, then one less for each. */
  static float score(int id) {
    return id < 259 ? 0 : 259 - id;
  }

  static void writeTokenizer(Path file) throws IOException {
    var out = new ByteArrayOutputStream();
    out.write(little(4).putInt(7).array());
    var pieces = pieces();
    for (int id = 0; id < pieces.size(); id++) {
      var text = pieces.get(id).getBytes(StandardCharsets.UTF_8);
      out.write(little(8).putFloat(score(id)).putInt(text.length).array());
      out.write(text);
    }
    Files.write(file, out.toByteArray());
  }

  /** Random weights; the values in the file's order. */
  static float[] writeModel(Path file, boolean tied) throws IOException {
    int vocabulary = pieces().size();
    int headSize = WIDTH / HEADS;
    int keys = KEY_VALUE_HEADS * headSize;
    int layer = 2 * WIDTH + 2 * WIDTH * WIDTH + 2 * keys * WIDTH + 3 * WIDTH * INNER_WIDTH;
    int count = vocabulary * WIDTH * (tied ? 1 : 2) + LAYERS * layer + WIDTH + POSITIONS * headSize;
    var random = new SplittableRandom(7);
    var values = new float[count];
    var bytes = little(7 * Integer.BYTES + count * Float.BYTES);
    bytes.putInt(WIDTH).putInt(INNER_WIDTH).putInt(LAYERS).putInt(HEADS).putInt(KEY_VALUE_HEADS);
    bytes.putInt(tied ? vocabulary : -vocabulary).putInt(POSITIONS);
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextDouble() - 0.5);
      bytes.putFloat(values[i]);
    }
    Files.write(file, bytes.array());
    return values;
  }

  /** llama2.c's way: merge the best pair, the leftmost of equals, until none is a piece. */
  static List<Integer> encode(String text) {
    var pieces = pieces();
    var tokens = new ArrayList<Integer>();
    if (!text.isEmpty()) {
      tokens.add(pieces.indexOf(" "));
    }
    text.codePoints()
        .mapToObj(Character::toString)
        .forEach(
            character -> {
              if (pieces.contains(character)) {
                tokens.add(pieces.indexOf(character));
              } else {
                for (byte value : character.getBytes(StandardCharsets.UTF_8)) {
                  tokens.add((value & 0xff) + 3);
                }
              }
            });
    while (true) {
      int best = -1;
      int merged = -1;
      for (int i = 0; i + 1 < tokens.size(); i++) {
        int id = pieces.indexOf(pieces.get(tokens.get(i)) + pieces.get(tokens.get(i + 1)));
        if (id >= 0 && (best < 0 || score(id) > score(merged))) {
          best = i;
          merged = id;
        }
      }
      if (best < 0) {
        return tokens;
      }
      tokens.set(best, merged);
      tokens.remove(best + 1);
    }
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
