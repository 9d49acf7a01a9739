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

/** A service that answers its readiness check, and may die after a while. Runs as a process. */
final class FakeService {
  private FakeService() {}

  /**
   * Arguments: port of the readiness check; exit code, or -1 to stay; time before it, in ms; a file
   * that is made at the death and makes the next one stay, or nothing.
   */
  public static void main(String[] arguments) throws Exception {
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])),
            1);
    server.createContext(
        "/q/health/ready",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    System.out.println("fake service is up");
    int exitCode = Integer.parseInt(arguments[1]);
    if (exitCode >= 0 && !(arguments.length > 3 && Files.exists(Path.of(arguments[3])))) {
      if (arguments.length > 3) {
        Files.createFile(Path.of(arguments[3]));
      }
      Thread.sleep(Long.parseLong(arguments[2]));
      for (int line = 1; line <= 30; line++) {
        System.out.println("last words " + line);
      }
      System.exit(exitCode);
    }
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
