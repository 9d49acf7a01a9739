package org.elasticreset.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.model.tokenizer.TokenizerStages;

/**
 * The tokenizer file of llama2.c: int32 length of the longest piece, then of each token a float32
 * score, an int32 length and its UTF-8 bytes, all little-endian. Token 0 stands for the unknown, 1
 * and 2 begin and end a text, the next 256 are the bytes.
 *
 * <p>llama2.c puts a space before a text, takes its characters, or the bytes of those that are no
 * piece, and merges the adjacent pair whose concatenation has the best score, the leftmost of
 * equals, until none is a piece. As Hugging Face's BPE that is a list of merges by falling score:
 * every way to cut a piece into two pieces. Two ways to cut the same piece have one score in
 * llama2.c and two ranks here, which can differ only where a piece overlaps itself.
 *
 * @param pieces of the vocabulary by id, with spaces as llama2.c writes them
 */
record Llama2cVocabulary(Path path, List<String> pieces, float[] scores) {

  static final int BEGIN = 1;
  static final int END = 2;

  private static final int FIRST_BYTE = 3;
  private static final int BYTES = 256;
  private static final int MAX_PIECE = 256;
  private static final List<String> CONTROL = List.of("<unk>", "<s>", "</s>");

  /** Reads {@code size} tokens from the whole of {@code bytes}, little-endian. */
  static Llama2cVocabulary read(Path path, ByteBuffer bytes, int size) {
    if (size < FIRST_BYTE + BYTES) {
      throw ModelFormatException.of(
          path, "vocab_size", size, "at least " + (FIRST_BYTE + BYTES) + ": controls and bytes");
    }
    var pieces = new ArrayList<String>();
    var ids = new HashMap<String, Integer>();
    var scores = new float[size];
    try {
      bytes.getInt();
      for (int id = 0; id < size; id++) {
        scores[id] = bytes.getFloat();
        var piece = piece(path, id, bytes);
        if (!Float.isFinite(scores[id])) {
          throw ModelFormatException.of(path, "score of token " + id, scores[id], "a number");
        }
        if (ids.putIfAbsent(piece, id) != null) {
          throw ModelFormatException.of(path, "token " + id, piece, "a piece of its own");
        }
        pieces.add(piece);
      }
    } catch (BufferUnderflowException e) {
      throw new ModelFormatException(
          path, "ends in token " + pieces.size() + " (expected: " + size + " tokens)", e);
    }
    if (bytes.hasRemaining()) {
      throw new ModelFormatException(
          path, bytes.remaining() + " bytes after token " + (size - 1) + " (expected: none)");
    }
    return new Llama2cVocabulary(path, List.copyOf(pieces), scores);
  }

  private static String piece(Path path, int id, ByteBuffer bytes) {
    int length = bytes.getInt();
    if (length < 1 || length > MAX_PIECE) {
      throw ModelFormatException.of(
          path, "length of token " + id, length, "1 to " + MAX_PIECE + " bytes");
    }
    if (length > bytes.remaining()) {
      throw new BufferUnderflowException();
    }
    var text = bytes.slice(bytes.position(), length);
    bytes.position(bytes.position() + length);
    String piece;
    try {
      piece = StandardCharsets.UTF_8.newDecoder().decode(text).toString();
    } catch (CharacterCodingException e) {
      throw new ModelFormatException(path, "token " + id + " is not UTF-8", e);
    }
    var expected =
        id < FIRST_BYTE
            ? CONTROL.get(id)
            : id < FIRST_BYTE + BYTES ? "<0x%02X>".formatted(id - FIRST_BYTE) : piece;
    // Its exporter writes the controls with a line of their own.
    if (!piece.strip().equals(expected.strip())) {
      throw ModelFormatException.of(path, "token " + id, piece, expected);
    }
    return id < FIRST_BYTE ? expected : piece.replace(' ', TokenizerStages.META_SPACE.charAt(0));
  }

  /** {@code tokenizer.json}. */
  ObjectNode definition() {
    var root = JsonFile.MAPPER.createObjectNode();
    root.put("version", "1.0");
    root.putNull("truncation");
    root.putNull("padding");
    var added = root.putArray("added_tokens");
    for (int id = 0; id < FIRST_BYTE; id++) {
      added
          .addObject()
          .put("id", id)
          .put("content", CONTROL.get(id))
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false)
          .put("special", true);
    }
    var normalizers = root.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
    normalizers.addObject().put("type", "Prepend").put("prepend", TokenizerStages.META_SPACE);
    replace(normalizers.addObject(), " ", TokenizerStages.META_SPACE);
    root.putNull("pre_tokenizer");
    var processor = root.putObject("post_processor").put("type", "TemplateProcessing");
    for (var template : List.of("single", "pair")) {
      var list = processor.putArray(template);
      for (var text : template.equals("single") ? List.of("A") : List.of("A", "B")) {
        int type = text.equals("A") ? 0 : 1;
        list.addObject()
            .putObject("SpecialToken")
            .put("id", CONTROL.get(BEGIN))
            .put("type_id", type);
        list.addObject().putObject("Sequence").put("id", text).put("type_id", type);
      }
    }
    var begin = processor.putObject("special_tokens").putObject(CONTROL.get(BEGIN));
    begin.put("id", CONTROL.get(BEGIN));
    begin.putArray("ids").add(BEGIN);
    begin.putArray("tokens").add(CONTROL.get(BEGIN));
    var decoders = root.putObject("decoder").put("type", "Sequence").putArray("decoders");
    replace(decoders.addObject(), TokenizerStages.META_SPACE, " ");
    decoders.addObject().put("type", "ByteFallback");
    decoders.addObject().put("type", "Fuse");
    decoders.addObject().put("type", "Strip").put("content", " ").put("start", 1).put("stop", 0);
    model(root.putObject("model"));
    return root;
  }

  private static void replace(ObjectNode stage, String from, String to) {
    stage.put("type", "Replace");
    stage.putObject("pattern").put("String", from);
    stage.put("content", to);
  }

  private void model(ObjectNode model) {
    model.put("type", "BPE");
    model.putNull("dropout");
    model.put("unk_token", CONTROL.get(0));
    model.putNull("continuing_subword_prefix");
    model.putNull("end_of_word_suffix");
    model.put("fuse_unk", true);
    model.put("byte_fallback", true);
    model.put("ignore_merges", false);
    var vocabulary = model.putObject("vocab");
    var ids = new HashMap<String, Integer>();
    for (int id = 0; id < pieces.size(); id++) {
      vocabulary.put(pieces.get(id), id);
      ids.put(pieces.get(id), id);
    }
    var merges = model.putArray("merges");
    for (var merge : merges(ids)) {
      merges.addArray().add(merge.left()).add(merge.right());
    }
  }

  private record Merge(float score, int product, String left, String right) {}

  /** Every way to cut a piece into two, the best scores first. */
  private List<Merge> merges(Map<String, Integer> ids) {
    var merges = new ArrayList<Merge>();
    for (int id = FIRST_BYTE + BYTES; id < pieces.size(); id++) {
      var piece = pieces.get(id);
      for (int cut = piece.offsetByCodePoints(0, 1);
          cut < piece.length();
          cut = piece.offsetByCodePoints(cut, 1)) {
        var left = piece.substring(0, cut);
        var right = piece.substring(cut);
        if (ids.containsKey(left) && ids.containsKey(right)) {
          merges.add(new Merge(scores[id], id, left, right));
        }
      }
    }
    merges.sort(
        Comparator.<Merge>comparingDouble(merge -> -merge.score).thenComparingInt(Merge::product));
    return merges;
  }
}
