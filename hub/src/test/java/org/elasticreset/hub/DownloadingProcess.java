package org.elasticreset.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Fetches {@code org/tiny} in a process of its own, and prints what it is told. */
final class DownloadingProcess {

  private DownloadingProcess() {}

  static Process start(URI hub, Path cache) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(DownloadingProcess.class.getName(), hub.toString(), cache.toString()));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  public static void main(String[] arguments) throws Exception {
    var settings =
        new HubSettings(URI.create(arguments[0]), Path.of(arguments[1]), Optional.empty(), false);
    var listener =
        new HubListener() {
          @Override
          public void received(String model, String file, long bytes, long total) {}

          @Override
          public void told(String line) {
            System.out.println(line);
          }
        };
    System.out.println(
        new HubModels(settings, listener).directory("org/tiny", Path.of("/nowhere")));
  }
}
