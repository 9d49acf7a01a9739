package org.elasticreset.faults;

import java.nio.file.Path;
import java.util.List;

/** How to run what this project builds. */
final class Java {
  private Java() {}

  static String executable() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** The folder of the project. */
  static Path home() {
    return Path.of(System.getProperty("elastic-reset.home", "")).toAbsolutePath().normalize();
  }

  static Path serviceJar(String service) {
    return home().resolve(service).resolve("target/quarkus-app/quarkus-run.jar");
  }

  /** The launcher, as its script starts it. */
  static List<String> launcher() {
    Path target = home().resolve("cli/target");
    return List.of(
        executable(),
        "-Xmx512m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
        "-Delastic-reset.home=" + home(),
        "-cp",
        target.resolve("cli.jar") + ":" + target.resolve("lib") + "/*",
        "org.elasticreset.cli.ElasticResetCommand");
  }
}
