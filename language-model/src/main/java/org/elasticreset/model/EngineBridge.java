package org.elasticreset.model;

import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Reaches the one call of DJL's PyTorch engine that is not public: running a method of a loaded
 * program with autograd on.
 *
 * <p>The public {@code IValue.runMethod} forces inference mode, whose outputs can never be updated
 * in place or differentiated. The handles are looked up when this class loads, so an engine of
 * another version fails at start-up and not in the middle of a run.
 */
final class EngineBridge {

  private static final MethodHandle RUN_METHOD;
  private static final MethodHandle NEW_VALUE;

  static {
    try {
      var library = Class.forName("ai.djl.pytorch.jni.PyTorchLibrary");
      var lookup = MethodHandles.privateLookupIn(library, MethodHandles.lookup());
      var instance = lookup.findStaticGetter(library, "LIB", library).invoke();
      var signature =
          MethodType.methodType(
              long.class, long.class, String.class, long[].class, boolean.class, boolean.class);
      RUN_METHOD = lookup.findVirtual(library, "moduleRunMethod", signature).bindTo(instance);
      NEW_VALUE =
          MethodHandles.privateLookupIn(IValue.class, MethodHandles.lookup())
              .findConstructor(IValue.class, MethodType.methodType(void.class, long.class));
    } catch (Throwable e) {
      throw new ExceptionInInitializerError(
          new IllegalStateException(
              "DJL's PyTorch engine is not the version this module was built for (0.36.0)", e));
    }
  }

  private EngineBridge() {}

  /** Runs {@code method} with autograd available; the caller closes arguments and result. */
  static IValue run(PtSymbolBlock program, String method, IValue[] arguments) {
    var handles = new long[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      handles[i] = arguments[i].getHandle();
    }
    try {
      boolean train = true;
      boolean separateCudaStream = false;
      long result =
          (long)
              RUN_METHOD.invoke(
                  (long) program.getHandle(), method, handles, train, separateCudaStream);
      return (IValue) NEW_VALUE.invoke(result);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("calling program method " + method + " failed", e);
    }
  }
}
