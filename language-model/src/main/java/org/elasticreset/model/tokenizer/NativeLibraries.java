package org.elasticreset.model.tokenizer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What DJL does by itself when its native libraries are first used, and may not do here.
 *
 * <p>It asks the cloud's metadata service which machine this is, and tells its makers where there
 * is one. And where the home cannot be written it unpacks libraries into {@code .djl.ai} of the
 * system's temporary directory, and loads what it finds there, whoever put it there. And where it
 * sees a GPU it downloads tokenizers for it, which they have no use for.
 */
public final class NativeLibraries {

  private static final String OPT_OUT = "OPT_OUT_TRACKING";
  private static final String TOKENIZERS = "RUST_FLAVOR";
  private static final String CACHE = "DJL_CACHE_DIR";
  private static final String ENGINE_CACHE = "ENGINE_CACHE_DIR";

  private NativeLibraries() {}

  /**
   * Before DJL is touched.
   *
   * @throws IllegalArgumentException if there is no place of one's own for the libraries
   */
  public static void prepare() {
    if (System.getProperty(OPT_OUT) == null) {
      System.setProperty(OPT_OUT, "true"); // the variable of this name comes first
    }
    if (System.getProperty(TOKENIZERS) == null) {
      System.setProperty(TOKENIZERS, "cpu");
    }
    if (System.getProperty(CACHE) == null && System.getProperty(ENGINE_CACHE) == null) {
      requirePlace(System.getenv(), Path.of(System.getProperty("user.home")));
    }
  }

  static void requirePlace(Map<String, String> environment, Path home) {
    if (environment.getOrDefault(CACHE, "").isEmpty()
        && environment.getOrDefault(ENGINE_CACHE, "").isEmpty()
        && !Files.isWritable(home)) {
      throw new IllegalArgumentException(
          "home: %s (expected: a directory that can be written, or one of yours in %s; native libraries are unpacked there and must be nobody else's)"
              .formatted(home, CACHE));
    }
  }
}
