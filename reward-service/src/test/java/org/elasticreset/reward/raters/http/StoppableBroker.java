package org.elasticreset.reward.raters.http;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.Map;

/** As {@link AskedPeople}, with a broker that goes away and comes back. */
public final class StoppableBroker implements QuarkusTestResourceLifecycleManager {

  /** The broker outlives this class's loader: tests are loaded by another. */
  private static final String CONTROL = "test.broker.control";

  private AskedPeople people;

  static void away() {
    control().run();
  }

  static void back() {
    control().run();
  }

  private static Runnable control() {
    return (Runnable) System.getProperties().get(CONTROL);
  }

  @Override
  public Map<String, String> start() {
    people =
        new AskedPeople(
            Path.of(System.getProperty("java.io.tmpdir"), "broker-away-" + System.nanoTime()));
    Map<String, String> settings = people.start();
    System.getProperties().put(CONTROL, (Runnable) people::toggle);
    return settings;
  }

  @Override
  public void stop() {
    System.getProperties().remove(CONTROL);
    people.stop();
  }
}
