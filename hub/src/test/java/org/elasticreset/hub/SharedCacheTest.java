package org.elasticreset.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class SharedCacheTest extends HubFixture {

  private static final String WEIGHTS = "model.safetensors";

  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void endProcesses() {
    processes.forEach(Process::destroyForcibly);
  }

  @Test
  void threadsThatWantTheSameFileFetchItOnce() throws Exception {
    var begun = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    hub.next("GET", WEIGHTS, slowly(begun, goOn));
    var threads = Executors.newFixedThreadPool(2);
    Callable<Path> fetch = this::fetch;

    var first = threads.submit(fetch);
    begun.await();
    var second = threads.submit(fetch);
    awaitTold("waiting for another process");
    goOn.countDown();

    assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo(second.get(30, TimeUnit.SECONDS));
    threads.shutdown();
    assertWeightsArrived();
    assertThat(hub.askedOfStore()).hasSize(1);
  }

  @Test
  void processesThatWantTheSameFileFetchItOnce() throws Exception {
    var begun = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    hub.next("GET", WEIGHTS, slowly(begun, goOn));

    Process other = start();
    begun.await();
    var here = Executors.newSingleThreadExecutor();
    Callable<Path> fetch = this::fetch;
    var mine = here.submit(fetch);
    awaitTold("waiting for another process");
    goOn.countDown();

    assertThat(mine.get(30, TimeUnit.SECONDS)).isEqualTo(snapshot());
    assertThat(output(other)).contains(snapshot().toString());
    here.shutdown();
    assertWeightsArrived();
    assertThat(hub.askedOfStore()).hasSize(1);
  }

  @Test
  void aProcessThatWasKilledIsGoneOnWith() throws Exception {
    var begun = new CountDownLatch(1);
    hub.next("GET", WEIGHTS, slowly(begun, new CountDownLatch(1)));
    Process killed = start();
    begun.await();
    awaitPartial();
    killed.destroyForcibly().waitFor();

    fetch();

    assertWeightsArrived();
    assertThat(hub.askedOfStore().get(1).headers().get("Range")).matches("bytes=1[0-9]{3}-");
    assertThat(told).isEmpty();
  }

  /** A thousand bytes, then one now and then until it may go on. */
  private static RawServer.Answer slowly(CountDownLatch begun, CountDownLatch goOn) {
    return (request, out) -> {
      byte[] weights = FakeHub.weights(1);
      RawServer.head(out, 200, weights.length);
      out.write(weights, 0, 1000);
      out.flush();
      begun.countDown();
      int sent = 1000;
      try {
        while (!goOn.await(100, TimeUnit.MILLISECONDS)) {
          out.write(weights, sent++, 1);
          out.flush();
        }
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      out.write(weights, sent, weights.length - sent);
    };
  }

  private Process start() throws IOException {
    Process process = DownloadingProcess.start(hub.address(), cache());
    processes.add(process);
    return process;
  }

  private static String output(Process process) throws Exception {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  private void awaitTold(String part) throws InterruptedException {
    while (told.stream().noneMatch(line -> line.contains(part))) {
      Thread.sleep(10);
    }
  }

  private void awaitPartial() throws Exception {
    Path blobs = repository().resolve("blobs");
    while (true) {
      try (var files = Files.list(blobs)) {
        for (Path file : files.toList()) {
          if (file.toString().endsWith(".incomplete") && Files.size(file) >= 1000) {
            return;
          }
        }
      }
      Thread.sleep(10);
    }
  }
}
