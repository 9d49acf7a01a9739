package org.elasticreset.cli;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A service that answers its probes, and may die after a while or be down. Runs as a process. */
final class FakeService {
  private FakeService() {}

  /**
   * Arguments: port of the probes; exit code, or -1 to stay; time before it, in ms; a file that is
   * made by the one that dies, or is down, and makes the next one healthy, or nothing.
   */
  public static void main(String[] arguments) throws Exception {
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])),
            1);
    int exitCode = Integer.parseInt(arguments[1]);
    boolean marked = arguments.length > 3;
    boolean healthy = marked ? Files.exists(Path.of(arguments[3])) : exitCode < 0;
    if (marked && !healthy) {
      Files.createFile(Path.of(arguments[3]));
    }
    answer(server, "/q/health/ready", 200);
    answer(server, "/q/health/live", healthy || exitCode >= 0 ? 200 : 503);
    server.start();
    System.out.println("fake service is up");
    if (exitCode >= 0 && !healthy) {
      Thread.sleep(Long.parseLong(arguments[2]));
      for (int line = 1; line <= 30; line++) {
        System.out.println("last words " + line);
      }
      System.exit(exitCode);
    }
  }

  private static void answer(HttpServer server, String probe, int status) {
    server.createContext(
        probe,
        exchange -> {
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
  }

  static ServiceSpec staying(String name, Path directory) throws IOException {
    return spec(name, directory, "-1", "0");
  }

  static ServiceSpec dying(String name, Path directory, int exitCode, long afterMillis)
      throws IOException {
    return spec(name, directory, String.valueOf(exitCode), String.valueOf(afterMillis));
  }

  /** One that dies at its first start, and stays at the second. */
  static ServiceSpec dyingOnce(String name, Path directory, int exitCode) throws IOException {
    String mark = directory.resolve(name + " has died").toString();
    return spec(name, directory, String.valueOf(exitCode), "0", mark);
  }

  /** One that is down in its first life, and healthy in its second. */
  static ServiceSpec downOnce(String name, Path directory) throws IOException {
    return spec(name, directory, "-1", "0", directory.resolve(name + " was down").toString());
  }

  private static ServiceSpec spec(String name, Path directory, String... arguments)
      throws IOException {
    int port = freePort();
    Files.createDirectories(directory);
    Path agent = directory.resolve("parent-watch.jar");
    ParentWatchJar.write(agent);
    List<String> command = new ArrayList<>();
    command.addAll(List.of(java(), "-XX:TieredStopAtLevel=1", "-Xmx64m", "-javaagent:" + agent));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(FakeService.class.getName());
    command.add(String.valueOf(port));
    command.addAll(List.of(arguments));
    return new ServiceSpec(
        name,
        command,
        Map.of(),
        directory.resolve(name),
        directory.resolve("logs").resolve(name + ".log"),
        URI.create("http://127.0.0.1:" + port + "/q/health/ready"));
  }

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
