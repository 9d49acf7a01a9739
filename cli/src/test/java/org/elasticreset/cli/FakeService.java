package org.elasticreset.cli;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A service that answers its readiness check, and may die after a while. Runs as a process. */
final class FakeService {
  private FakeService() {}

  /** Arguments: port of the readiness check; exit code, or -1 to stay; time before it, in ms. */
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
    if (exitCode >= 0) {
      Thread.sleep(Long.parseLong(arguments[2]));
      for (int line = 1; line <= 30; line++) {
        System.out.println("last words " + line);
      }
      System.exit(exitCode);
    }
  }

  static ServiceSpec staying(String name, Path directory) throws IOException {
    return spec(name, directory, -1, 0);
  }

  static ServiceSpec dying(String name, Path directory, int exitCode, long afterMillis)
      throws IOException {
    return spec(name, directory, exitCode, afterMillis);
  }

  private static ServiceSpec spec(String name, Path directory, int exitCode, long afterMillis)
      throws IOException {
    int port = freePort();
    Path agent = directory.resolve("parent-watch.jar");
    ParentWatchJar.write(agent);
    List<String> command = new ArrayList<>();
    command.addAll(List.of(java(), "-XX:TieredStopAtLevel=1", "-Xmx64m", "-javaagent:" + agent));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(FakeService.class.getName());
    command.addAll(
        List.of(String.valueOf(port), String.valueOf(exitCode), String.valueOf(afterMillis)));
    return new ServiceSpec(
        name,
        command,
        Map.of(),
        directory,
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
