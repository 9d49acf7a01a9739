package org.elasticreset.cli;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What a run that has no terminal of its own says, line by line, in its {@code logs}. */
record RunProtocol(PrintStream stream) implements AutoCloseable {

  static RunProtocol open(RunDirectory run) {
    try {
      FileOutputStream file = new FileOutputStream(run.log("progress").toFile(), true);
      return new RunProtocol(new PrintStream(file, true, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Terminal terminal() {
    return Terminal.of(stream);
  }

  @Override
  public void close() {
    stream.close();
  }
}
