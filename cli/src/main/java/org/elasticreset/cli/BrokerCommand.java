package org.elasticreset.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.elasticreset.broker.LocalBroker;
import org.elasticreset.broker.LocalBrokerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code elastic-reset broker}: the broker of a local run alone, for several runs or for tests. */
@Command(
    name = "broker",
    description = "Run the embedded Kafka broker alone, until Ctrl-C.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class BrokerCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "DIRECTORY",
      description = "Where topics live; the broker goes on with what it finds there.")
  private Path directory = Path.of("");

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "9092",
      description = "Port on the loopback interface, 0 for any free one (default: 9092).")
  private int port;

  @Override
  public Integer call() {
    Path data = directory.toAbsolutePath().normalize();
    try (Interruption interruption = Interruption.ofCurrentThread();
        BrokerLog log = BrokerLog.to(data.resolve("broker.log"));
        LocalBroker broker = LocalBroker.start(data, port)) {
      System.out.println("kafka.bootstrap-servers: " + broker.bootstrapServers());
      new CountDownLatch(1).await();
      return 0;
    } catch (InterruptedException e) {
      return 130;
    } catch (LocalBrokerException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()));
    }
  }
}
