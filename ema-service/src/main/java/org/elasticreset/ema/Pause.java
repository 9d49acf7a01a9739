package org.elasticreset.ema;

import com.google.protobuf.TextFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.elasticreset.checkpoint.DurableFiles;
import org.elasticreset.proto.v1.PauseRequest;
import org.elasticreset.proto.v1.TrainingEvent;

/**
 * Whether an operator holds the run: {@code paused.txtpb} in the service's directory, so that a
 * restart does not let go of it.
 */
final class Pause {

  private final Path file;
  private volatile Optional<PauseRequest> asked = Optional.empty();

  Pause(Path directory) {
    file = directory.resolve("paused.txtpb");
  }

  /** What the disk says, at the start. */
  void load() throws IOException {
    if (Files.exists(file)) {
      try {
        asked = Optional.of(TextFormat.parse(Files.readString(file), PauseRequest.class));
      } catch (TextFormat.ParseException e) {
        throw new IOException("%s: %s".formatted(file, e.getMessage()), e);
      }
    }
  }

  /** The journal has the last word, if it has one: a process may have died before the file. */
  void follow(Optional<TrainingEvent> lastWord) throws IOException {
    if (lastWord.isPresent()) {
      var audit = lastWord.get().getAudit();
      if (audit.getAction().equals(AuditLog.LET_GO)) {
        end();
      } else if (asked.isEmpty()) {
        begin(
            PauseRequest.newBuilder()
                .setRunId(lastWord.get().getRunId())
                .setRequestedBy(audit.getWho())
                .setReason(audit.getWhy())
                .build());
      }
    }
  }

  /** Who paused the run and why; empty if it goes on. */
  Optional<PauseRequest> asked() {
    return asked;
  }

  synchronized void begin(PauseRequest request) throws IOException {
    DurableFiles.replace(file, request.toString());
    asked = Optional.of(request);
  }

  synchronized void end() throws IOException {
    Files.deleteIfExists(file);
    asked = Optional.empty();
  }
}
