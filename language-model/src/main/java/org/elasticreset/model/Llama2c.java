package org.elasticreset.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.model.files.ModelWeights;
import org.elasticreset.model.files.SafeTensors;
import org.elasticreset.model.tokenizer.Tokenizer;
import org.elasticreset.model.tokenizer.TokenizerFiles;

/**
 * Turns a model of llama2.c (its first export format) into a Hugging Face directory of a Llama.
 *
 * <p>The file is a header of seven int32 (width, inner width, layers, heads, key-value heads,
 * vocabulary, positions; a negative vocabulary has a head of its own) and float32 values, one kind
 * of weights after another, each for all layers. llama2.c turns adjacent values of a head by the
 * rotary angles, transformers the two halves, so rows of queries and keys change places.
 *
 * @see <a href="https://github.com/karpathy/llama2.c">llama2.c</a>
 */
public final class Llama2c {

  private static final int HEADER = 7;
  private static final double EPSILON = 1e-5;
  private static final double ROTARY_BASE = 10_000;

  private final Path path;
  private final LlamaConfig config;
  private final ByteBuffer values;
  private final Map<String, SafeTensors.Tensor> tensors = new HashMap<>();

  private Llama2c(Path path, LlamaConfig config, ByteBuffer values) {
    this.path = path;
    this.config = config;
    this.values = values;
  }

  /**
   * Writes {@code config.json}, {@code model.safetensors} (float32) and the tokenizer's files.
   *
   * @param model e.g. {@code stories15M.bin}; below 2 GiB
   * @param tokenizer e.g. {@code tokenizer.bin}
   * @param output made if it is not there
   * @throws ModelFormatException if a file is not what llama2.c's {@code export.py} writes
   */
  public static void convert(Path model, Path tokenizer, Path output) {
    var bytes = map(model);
    var config = config(model, bytes);
    var vocabulary = Llama2cVocabulary.read(tokenizer, map(tokenizer), config.vocabularySize());
    var definition = vocabulary.definition();
    var tensors = new Llama2c(model, config, bytes).tensors();

    DecoderFiles.of(config).write(output, SafeTensors.Dtype.F32);
    SafeTensors.write(output.resolve(ModelWeights.FILE), tensors, SafeTensors.Dtype.F32);
    JsonFile.write(output.resolve(Tokenizer.FILE), definition);
    JsonFile.write(
        output.resolve(TokenizerFiles.CONFIGURATION),
        JsonFile.MAPPER
            .createObjectNode()
            .put("tokenizer_class", "LlamaTokenizerFast")
            .put("legacy", false)
            .put("add_bos_token", true)
            .put("add_eos_token", false)
            .put("bos_token", "<s>")
            .put("eos_token", "</s>")
            .put("unk_token", "<unk>")
            .put("clean_up_tokenization_spaces", false)
            .put("model_max_length", config.positions()));
  }

  private static ByteBuffer map(Path path) {
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      if (!Files.isRegularFile(path) || channel.size() > Integer.MAX_VALUE) {
        throw new ModelFormatException(path, "not a file below 2 GiB (expected: one of llama2.c)");
      }
      return channel
          .map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
          .order(ByteOrder.LITTLE_ENDIAN);
    } catch (NoSuchFileException e) {
      throw new ModelFormatException(path, "no such file (expected: one of llama2.c)", e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + path, e);
    }
  }

  private static LlamaConfig config(Path path, ByteBuffer bytes) {
    if (bytes.remaining() < HEADER * Integer.BYTES) {
      throw ModelFormatException.of(
          path, "size", bytes.remaining() + " bytes", "a header of " + HEADER + " integers");
    }
    int width = bytes.getInt();
    int innerWidth = bytes.getInt();
    int layers = bytes.getInt();
    int heads = bytes.getInt();
    int keyValueHeads = bytes.getInt();
    int vocabulary = bytes.getInt();
    int positions = bytes.getInt();
    if (heads <= 0 || width % heads != 0) {
      throw ModelFormatException.of(path, "heads", heads, "a divisor of the width, " + width);
    }
    try {
      return new LlamaConfig(
          "llama",
          Math.absExact(vocabulary),
          positions,
          width,
          innerWidth,
          layers,
          heads,
          keyValueHeads,
          width / heads,
          EPSILON,
          false,
          false,
          vocabulary > 0,
          new RotaryAngles(ROTARY_BASE, new RotaryAngles.Unscaled()),
          0,
          0,
          // llama2.c ends a story where the next would begin.
          List.of(Llama2cVocabulary.BEGIN, Llama2cVocabulary.END));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new ModelFormatException(path, "header: " + e.getMessage(), e);
    }
  }

  /** In the order of llama2.c's file, then in that of the configuration. */
  private List<SafeTensors.Tensor> tensors() {
    requireSize();
    int width = config.width();
    int keys = config.keyValueHeads() * config.headSize();
    take("model.embed_tokens.weight", config.vocabularySize(), width);
    each("input_layernorm.weight", width);
    each("self_attn.q_proj.weight", width, width);
    each("self_attn.k_proj.weight", keys, width);
    each("self_attn.v_proj.weight", keys, width);
    each("self_attn.o_proj.weight", width, width);
    each("post_attention_layernorm.weight", width);
    each("mlp.gate_proj.weight", config.innerWidth(), width);
    each("mlp.down_proj.weight", width, config.innerWidth());
    each("mlp.up_proj.weight", config.innerWidth(), width);
    take("model.norm.weight", width);
    values.position(values.position() + Math.toIntExact(angles()) * Float.BYTES);
    if (!config.tied()) {
      take("lm_head.weight", config.vocabularySize(), width);
    }
    var ordered = new ArrayList<SafeTensors.Tensor>();
    for (var shape : config.tensors()) {
      ordered.add(tensors.get(shape.name()));
    }
    return ordered;
  }

  /** Tables of cosines and sines, which the file has and nobody needs. */
  private long angles() {
    return (long) config.positions() * config.headSize();
  }

  private void requireSize() {
    long elements = angles();
    for (var shape : config.tensors()) {
      elements = Math.addExact(elements, shape.count());
    }
    long expected = HEADER * Integer.BYTES + Math.multiplyExact(elements, (long) Float.BYTES);
    if (values.limit() != expected) {
      throw ModelFormatException.of(
          path, "size", values.limit() + " bytes", expected + ", by its header");
    }
  }

  private void each(String name, int... shape) {
    for (int layer = 0; layer < config.layers(); layer++) {
      take("model.layers." + layer + "." + name, shape);
    }
  }

  private void take(String name, int... shape) {
    long bytes = Float.BYTES;
    var sizes = new long[shape.length];
    for (int i = 0; i < shape.length; i++) {
      sizes[i] = shape[i];
      bytes *= shape[i];
    }
    var taken =
        values.slice(values.position(), Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
    values.position(values.position() + taken.remaining());
    boolean rotated = name.endsWith("q_proj.weight") || name.endsWith("k_proj.weight");
    tensors.put(name, new SafeTensors.Tensor(name, sizes, rotated ? halves(taken) : taken));
  }

  /** Of each head the even rows, then the odd ones. */
  private ByteBuffer halves(ByteBuffer rows) {
    int size = config.headSize();
    int rowBytes = config.width() * Float.BYTES;
    var moved = ByteBuffer.allocate(rows.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < rows.remaining() / rowBytes; row++) {
      int inHead = row % size;
      int from = row - inHead + (inHead < size / 2 ? 2 * inHead : 2 * inHead - size + 1);
      moved.put(rows.slice(from * rowBytes, rowBytes));
    }
    return moved.flip();
  }
}
