package org.elasticreset.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A numeric program: TorchScript source from this module's resources, run by DJL's PyTorch engine.
 *
 * <p>One call is a whole training micro-step or a whole generation. Arguments are {@link NDArray},
 * {@code List<NDArray>}, {@code long}, {@code int}, {@code double}, {@code float}, {@code boolean},
 * {@code String} or {@code long[]}; results are the same kinds, tuples as {@code Object[]}. Loading
 * costs about 2 MB that closing does not give back: load a program once per process.
 */
final class Program implements AutoCloseable {

  private final PtSymbolBlock block;

  private Program(PtSymbolBlock block) {
    this.block = block;
  }

  /**
   * Loads the concatenation of resource files, e.g. {@code "program/scopes.py", "program/gpt2.py"};
   * a name may be used before the file that defines it.
   */
  static Program load(NDManager manager, ProgramSettings settings, String... resources) {
    var source = new StringBuilder(settings.source());
    for (var resource : resources) {
      source.append(read(resource)).append('\n');
    }
    var archive = ProgramArchive.pack(source.toString());
    boolean mapLocation = true;
    boolean trainable = false;
    try {
      return new Program(
          JniUtils.loadModule(
              (PtNDManager) manager, new ByteArrayInputStream(archive), mapLocation, trainable));
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory failed", e);
    }
  }

  private static String read(String resource) {
    try (InputStream in = Program.class.getResourceAsStream("/" + resource)) {
      if (in == null) {
        throw new IllegalArgumentException("no program source in the class path: " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("reading program source " + resource, e);
    }
  }

  /** Runs {@code method}; tensors of the result belong to {@code results}. */
  Object call(NDManager results, String method, Object... arguments) {
    Engine.enterThread();
    var values = new IValue[arguments.length];
    try {
      for (int i = 0; i < arguments.length; i++) {
        values[i] = toValue(arguments[i]);
      }
      try (var result = EngineBridge.run(block, method, values)) {
        return fromValue(result, (PtNDManager) results);
      }
    } finally {
      for (var value : values) {
        if (value != null) {
          value.close();
        }
      }
      Reference.reachabilityFence(arguments);
    }
  }

  private static IValue toValue(Object argument) {
    if (argument instanceof PtNDArray tensor) {
      return IValue.from(tensor);
    }
    if (argument instanceof List<?> tensors) {
      return IValue.listFrom(tensors.toArray(PtNDArray[]::new));
    }
    if (argument instanceof Long || argument instanceof Integer) {
      return IValue.from(((Number) argument).longValue());
    }
    if (argument instanceof Double || argument instanceof Float) {
      return IValue.from(((Number) argument).doubleValue());
    }
    if (argument instanceof Boolean flag) {
      return IValue.from(flag);
    }
    if (argument instanceof String text) {
      return IValue.from(text);
    }
    if (argument instanceof long[] numbers) {
      return IValue.listFrom(numbers);
    }
    throw new IllegalArgumentException("no program argument: " + argument.getClass().getName());
  }

  private static Object fromValue(IValue value, PtNDManager manager) {
    if (value.isTensor()) {
      return value.toTensor(manager);
    }
    if (value.isDouble()) {
      return value.toDouble();
    }
    if (value.isLong()) {
      return value.toLong();
    }
    if (value.isBoolean()) {
      return value.toBoolean();
    }
    if (value.isTensorList()) {
      return List.of(value.toTensorArray(manager));
    }
    if (value.isDoubleList()) {
      return value.toDoubleArray();
    }
    if (value.isTuple()) {
      return fromValues(value.toIValueTuple(), manager);
    }
    throw new IllegalStateException("a program returned a kind of value that Java does not read");
  }

  private static Object[] fromValues(IValue[] elements, PtNDManager manager) {
    var results = new Object[elements.length];
    for (int i = 0; i < elements.length; i++) {
      try (var element = elements[i]) {
        results[i] = fromValue(element, manager);
      }
    }
    return results;
  }

  @Override
  public void close() {
    block.close();
  }
}
