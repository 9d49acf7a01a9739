package org.elasticreset.deploy;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.elasticreset.adversary.TestAuthority;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.broker.LocalBroker;
import org.elasticreset.deploy.Rendered.Workload;

/**
 * The services of unpacked images as processes, on a broker of its own without passwords, with
 * mutual TLS by certificates as the overlay asks cert-manager for.
 */
final class ImageRun implements AutoCloseable {

  private static final String RUN = "movie-sentiment";
  private static final long PATIENCE_SECONDS = 240;

  private final Map<String, ImageArchive> images;
  private final Path folder;
  private final Rendered overlay = Rendered.overlay("local");
  private final LocalBroker broker = LocalBroker.startTemporary();
  private final Map<String, Integer> http = new HashMap<>();
  private final Map<String, Process> running = new LinkedHashMap<>();
  private final int grpc = freePort();
  private final TestAuthority authority;

  ImageRun(Map<String, ImageArchive> images, Path folder) throws IOException {
    this.images = images;
    this.folder = Files.createDirectories(folder);
    this.authority = new TestAuthority(this.folder, "authority");
    KafkaTopics.create(broker.bootstrapServers(), RUN);
  }

  void start(String service) throws IOException {
    Workload workload =
        overlay.workloads().filter(w -> w.name().equals(service)).findAny().orElseThrow();
    ServiceConfigs told = ServiceConfigs.of(overlay, workload);
    Path home = Files.createDirectories(folder.resolve(service));
    Path settings = Files.createDirectories(home.resolve("settings"));
    Files.writeString(
        settings.resolve("service.properties"),
        settings(service, told, home).entrySet().stream()
            .map(setting -> setting.getKey() + "=" + setting.getValue())
            .collect(Collectors.joining("\n")));
    if (!service.equals("reward-service")) {
      issue(service, Files.createDirectories(home.resolve("tls")));
    }
    Path keys = Files.createDirectories(home.resolve("console"));
    Files.writeString(keys.resolve("console.keys"), "# Nobody.\n");
    for (String writable : List.of("tmp", "state")) {
      Files.setPosixFilePermissions(
          Files.createDirectories(home.resolve(writable)),
          PosixFilePermissions.fromString("rwxrwxrwx"));
    }
    var command = new ArrayList<String>();
    if (System.getProperty("user.name").equals("root")) {
      // As the image and the pod have it; whoever is not root may not write there anyhow.
      String user = workload.pod().at("/securityContext/runAsUser").asText();
      command.addAll(List.of("setpriv", "--reuid", user, "--regid", user, "--clear-groups"));
      command.addAll(List.of("--bounding-set", "-all", "--no-new-privs"));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.io.tmpdir=" + home.resolve("tmp"));
    command.addAll(
        List.of("-jar", root(service).resolve("deployments/quarkus-run.jar").toString()));
    var builder =
        new ProcessBuilder(command)
            .directory(root(service).resolve("deployments").toFile())
            .redirectErrorStream(true)
            .redirectOutput(log(service).toFile());
    builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
    told.environment().forEach(builder.environment()::put);
    builder.environment().remove("KAFKA_SASL_JAAS_CONFIG");
    builder.environment().put("QUARKUS_CONFIG_LOCATIONS", settings.toString());
    builder.environment().put("DJL_CACHE_DIR", home.resolve("tmp/djl").toString());
    running.put(service, builder.start());
  }

  /** The secret that cert-manager would make of the overlay's certificate. */
  private void issue(String service, Path secret) throws IOException {
    String name = overlay.get("Certificate", service).at("/spec/commonName").asText();
    var identity = authority.issue(name);
    Files.copy(identity.certificate(), secret.resolve("tls.crt"));
    Files.copy(identity.key(), secret.resolve("tls.key"));
    Files.copy(authority.certificate(), secret.resolve("ca.crt"));
  }

  /** Those of the overlay, with paths of this machine, a broker without passwords, and one step. */
  private Map<String, String> settings(String service, ServiceConfigs told, Path home)
      throws IOException {
    var settings = new HashMap<String, String>();
    told.settings()
        .forEach(
            (key, value) -> {
              if (!key.startsWith("kafka.")) {
                settings.put(key, onThisMachine(service, value, home));
              }
            });
    int port = freePort();
    http.put(service, port);
    settings.put("kafka.bootstrap.servers", broker.bootstrapServers());
    settings.put("quarkus.http.host", "127.0.0.1");
    settings.put("quarkus.http.port", String.valueOf(port));
    switch (service) {
      case "ema-service" -> {
        settings.put("quarkus.grpc.server.host", "127.0.0.1");
        settings.put("quarkus.grpc.server.port", String.valueOf(grpc));
      }
      case "learner-service" -> {
        settings.put("learner.ema-service", "localhost:" + grpc);
        settings.put("learner.steps", "1");
        settings.put("learner.rollouts-per-step", "16");
        settings.remove("learner.evaluation.prompts");
        settings.remove("learner.evaluation.human-text");
      }
      case "rollout-service" -> settings.put("rollout.ema-service", "localhost:" + grpc);
      default -> {}
    }
    return settings;
  }

  private String onThisMachine(String service, String value, Path home) {
    if (value.startsWith("/models/") || value.startsWith("/presets/")) {
      return root(service) + value;
    }
    return value.startsWith("/") ? home + value : value;
  }

  void awaitLog(String service, String words) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!Files.readString(log(service)).contains(words)) {
      running.forEach(
          (name, process) -> {
            if (!process.isAlive()) {
              throw new AssertionError(name + " ended: " + lastLines(name));
            }
          });
      if (System.nanoTime() > end) {
        throw new AssertionError(
            service + " did not say \"" + words + "\" but: " + lastLines(service));
      }
      Thread.sleep(200);
    }
  }

  private String lastLines(String service) {
    String log = Combinations.read(log(service));
    return log.substring(Math.max(0, log.length() - 3000));
  }

  /** Status of an answer. */
  int ask(String service, String path) throws IOException {
    var url = URI.create("http://127.0.0.1:" + http.get(service) + path).toURL();
    var asked = (HttpURLConnection) url.openConnection();
    try {
      return asked.getResponseCode();
    } finally {
      asked.disconnect();
    }
  }

  private Path log(String service) {
    return folder.resolve(service + ".log");
  }

  private Path root(String service) {
    return images.get(service).root().toAbsolutePath();
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws Exception {
    running.values().forEach(Process::destroy);
    for (Process process : running.values()) {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    }
    broker.close();
  }
}
