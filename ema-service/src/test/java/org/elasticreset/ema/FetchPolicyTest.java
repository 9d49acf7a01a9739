package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.elasticreset.algorithm.ResetTrigger;
import org.elasticreset.proto.WorkerName;
import org.elasticreset.proto.v1.FetchPolicyRequest;
import org.elasticreset.proto.v1.FetchPolicyResponse;
import org.elasticreset.proto.v1.GetStatusRequest;
import org.elasticreset.proto.v1.PolicyHeader;
import org.elasticreset.proto.v1.RequestResetRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The workers' and the operators' side of the contract, over Netty. */
class FetchPolicyTest {

  private static final int MIB = 1 << 20;

  /** More than windows and queues hold of one fetch. */
  private static final int COUNT = 12 * MIB / Float.BYTES + 1;

  private final float[] initial = Policies.random(COUNT, 0);
  private final Learner learner = () -> {};

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer(new ResetTrigger.EveryNUpdates(10), directory);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void keptVersionsAreServedByNumberAndTheNewestByZero() throws Exception {
    begin();
    publish(1);
    publish(2);

    assertThat(fetch(0).header.getVersion().getVersion()).isEqualTo(3);
    var fetched = fetch(2);
    assertThat(fetched.header.getVersion().getStep()).isEqualTo(1);
    assertThat(fetched.header.getTensorsList())
        .isEqualTo(Policies.openRun(initial).getTensorsList());
    assertThat(fetched.header.getTotalBytes()).isEqualTo((long) COUNT * Float.BYTES);
    assertThat(fetched.weights).isEqualTo(Policies.bytes(Policies.random(COUNT, 1)));
    assertRefused(request(1), Status.Code.NOT_FOUND, "version: 1 (kept: 2 to 3)");
  }

  @Test
  void statusSaysWhichVersionAWorkerWasSentWhole() throws Exception {
    begin(Policies.random(12 * MIB, 0));
    var whole = fetchAs("worker-1");
    while (whole.read() != null) {
      // all of it
    }
    var slow = fetchAs("worker-2");
    receive(slow);
    fetch(0);

    var workers = server.stub().getStatus(GetStatusRequest.getDefaultInstance()).getWorkersList();

    assertThat(workers)
        .singleElement()
        .satisfies(
            worker -> {
              assertThat(worker.getName()).isEqualTo("worker-1");
              assertThat(worker.getVersion()).isEqualTo(1);
              assertThat(worker.getFetchedMillis()).isPositive();
            });
    slow.cancel("enough", null);
  }

  private BlockingClientCall<?, FetchPolicyResponse> fetchAs(String worker) {
    return server.stub().withInterceptors(WorkerName.sent(worker)).fetchPolicy(request(0));
  }

  @Test
  void averageBehindEachKeptVersionIsServedWithItsDigest() throws Exception {
    begin();
    publish(1);
    publish(2);

    var behindSecond = fetch(request(2).toBuilder().setAverage(true).build());

    var expected = Policies.average(initial, List.of(Policies.random(COUNT, 1)));
    assertThat(behindSecond.header.getVersion().getVersion()).isEqualTo(2);
    assertThat(behindSecond.header.getAverageDigest()).isEqualTo(Policies.digest(expected));
    assertThat(behindSecond.weights).isEqualTo(Policies.bytes(expected));
    assertThat(fetch(2).header.getAverageDigest()).isEmpty();
  }

  @Test
  void versionWhoseSnapshotIsKeptIsServedLongAfterItWasTheNewest() throws Exception {
    begin();
    for (int step = 1; step <= 4; step++) {
      hold(step);
      Policies.release(server.policy, learner, step, (long) step, 1L);
    }

    var fetched = fetch(2);

    assertThat(fetched.header.getVersion().getStep()).isEqualTo(1);
    assertThat(fetched.weights).isEqualTo(Policies.bytes(Policies.random(COUNT, 1)));
    assertRefused(request(3), Status.Code.NOT_FOUND, "version: 3 (kept: 4 to 5)");
  }

  @Test
  void versionWhoseSnapshotIsKeptIsServedByAServiceThatWasStartedAgain() throws Exception {
    begin();
    for (int step = 1; step <= 3; step++) {
      hold(step);
      Policies.release(server.policy, learner, step, (long) step, 1L);
    }
    hold(4);
    server.close();
    server = new TestServer(new ResetTrigger.EveryNUpdates(10), directory);
    assertThat(server.policy.load()).isEmpty();

    var fetched = fetch(2);

    assertThat(fetched.header.getVersion().getVersion()).isEqualTo(2);
    assertThat(fetched.weights).isEqualTo(Policies.bytes(Policies.random(COUNT, 1)));
    assertRefused(request(5), Status.Code.NOT_FOUND, "version: 5 (kept: 4 to 4)");
  }

  @Test
  void versionThatIsBeingFetchedIsNotTornByUpdates() throws Exception {
    begin();
    var slow = server.stub().fetchPolicy(request(1));
    var header = receive(slow).getHeader();
    receive(slow);

    // Version 1 is no longer kept when the worker goes on, and every buffer was used again.
    publish(1);
    publish(2);
    publish(3);

    var rest = ByteString.EMPTY;
    while (rest.size() < header.getTotalBytes() - MIB) {
      rest = rest.concat(receive(slow).getChunk().getData());
    }
    assertThat(rest).isEqualTo(Policies.bytes(initial).substring(MIB));
    assertThat(slow.read(20, TimeUnit.SECONDS)).as("the end of the stream").isNull();
  }

  @Test
  void versionThatIsBeingFetchedIsNotTornByGoingBack() throws Exception {
    begin();
    hold(1);
    Policies.release(server.policy, learner, 1, 1L);
    publish(2);
    var slow = server.stub().fetchPolicy(request(3));
    receive(slow);
    var first = receive(slow).getChunk().getData();

    server.policy.open(
        learner, Policies.resume(initial, 1, 2, Policies.digest(Policies.random(COUNT, 1))));

    var fetched = first;
    for (var next = slow.read(); next != null; next = slow.read()) {
      fetched = fetched.concat(next.getChunk().getData());
    }
    assertThat(fetched).isEqualTo(Policies.bytes(Policies.random(COUNT, 2)));
    var newest = fetch(0);
    assertThat(newest.header.getVersion().getVersion()).isEqualTo(4);
    assertThat(newest.weights).isEqualTo(Policies.bytes(Policies.random(COUNT, 1)));
  }

  @Test
  void heldVersionIsNotServed() throws Exception {
    begin();
    hold(1);

    assertThat(fetch(0).header.getVersion().getVersion()).isEqualTo(1);
    assertRefused(request(2), Status.Code.NOT_FOUND, "version: 2 (kept: 1 to 1)");
    assertThat(server.stub().getStatus(GetStatusRequest.getDefaultInstance()).getHeldVersion())
        .isEqualTo(2);
  }

  @Test
  void slowWorkersHoldBackOnlyThemselves() throws Exception {
    var large = Policies.random(32 * MIB / Float.BYTES, 0);
    begin(large);
    var slow = new ArrayList<BlockingClientCall<?, FetchPolicyResponse>>();
    for (int worker = 0; worker < 4; worker++) {
      slow.add(server.stub().fetchPolicy(request(0)));
      receive(slow.get(worker));
    }

    var fast = fetch(0);

    assertThat(fast.weights).isEqualTo(Policies.bytes(large));
    double sentToTheSlow = server.sentBytes() - fast.weights.size();
    assertThat(sentToTheSlow)
        .as("no more than windows and queues, of 4 times 32 MiB")
        .isLessThan(4 * 16 * MIB);
    slow.forEach(call -> call.cancel("enough", null));
    assertThat(fetch(0).weights).isEqualTo(Policies.bytes(large));
  }

  @Test
  void requestsThatCannotBeServedAreRefusedInWords() throws Exception {
    assertRefused(
        request(0),
        Status.Code.UNAVAILABLE,
        "no policy yet (expected: the learner-service uploads the initial one)");
    assertRefused(
        request(0).toBuilder().setRunId("other").build(),
        Status.Code.INVALID_ARGUMENT,
        "run-id: other (expected: test-run)");
    assertThatThrownBy(
            () ->
                server
                    .stub()
                    .requestReset(RequestResetRequest.newBuilder().setRunId("other").build()))
        .hasMessageContaining("requestedBy: ");
  }

  @Test
  void statusTellsWhereTheRunStands() throws Exception {
    assertThat(server.stub().getStatus(GetStatusRequest.getDefaultInstance()).getRunId()).isEmpty();
    begin();
    publish(1);
    var asked =
        server
            .stub()
            .requestReset(
                RequestResetRequest.newBuilder()
                    .setRunId(Policies.RUN)
                    .setRequestedBy("ada")
                    .build());

    var status = server.stub().getStatus(GetStatusRequest.getDefaultInstance());

    assertThat(asked.getAfterVersion()).isEqualTo(2);
    assertThat(status.getRunId()).isEqualTo(Policies.RUN);
    assertThat(status.getNewest().getVersion()).isEqualTo(2);
    assertThat(status.getUpdates()).isEqualTo(1);
    assertThat(status.getUpdatesSinceReset()).isEqualTo(1);
    assertThat(status.getDecay()).isEqualTo(Policies.DECAY);
    assertThat(status.getInitialShare()).isEqualTo(Policies.DECAY);
    assertThat(status.getTrigger()).isEqualTo("every 10 updates");
    assertThat(status.getResetRequested()).isTrue();
  }

  private void begin() {
    begin(initial);
  }

  private void begin(float[] weights) {
    server.policy.open(learner, Policies.openRun(weights));
    server.policy.take(learner, Policies.upload(Policies.update(0, true), weights));
  }

  private void publish(int step) {
    server.policy.take(
        learner, Policies.upload(Policies.update(step, true), Policies.random(COUNT, step)));
  }

  private void hold(int step) {
    server.policy.take(
        learner, Policies.upload(Policies.checkpoint(step), Policies.random(COUNT, step)));
  }

  private record Fetched(PolicyHeader header, ByteString weights) {}

  private Fetched fetch(long version) throws Exception {
    return fetch(request(version));
  }

  private Fetched fetch(FetchPolicyRequest request) throws Exception {
    var call = server.stub().fetchPolicy(request);
    var header = receive(call).getHeader();
    var weights = ByteString.EMPTY;
    for (var next = call.read(); next != null; next = call.read()) {
      assertThat(next.getChunk().getOffset()).isEqualTo(weights.size());
      weights = weights.concat(next.getChunk().getData());
    }
    return new Fetched(header, weights);
  }

  private static FetchPolicyRequest request(long version) {
    return FetchPolicyRequest.newBuilder().setRunId(Policies.RUN).setVersion(version).build();
  }

  private static FetchPolicyResponse receive(BlockingClientCall<?, FetchPolicyResponse> call)
      throws Exception {
    return Objects.requireNonNull(call.read(20, TimeUnit.SECONDS));
  }

  private void assertRefused(FetchPolicyRequest request, Status.Code code, String reason) {
    assertThatThrownBy(() -> receive(server.stub().fetchPolicy(request)))
        .isInstanceOfSatisfying(
            StatusException.class,
            e -> {
              assertThat(Objects.requireNonNull(e.getStatus().getDescription())).isEqualTo(reason);
              assertThat(e.getStatus().getCode()).isEqualTo(code);
            });
  }
}
