package org.elasticreset.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.elasticreset.faults.TcpProxy.Way;
import org.junit.jupiter.api.Test;

/** The network between learner-service and ema-service fails, both ways and one way. */
class PartitionIT {
  private static final Duration SHORT = Duration.ofSeconds(2);

  /** Above the learner's patience with the ema-service, which the environment sets. */
  private static final Duration LONG = Duration.ofSeconds(7);

  @Test
  void runGoesOnBehindEveryKindOfPartition() throws Exception {
    Outcome undisturbed = Undisturbed.outcome();
    int emaService = FreePort.any();
    try (TcpProxy proxy = new TcpProxy(emaService);
        FaultyRun run =
            FaultyRun.startOnBroker(
                Undisturbed.files(),
                "partitioned",
                Undisturbed.STEPS,
                Map.of(
                    "LEARNER_EMA_SERVICE",
                    "127.0.0.1:" + proxy.port(),
                    "LEARNER_EMA_SERVICE_TIMEOUT",
                    "5s"),
                "ema.grpc-port=" + emaService)) {
      run.awaitStep(2);
      List<Fault> partitions =
          List.of(
              new Partition(proxy, Way.HELD, Way.HELD, SHORT),
              new Partition(proxy, Way.HELD, Way.OPEN, SHORT),
              new Partition(proxy, Way.OPEN, Way.HELD, SHORT),
              new Partition(proxy, Way.SLOW, Way.SLOW, SHORT),
              new Cut(proxy, Duration.ZERO),
              new Cut(proxy, SHORT),
              new Partition(proxy, Way.OPEN, Way.HELD, LONG),
              new Partition(proxy, Way.HELD, Way.OPEN, LONG));
      Disturbance disturbance = new Disturbance(run);
      for (Fault partition : partitions) {
        disturbance.inflict(partition);
        disturbance.awaitRecovery();
      }
      assertThat(run.awaitEnd()).as(run.hint()).isZero();

      FaultTable.lines(disturbance.suffered()).forEach(System.out::println);
      assertThat(disturbance.suffered())
          .allMatch(suffered -> suffered.stepBefore() < Undisturbed.STEPS);
      assertThat(Promises.broken(run, undisturbed)).isEmpty();
    }
  }

  /** Bytes are held for a while. */
  private record Partition(TcpProxy proxy, Way toServer, Way toClient, Duration length)
      implements Fault {
    @Override
    public String kind() {
      return "to the ema-service "
          + toServer
          + ", from it "
          + toClient
          + " for "
          + length.toSeconds()
          + " s";
    }

    @Override
    public void inflict(FaultyRun run) throws InterruptedException {
      proxy.ways(toServer, toClient);
      Thread.sleep(length.toMillis());
      proxy.ways(Way.OPEN, Way.OPEN);
    }
  }

  /** Every connection breaks, and none is made for a while. */
  private record Cut(TcpProxy proxy, Duration length) implements Fault {
    @Override
    public String kind() {
      return "connection to the ema-service cut for " + length.toSeconds() + " s";
    }

    @Override
    public void inflict(FaultyRun run) throws InterruptedException {
      proxy.cut(true);
      Thread.sleep(length.toMillis());
      proxy.cut(false);
    }
  }
}
