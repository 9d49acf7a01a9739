package org.elasticreset.cli.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.elasticreset.cli.tracking.EventFiles.Contents;
import org.elasticreset.cli.tracking.EventFiles.Point;
import org.elasticreset.cli.tracking.EventFiles.Text;
import org.elasticreset.cli.tracking.RunOutcome.State;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TensorBoardSinkTest {
  @TempDir private Path folder;
  private TrackedRun run;
  private Path logdir;
  private MetricsLines lines;

  @BeforeEach
  void begin() {
    run = TrackedRuns.in(folder);
    logdir = folder.resolve("tensorboard");
    lines = new MetricsLines(run.metrics());
  }

  @Test
  void checksumOfTheTestIsTheRealOne() {
    assertThat(EventFiles.crc32c("123456789".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo(0xe3069283);
  }

  @Test
  void figuresOfEveryLineAreThere() throws Exception {
    lines.evaluation(0, 0.25).steps(1, 2).reset(2).evaluation(2, 0.75);
    assertThat(live()).isEmpty();

    Contents contents = EventFiles.read(logdir);
    assertThat(contents.of("train/reward_mean"))
        .containsExactly(
            new Point(1, "train/reward_mean", 0.01f), new Point(2, "train/reward_mean", 0.02f));
    assertThat(contents.of("eval/reward_mean"))
        .containsExactly(
            new Point(0, "eval/reward_mean", 0.25f), new Point(2, "eval/reward_mean", 0.75f));
    assertThat(contents.of("reset_epoch"))
        .extracting(Point::value)
        .containsExactly(0.0f, 0.0f, 1.0f);
    assertThat(contents.texts())
        .contains(new Text(2, "resets", "reset 1 behind step 2, to average: that many"));
  }

  @Test
  void settingsAreWordsAndHyperparameters() throws Exception {
    lines.steps(1, 1);
    live();

    Contents contents = EventFiles.read(logdir);
    assertThat(contents.texts())
        .anyMatch(
            text ->
                text.tag().equals("run")
                    && text.text().contains("| ema.decay | `0.9` |")
                    && text.text().contains("| **arm** | `elastic` |"));
    assertThat(contents.plugins())
        .containsOnlyOnce(
            "hparams _hparams_/session_start_info", "hparams _hparams_/session_end_info");
  }

  @Test
  void lifeThatFollowsWritesAFileOfItsOwnThatIsReadBehind() throws Exception {
    lines.steps(1, 2);
    live();
    live();
    assertThat(EventFiles.files(logdir)).as("there was nothing new").hasSize(1);
    lines.steps(3, 4);
    live();

    assertThat(EventFiles.files(logdir)).hasSize(2);
    assertThat(EventFiles.read(logdir).of("train/reward_mean"))
        .extracting(Point::step)
        .containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void filesOfOneSecondAreInTheOrderInWhichTheyWereBegun() throws IOException {
    Instant now = Instant.now();
    List<Path> begun = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      EventFile.begin(logdir, now).close();
      List<Path> all = EventFiles.files(logdir);
      assertThat(all.subList(0, i)).isEqualTo(begun);
      begun.add(all.get(i));
    }
  }

  @Test
  void stepsThatAreToldAgainOtherwiseTakeThePlaceOfTheOldOnes() throws Exception {
    lines.steps(1, 5);
    live();
    lines.backTo(2).step(3, 0.9);
    live();

    assertThat(EventFiles.read(logdir).of("train/reward_mean"))
        .extracting(Point::value)
        .containsExactly(0.01f, 0.02f, 0.9f);
  }

  @Test
  void recordThatAProcessDiedOverIsNotReadAndWhatItHeldIsThereOnce() throws Exception {
    lines.steps(1, 3);
    live();
    Path first = EventFiles.files(logdir).get(0);
    byte[] whole = Files.readAllBytes(first);
    Files.write(first, Arrays.copyOf(whole, whole.length - 90));
    forgetNewestLine(); // written behind the event
    assertThat(EventFiles.read(logdir).of("train/reward_mean")).hasSize(2);

    lines.steps(4, 4);
    live();
    assertThat(EventFiles.read(logdir).of("train/reward_mean"))
        .extracting(Point::step)
        .containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void eventWhoseLedgerLineWasLostIsThereOnce() throws Exception {
    lines.steps(1, 3);
    live();
    forgetNewestLine();
    live();

    assertThat(EventFiles.read(logdir).of("train/reward_mean"))
        .extracting(Point::step)
        .containsExactly(1L, 2L, 3L);
  }

  @Test
  void figuresAreThereWhileTheRunGoesOn() throws Exception {
    lines.steps(1, 2);
    Tracking tracking = open();
    tracking.begin();
    while (!Files.isDirectory(logdir)
        || EventFiles.files(logdir).isEmpty()
        || EventFiles.read(logdir).of("train/reward_mean").size() < 2) {
      Thread.sleep(20);
    }
    tracking.end(new RunOutcome(State.KILLED, Instant.now()), Duration.ofSeconds(10));
  }

  @Test
  void folderOfAnotherRunIsLeftAlone() throws Exception {
    lines.steps(1, 2);
    live();
    byte[] before = Files.readAllBytes(EventFiles.files(logdir).get(0));
    lines.backTo(0).steps(1, 1);
    run =
        new TrackedRun(
            run.name(),
            run.started().plusSeconds(1),
            run.folder(),
            run.metrics(),
            run.settings(),
            run.tags(),
            run.files());

    assertThat(live()).hasSize(1).allMatch(words -> words.contains("the folder holds run ours@"));
    assertThat(EventFiles.files(logdir)).hasSize(1);
    assertThat(EventFiles.files(logdir).get(0)).hasBinaryContent(before);
  }

  @Test
  void checksumThatIsWrongIsNoticedByTheReaderOfTheTest() throws Exception {
    lines.steps(1, 1);
    live();
    byte[] bytes = Files.readAllBytes(EventFiles.files(logdir).get(0));
    bytes[bytes.length - 5] ^= 1;
    assertThatThrownBy(() -> EventFiles.records(bytes)).isInstanceOf(AssertionError.class);
  }

  private void forgetNewestLine() throws IOException {
    Path ledger = logdir.resolve("delivered.txt");
    List<String> all = Files.readAllLines(ledger);
    Files.writeString(ledger, String.join("\n", all.subList(0, all.size() - 1)) + "\n");
  }

  private Tracking open() {
    return new Sinks(true, null, null, null, null).open(List.of(run), Map.of(), told -> {});
  }

  private List<String> live() {
    return open().end(new RunOutcome(State.FINISHED, Instant.now()), Duration.ofSeconds(10));
  }
}
