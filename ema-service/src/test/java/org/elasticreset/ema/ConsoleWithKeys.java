package org.elasticreset.ema;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

/** As {@link ConsoleOn}, for all addresses, and ada has the one key. */
public final class ConsoleWithKeys implements QuarkusTestProfile {

  static final String KEY = "secret";

  @Override
  public List<TestResourceEntry> testResources() {
    return List.of(new TestResourceEntry(ConsoleOn.Run.class));
  }

  @Override
  public boolean disableGlobalTestResources() {
    return true;
  }

  @Override
  public Map<String, String> getConfigOverrides() {
    try {
      var keys = Files.createTempFile("console", ".keys");
      keys.toFile().deleteOnExit();
      Files.writeString(
          keys, "ada operator 2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b\n");
      return Map.of("ema.console.keys", keys.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
