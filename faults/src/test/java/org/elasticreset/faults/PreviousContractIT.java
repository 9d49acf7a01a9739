package org.elasticreset.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** A worker of the release before beside services of this one, as in the middle of an upgrade. */
class PreviousContractIT {
  private static final String MESSAGES = "org/elasticreset/proto/v1/";

  @Test
  void workerThatKnowsOnlyThePreviousContractWorksInTodaysRun() throws Exception {
    Outcome undisturbed = Undisturbed.outcome();
    Path jar = workerOfThePreviousContract(Undisturbed.files().root().resolve("previous-worker"));
    try (FaultyRun run =
        FaultyRun.start(Undisturbed.files(), "previous-contract", Undisturbed.STEPS)) {
      run.awaitStep(1);
      long learner = run.awaitPid("learner-service");
      Signals.STOP.send(learner);
      int port = FreePort.any();
      Process previous =
          run.addService(
              "rollout-service-1",
              jar,
              Map.of(
                  "ROLLOUT_WORKER",
                  "previous",
                  "MP_MESSAGING_INCOMING_PROMPTS_GROUP_INSTANCE_ID",
                  "previous",
                  "QUARKUS_HTTP_PORT",
                  String.valueOf(port)));
      try {
        Await.until(() -> Health.isReady(port), run::hint);
        Signals.CONT.send(learner);
        assertThat(run.awaitEnd()).as(run.hint()).isZero();
      } finally {
        previous.destroyForcibly();
      }
      assertThat(run.witness().rollouts()).anyMatch(b -> b.getWorker().equals("previous"));
      assertThat(Promises.broken(run, undisturbed)).isEmpty();
    }
  }

  /** A copy of the built service whose messages are the previous ones. */
  private static Path workerOfThePreviousContract(Path to) throws IOException {
    Path from = Java.serviceJar("rollout-service").getParent();
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (file.getFileName().toString().startsWith("org.elasticreset.proto-")) {
          exchangeMessages(file, copy);
        } else if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.createLink(copy, file);
        }
      }
    }
    return to.resolve("quarkus-run.jar");
  }

  private static void exchangeMessages(Path jar, Path copy) throws IOException {
    Path previous = Java.home().resolve("faults/previous-contract/target/classes");
    try (ZipFile today = new ZipFile(jar.toFile());
        OutputStream file = Files.newOutputStream(copy);
        ZipOutputStream out = new ZipOutputStream(file);
        var classes = Files.walk(previous.resolve(MESSAGES))) {
      for (Enumeration<? extends ZipEntry> e = today.entries(); e.hasMoreElements(); ) {
        ZipEntry entry = e.nextElement();
        if (!entry.getName().startsWith(MESSAGES) || entry.isDirectory()) {
          out.putNextEntry(new ZipEntry(entry.getName()));
          today.getInputStream(entry).transferTo(out);
        }
      }
      for (Path each : classes.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new ZipEntry(previous.relativize(each).toString()));
        Files.copy(each, out);
      }
    }
  }
}
