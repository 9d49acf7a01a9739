package org.elasticreset.cli;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.elasticreset.proto.EmaServiceChannel;
import org.elasticreset.proto.StatusWords;
import org.elasticreset.proto.TlsFiles;
import org.elasticreset.proto.v1.ElasticResetGrpc;
import org.elasticreset.proto.v1.ElasticResetGrpc.ElasticResetBlockingStub;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code elastic-reset operate}: what a person may do about a run that is under way. */
@Command(
    name = "operate",
    description = "Look at a run that is under way, hold it, or decide on its resets.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class OperateCommand implements Callable<Integer> {
  private static final int TIMEOUT_SECONDS = 10;

  @Parameters(
      index = "0",
      paramLabel = "RUN",
      description = "Directory of the run, or its name under --runs; its id with --ema-service.")
  private Path run = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "ACTION",
      description = "status, pause, resume, reset, approve or refuse.")
  private String action = "";

  @Option(names = "--by", paramLabel = "NAME", description = "Who you are; all but status ask it.")
  private String by = "";

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why, for the record; all but status ask it.")
  private String reason = "";

  @Option(
      names = "--ema-service",
      paramLabel = "HOST:PORT",
      description = "Of a run on other machines.")
  private @Nullable String emaService;

  @Option(
      names = "--certificate",
      paramLabel = "PEM",
      description = "Yours, for mutual TLS: its common name is who you are, whatever --by says.")
  private @Nullable Path certificate;

  @Option(names = "--key", paramLabel = "PEM", description = "Its private key.")
  private @Nullable Path key;

  @Option(
      names = "--authority",
      paramLabel = "PEM",
      description = "Authorities of the ema-service's certificate.")
  private @Nullable Path authority;

  @Mixin private RunsOption runs = new RunsOption();

  @Override
  public Integer call() throws InterruptedException {
    Operation operation = Operation.of(action);
    if (operation != Operation.STATUS && certificate == null && by.isBlank()) {
      throw InvalidInputException.of("--by", "missing", "your name, for " + action);
    }
    if (operation != Operation.STATUS && reason.isBlank()) {
      throw InvalidInputException.of("--reason", "missing", "why, for the record of " + action);
    }
    String address = address();
    ManagedChannel channel = EmaServiceChannel.open(address, tls());
    try {
      ElasticResetBlockingStub stub =
          ElasticResetGrpc.newBlockingStub(channel)
              .withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      String runId = emaService == null ? directory().name() : run.toString();
      operation.of(stub, new Operation.Request(runId, by, reason)).forEach(System.out::println);
      return 0;
    } catch (StatusRuntimeException e) {
      throw new InvalidInputException(
          "ema-service at %s: %s".formatted(address, StatusWords.of(e.getStatus())));
    } finally {
      channel.shutdownNow().awaitTermination(1, TimeUnit.SECONDS);
    }
  }

  private RunDirectory directory() {
    return RunDirectory.find(run, runs.folder(), () -> "");
  }

  private String address() {
    if (emaService != null) {
      if (!emaService.matches("[^:/\\s]+:\\d{1,5}")) {
        throw InvalidInputException.of("--ema-service", emaService, "host:port");
      }
      return emaService;
    }
    RunDirectory directory = directory();
    if (!Files.isRegularFile(directory.emaServiceAddress())) {
      throw InvalidInputException.of(
          "RUN", directory.path(), "a run that is under way; no launcher runs this one");
    }
    try {
      return Files.readString(directory.emaServiceAddress()).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<TlsFiles> tls() {
    try {
      return TlsFiles.of(
          "--",
          Optional.ofNullable(certificate),
          Optional.ofNullable(key),
          "authority",
          Optional.ofNullable(authority));
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()));
    }
  }
}
