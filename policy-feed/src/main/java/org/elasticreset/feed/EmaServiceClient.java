package org.elasticreset.feed;

import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.elasticreset.proto.EmaServiceChannel;
import org.elasticreset.proto.StatusWords;
import org.elasticreset.proto.TlsFiles;
import org.elasticreset.proto.WorkerName;
import org.elasticreset.proto.v1.ElasticResetGrpc;
import org.elasticreset.proto.v1.FetchPolicyRequest;
import org.elasticreset.proto.v1.FetchPolicyResponse;
import org.elasticreset.tracing.GrpcTraceparent;

/** Fetches policies from the ema-service, over one connection with a window fit for weights. */
public final class EmaServiceClient implements PolicySource, AutoCloseable {

  private final String address;
  private final String runId;
  private final String worker;
  private final Duration timeout;
  private final ManagedChannel channel;

  /**
   * Begins to connect, so that the first fetch does not wait for what that loads.
   *
   * @param key of the setting that gives the address, for messages: {@code rollout.ema-service}
   * @param address {@code host:port}
   * @param worker what this process is called, for people who look who has which version
   * @param timeout longest time that one transfer may take
   */
  public EmaServiceClient(
      String key,
      String address,
      String runId,
      String worker,
      Duration timeout,
      Optional<TlsFiles> tls) {
    this.address = requireAddress(key, address);
    this.runId = runId;
    this.worker = worker;
    this.timeout = timeout;
    this.channel = EmaServiceChannel.open(address, tls);
    channel.getState(true);
  }

  @Override
  public FetchedPolicy fetchNewerThan(long version) {
    return fetch(
        FetchPolicyRequest.newBuilder().setRunId(runId).build(),
        messages -> FetchedPolicy.assemble(runId, version, messages),
        WorkerName.sent(worker));
  }

  @Override
  public FetchedPolicy fetchAverage(long version) {
    return fetch(
        FetchPolicyRequest.newBuilder()
            .setRunId(runId)
            .setVersion(version)
            .setAverage(true)
            .build(),
        messages -> FetchedPolicy.assembleAverage(runId, version, messages));
  }

  @Override
  public FetchedPolicy fetch(long version) {
    FetchedPolicy policy =
        fetch(
            FetchPolicyRequest.newBuilder().setRunId(runId).setVersion(version).build(),
            messages -> FetchedPolicy.assemble(runId, version - 1, messages));
    if (policy.version().getVersion() != version) {
      throw new PolicyFetchException(
          "version %d (expected: %d)".formatted(policy.version().getVersion(), version));
    }
    return policy;
  }

  private FetchedPolicy fetch(
      FetchPolicyRequest request,
      Function<Iterator<FetchPolicyResponse>, FetchedPolicy> assembling,
      ClientInterceptor... interceptors) {
    var stub =
        ElasticResetGrpc.newBlockingStub(channel)
            .withInterceptors(GrpcTraceparent.sent())
            .withInterceptors(interceptors)
            .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
    // Closing it ends a transfer that is of no use.
    try (var call = Context.current().withCancellation()) {
      var caller = call.attach();
      try {
        return assembling.apply(stub.fetchPolicy(request));
      } catch (StatusRuntimeException e) {
        if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
          throw new NotServedException(describe(e));
        }
        throw new PolicyFetchException(describe(e), e);
      } finally {
        call.detach(caller);
      }
    }
  }

  private String describe(StatusRuntimeException failure) {
    return "ema-service at " + address + " answered " + StatusWords.of(failure.getStatus());
  }

  private static String requireAddress(String key, String address) {
    if (!address.matches("[^:/\\s]+:\\d{1,5}")) {
      throw new IllegalArgumentException(key + ": " + address + " (expected: host:port)");
    }
    return address;
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
