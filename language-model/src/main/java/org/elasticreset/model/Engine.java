package org.elasticreset.model;

import ai.djl.Device;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.function.Function;
import org.elasticreset.model.tokenizer.NativeLibraries;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DJL's PyTorch engine, started at its first use: threads, device, and the programs of this
 * process.
 *
 * <p>Call {@link #useThreads} and {@link #useDevice} before the first model is opened.
 */
public final class Engine {

  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
  private static final String NAME = "PyTorch";
  private static final Map<Sources, Program> PROGRAMS = new ConcurrentHashMap<>();
  private static final ThreadLocal<Integer> THREADS_OF_CALLER = ThreadLocal.withInitial(() -> -1);

  private static volatile int threads;
  private static volatile String device = "auto";
  private static @Nullable NDManager root;
  private static volatile @Nullable ForkJoinPool workers;

  private Engine() {}

  /**
   * Sets how many threads one numeric operation may use; without this call, one a core.
   *
   * @param threads at least 1
   */
  public static void useThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads + " (expected: at least 1)");
    }
    Engine.threads = threads;
  }

  /**
   * Chooses where models live.
   *
   * @param name {@code auto} (the first GPU if the engine sees one), {@code cpu} or {@code cuda:n}
   */
  public static synchronized void useDevice(String name) {
    if (!name.matches("auto|cpu|cuda:\\d+")) {
      throw new IllegalArgumentException("device: " + name + " (expected: auto, cpu or cuda:n)");
    }
    if (root != null && !name.equals(device)) {
      throw new IllegalStateException(
          "device: " + name + " comes too late, the engine already runs on " + device);
    }
    device = name;
  }

  /** A new scope of native memory on the engine's device; whoever opens it closes it. */
  static NDManager scope() {
    return root().newSubManager();
  }

  /** The program made of these resource files, loaded once per process. */
  static Program program(String... resources) {
    return program(ProgramSettings.NONE, resources);
  }

  /** The same, written for a model of these settings. */
  static Program program(ProgramSettings settings, String... resources) {
    return PROGRAMS.computeIfAbsent(
        new Sources(settings, List.of(resources)),
        sources -> Program.load(root(), settings, resources));
  }

  private record Sources(ProgramSettings settings, List<String> resources) {}

  /** Whether models live in main memory. */
  static boolean onProcessor() {
    return !root().getDevice().isGpu();
  }

  /** How many parts {@link #sideBySide} does at once. */
  static int partsAtOnce() {
    return threads < 2 || !onProcessor() ? 1 : threads;
  }

  /**
   * Does work that calls programs for each part, in any order, and each on a thread of its own
   * where an operation might use several: threads that share a small operation wait for one another
   * more than they work. What a part results in does not depend on the others.
   *
   * @return the results in the order of the parts
   */
  static <P, R> List<R> sideBySide(List<P> parts, Function<P, R> work) {
    if (partsAtOnce() == 1 || parts.size() == 1) {
      return parts.stream().map(work).toList();
    }
    var pool = workers();
    var tasks =
        parts.stream().map(part -> pool.submit((Callable<R>) () -> work.apply(part))).toList();
    tasks.forEach(ForkJoinTask::quietlyJoin); // nothing is under way any more when one has failed
    return tasks.stream().map(ForkJoinTask::join).toList();
  }

  private static synchronized ForkJoinPool workers() {
    if (workers == null || workers.getParallelism() != threads) {
      workers = new ForkJoinPool(threads);
    }
    return workers;
  }

  /** The engine keeps these settings per thread: every call into it goes through here. */
  static void enterThread() {
    int wanted = isWorker() ? 1 : threads;
    if (THREADS_OF_CALLER.get() != wanted) {
      JniUtils.setGraphExecutorOptimize(false); // costs more than it gains
      if (wanted > 0) {
        JniUtils.setNumThreads(wanted);
      }
      THREADS_OF_CALLER.set(wanted);
    }
  }

  private static boolean isWorker() {
    return Thread.currentThread() instanceof ForkJoinWorkerThread thread
        && thread.getPool() == workers;
  }

  private static synchronized NDManager root() {
    if (root == null) {
      NativeLibraries.prepare();
      System.setProperty("ai.djl.default_engine", NAME);
      var engine = ai.djl.engine.Engine.getEngine(NAME);
      boolean cuda = engine.hasCapability(StandardCapabilities.CUDA);
      var chosen = device(device, cuda, cuda ? engine.getGpuCount() : 0);
      LOG.info("tensor engine ready pytorch={} device={}", engine.getVersion(), chosen);
      root = NDManager.newBaseManager(chosen, NAME);
    }
    return root;
  }

  /**
   * The device of a name.
   *
   * @param cuda whether the PyTorch library is one for GPUs and sees any
   * @param gpus how many, 0 if DJL could not count them: for that it looks for CUDA on its own
   */
  static Device device(String name, boolean cuda, int gpus) {
    if (name.equals("cpu") || (name.equals("auto") && !cuda)) {
      return Device.cpu();
    }
    int index = name.equals("auto") ? 0 : Integer.parseInt(name.substring("cuda:".length()));
    if (!cuda) {
      throw new IllegalArgumentException(
          "device: "
              + name
              + " (expected: auto or cpu, as this PyTorch library is for CPUs alone or sees no GPU;"
              + " README.md says under Platforms how to take another)");
    }
    if (gpus > 0 && index >= gpus) {
      throw new IllegalArgumentException(
          "device: " + name + " (expected: one of " + gpus + " GPUs, or cpu)");
    }
    return Device.gpu(index);
  }
}
