package org.elasticreset.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.elasticreset.model.files.SafeTensors;
import org.elasticreset.model.files.TensorShape;
import org.elasticreset.model.files.TensorStream;
import org.jspecify.annotations.Nullable;

/**
 * The adapters of a model: {@code A [r, in]} and {@code B [out, r]} for each of some of its linear
 * maps, named as PEFT names them, in float32.
 */
final class Adapters {

  /** In front of a module's path in PEFT's files. */
  private static final String PREFIX = "base_model.model.";

  /**
   * A linear map with an adapter.
   *
   * @param weight index of its weight among the model's tensors
   * @param module path in the model, e.g. {@code model.layers.0.self_attn.q_proj}
   */
  record Target(int weight, String module, long in, long out) {

    List<TensorShape> factors(int rank) {
      return List.of(
          TensorShape.of(PREFIX + module + ".lora_A.weight", rank, in),
          TensorShape.of(PREFIX + module + ".lora_B.weight", out, rank));
    }
  }

  private final LoraSettings settings;
  private final List<Target> targets;
  private final Parameters factors;

  /** Zeros, owned by {@code scope}. */
  Adapters(NDManager scope, DecoderConfig config, LoraSettings settings) {
    this.settings = settings;
    this.targets = targets(config, settings);
    this.factors =
        new Parameters(
            scope,
            targets.stream().flatMap(target -> target.factors(settings.rank()).stream()).toList());
  }

  /**
   * The maps that a model's settings name.
   *
   * @throws IllegalArgumentException if a name fits none of them
   */
  static List<Target> targets(DecoderConfig config, LoraSettings settings) {
    var targets = new ArrayList<Target>();
    var unused = new ArrayList<>(settings.targetModules());
    var tensors = config.tensors();
    for (int i = 0; i < tensors.size(); i++) {
      if (config.isLinear(tensors.get(i))) {
        var target = target(config, i, tensors.get(i));
        var wanted = settings.targetModules().stream().filter(name -> names(name, target)).toList();
        if (!wanted.isEmpty()) {
          unused.removeAll(wanted);
          targets.add(target);
        }
      }
    }
    if (!unused.isEmpty()) {
      throw new IllegalArgumentException(
          "target_modules: %s (expected: %s, or one or more of %s)"
              .formatted(unused, LoraSettings.ALL_LINEAR, lastNames(config)));
    }
    return targets;
  }

  private static Target target(DecoderConfig config, int index, TensorShape tensor) {
    var shape = tensor.shape();
    var module = tensor.name().substring(0, tensor.name().length() - ".weight".length());
    return config.transposed()
        ? new Target(index, module, shape[0], shape[1])
        : new Target(index, module, shape[1], shape[0]);
  }

  private static boolean names(String name, Target target) {
    return name.equals(LoraSettings.ALL_LINEAR)
        || target.module().equals(name)
        || target.module().endsWith("." + name);
  }

  /** The last names of the linear maps of an architecture. */
  static List<String> lastNames(DecoderConfig config) {
    return config.tensors().stream()
        .filter(config::isLinear)
        .map(tensor -> tensor.name().split("\\."))
        .map(path -> path[path.length - 2])
        .distinct()
        .toList();
  }

  /** A as PEFT draws it, uniform within ±1/√in, and B zero: the model begins as without. */
  void initialise(long seed) {
    var random = new SplittableRandom(seed);
    long offset = 0;
    for (var target : targets) {
      for (var factor : target.factors(settings.rank())) {
        boolean isA = factor.name().endsWith(".lora_A.weight");
        double bound = isA ? 1 / Math.sqrt(target.in()) : 0;
        var values =
            ByteBuffer.allocate(Math.toIntExact(factor.count() * Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        while (values.hasRemaining()) {
          values.putFloat((float) (bound * (2 * random.nextDouble() - 1)));
        }
        factors.write(offset, values.flip());
        offset += values.capacity();
      }
    }
  }

  LoraSettings settings() {
    return settings;
  }

  List<Target> targets() {
    return targets;
  }

  /** A and B of each target in turn. */
  Parameters factors() {
    return factors;
  }

  /** A model's own tensors, in their order, with the adapters in them. */
  List<TensorStream> mergedInto(List<TensorStream> tensors, CausalLanguageModel model) {
    var merged = new ArrayList<>(tensors);
    for (int place = 0; place < targets.size(); place++) {
      int weight = targets.get(place).weight();
      var a = factors.views().get(2 * place);
      var b = factors.views().get(2 * place + 1);
      merged.set(
          weight,
          new TensorStream(
              tensors.get(weight).name(),
              tensors.get(weight).shape(),
              SafeTensors.Dtype.F32,
              reader -> readMerged(model, weight, a, b, reader)));
    }
    return merged;
  }

  private static void readMerged(
      CausalLanguageModel model, int weight, NDArray a, NDArray b, TensorStream.Chunk reader) {
    try (var call = model.scope().newSubManager()) {
      var merged =
          (NDArray)
              model
                  .program()
                  .call(
                      call,
                      "merge",
                      model.weights().views().get(weight),
                      a,
                      b,
                      model.config().transposed());
      var values = merged.toByteBuffer(true).order(ByteOrder.LITTLE_ENDIAN);
      for (int at = 0; at < values.capacity(); at += TensorStream.CHUNK_BYTES) {
        int length = Math.min(TensorStream.CHUNK_BYTES, values.capacity() - at);
        reader.accept(at, values.slice(at, length).order(ByteOrder.LITTLE_ENDIAN));
      }
      Reference.reachabilityFence(merged);
    }
  }

  /** What the program is written for, without adapters if {@code adapters} is null. */
  static ProgramSettings settings(DecoderConfig config, @Nullable Adapters adapters) {
    if (adapters == null) {
      return config
          .settings()
          .with("adapted_weights", new int[0])
          .with("adapter_scale", 0.0)
          .with("adapter_dropout", 0.0);
    }
    return config
        .settings()
        .with("adapted_weights", adapters.targets.stream().mapToInt(Target::weight).toArray())
        .with("adapter_scale", adapters.settings.scale())
        .with("adapter_dropout", adapters.settings.dropout());
  }
}
