package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.elasticreset.proto.v1.AuditEvent;
import org.elasticreset.proto.v1.TrainingEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditJournalTest {

  @TempDir Path directory;

  @Test
  void eventsComeBackInOrder() throws Exception {
    var journal = new AuditJournal(directory);

    journal.append(event("one"));
    journal.append(event("two"));

    assertThat(new AuditJournal(directory).load()).containsExactly(event("one"), event("two"));
  }

  @Test
  void eventThatAProcessDiedOverIsCutOffAndTheNextFollowsTheLastWholeOne() throws Exception {
    var journal = new AuditJournal(directory);
    journal.append(event("one"));
    Files.write(
        directory.resolve("audit.journal"), new byte[] {40, 10, 3}, StandardOpenOption.APPEND);

    assertThat(new AuditJournal(directory).load()).containsExactly(event("one"));
    journal.append(event("two"));

    assertThat(new AuditJournal(directory).load()).containsExactly(event("one"), event("two"));
  }

  @Test
  void damagedEventIsRefusedAndNothingIsCutOff() throws Exception {
    Path file = directory.resolve("audit.journal");
    new AuditJournal(directory).append(event("one"));
    byte[] damaged = Files.readAllBytes(file);
    damaged[1] = (byte) 0xff;
    Files.write(file, damaged);

    assertThatThrownBy(() -> new AuditJournal(directory).load())
        .hasMessageContaining("no event at byte 0");

    assertThat(file).hasBinaryContent(damaged);
  }

  private static TrainingEvent event(String id) {
    return TrainingEvent.newBuilder().setAudit(AuditEvent.newBuilder().setId(id)).build();
  }
}
