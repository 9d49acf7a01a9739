package org.elasticreset.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.LongConsumer;

/**
 * One file: from where it broke off to where its digest is right, and only then into its place.
 * What is received stays when anything dies, and the next attempt goes on from it.
 */
final class Download {

  /** Received in one attempt, it is worth to count failures from the beginning again. */
  private static final long PROGRESS_BYTES = 1 << 20;

  private static final int BUFFER_BYTES = 1 << 16;

  private final HubApi hub;
  private final HubCache cache;
  private final Surroundings surroundings;
  private final HubListener listener;
  private final RemoteFile file;
  private final LongConsumer received;
  private final Path partial;

  /**
   * Of a file.
   *
   * @param received hears how many bytes of it there are
   */
  Download(
      HubApi hub,
      HubCache cache,
      Surroundings surroundings,
      HubListener listener,
      RemoteFile file,
      LongConsumer received) {
    this.hub = hub;
    this.cache = cache;
    this.surroundings = surroundings;
    this.listener = listener;
    this.file = file;
    this.received = received;
    partial = cache.partial(file.digest());
  }

  /** Returns when the file is in its snapshot. */
  void run() throws HubException, IOException, InterruptedException {
    Runnable waits = () -> listener.told(what() + ": waiting for another process to fetch it");
    try (var lock = DownloadLock.take(cache.lock(file.digest()), waits)) {
      boolean absent = !Files.exists(cache.blob(file.digest()));
      if (absent && !cache.holds(file.commit(), file.name())) {
        goOnFromOthers();
        receiveVerified();
      }
      if (!cache.holds(file.commit(), file.name())) {
        cache.place(file, absent);
      }
    }
    received.accept(file.bytes());
  }

  /** What huggingface_hub left when it was interrupted; it may be at work, so a copy. */
  private void goOnFromOthers() throws IOException {
    if (!Files.exists(partial)) {
      try {
        Files.createDirectories(partial.getParent());
        Files.copy(cache.partialOfOthers(file.digest()), partial);
      } catch (NoSuchFileException e) {
        // It left nothing.
      }
    }
  }

  private void receiveVerified() throws HubException, IOException, InterruptedException {
    for (boolean again = false; ; again = true) {
      receive();
      BlobDigest digest = file.digest().of(partial);
      if (digest.equals(file.digest())) {
        break;
      }
      Files.delete(partial);
      if (again) {
        throw new HubException(
            "%s: received twice with digest %s (expected: %s)"
                .formatted(what(), digest.hex(), file.digest().hex()));
      }
      listener.told(what() + ": received with a wrong digest; fetching it again");
    }
    try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(partial, cache.blob(file.digest()), StandardCopyOption.ATOMIC_MOVE);
  }

  private void receive() throws HubException, IOException, InterruptedException {
    Retries retries = new Retries(what(), surroundings.pauses(), listener);
    while (true) {
      long before = size();
      try {
        if (before == file.bytes() && Files.exists(partial)) { // one of 0 bytes has to be made
          return;
        }
        receiveRest(before);
      } catch (TransferFailure e) {
        if (size() - before >= PROGRESS_BYTES) {
          retries.forget();
        }
        retries.pauseAfter(e);
      }
    }
  }

  private void receiveRest(long from)
      throws TransferFailure, HubException, IOException, InterruptedException {
    if (from > file.bytes()) {
      Files.delete(partial);
      throw new TransferFailure("more was received than there is");
    }
    try (var answer = hub.open(file, from)) {
      boolean goesOn = answer.status() == 206 && from > 0;
      if (answer.status() == 416 || (goesOn && !startsAt(answer, from))) {
        Files.delete(partial);
        throw new TransferFailure(answer.uri().getHost() + " does not go on where it broke off");
      }
      long start = goesOn ? from : 0;
      checkAnnounced(answer, file.bytes() - start);
      append(answer, start);
    }
  }

  private boolean startsAt(HubHttp.Answer answer, long from) {
    String range = answer.header("Content-Range").orElse("");
    return range.equals("bytes " + from + "-" + (file.bytes() - 1) + "/" + file.bytes())
        || range.equals("bytes " + from + "-" + (file.bytes() - 1) + "/*");
  }

  private void checkAnnounced(HubHttp.Answer answer, long expected) throws TransferFailure {
    String length = answer.header("Content-Length").orElse(String.valueOf(expected));
    String encoding = answer.header("Content-Encoding").orElse("identity");
    if (!length.equals(String.valueOf(expected)) || !encoding.equalsIgnoreCase("identity")) {
      throw new TransferFailure(
          "%s sends %s bytes in %s (expected: %d in identity)"
              .formatted(answer.uri().getHost(), Quoted.of(length), Quoted.of(encoding), expected));
    }
  }

  /** Writes the body after the first {@code start} bytes, and never more than were announced. */
  private void append(HubHttp.Answer answer, long start) throws TransferFailure, IOException {
    var mode = start == 0 ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND;
    byte[] buffer = new byte[BUFFER_BYTES];
    long there = start;
    Files.createDirectories(partial.getParent());
    try (InputStream body = Silence.bounded(answer.body(), surroundings.silence());
        OutputStream out =
            Files.newOutputStream(
                partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE, mode)) {
      for (int read = read(answer, body, buffer); read >= 0; read = read(answer, body, buffer)) {
        if (there + read > file.bytes()) {
          throw new TransferFailure(answer.uri().getHost() + " sends more than it announced");
        }
        out.write(buffer, 0, read);
        there += read;
        received.accept(there);
      }
    }
    if (there < file.bytes()) {
      throw new TransferFailure(
          "%s broke off at byte %d of %d".formatted(answer.uri().getHost(), there, file.bytes()));
    }
  }

  private static int read(HubHttp.Answer answer, InputStream body, byte[] buffer)
      throws TransferFailure {
    try {
      return body.read(buffer);
    } catch (IOException e) {
      throw new TransferFailure(answer.uri().getHost() + ": " + Quoted.messageOf(e), e);
    }
  }

  private long size() throws IOException {
    return Files.exists(partial) ? Files.size(partial) : 0;
  }

  private String what() {
    return file.model() + ": " + file.name();
  }
}
