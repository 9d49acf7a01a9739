package org.elasticreset.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.elasticreset.proto.v1.PolicyVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class PolicyFollowerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Backoff SHORT = new Backoff(Duration.ofMillis(1), Duration.ofMillis(5));

  private final FakePolicySource source = new FakePolicySource();
  private final TwoWeights model = new TwoWeights();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final PolicyFeedMetrics metrics = new PolicyFeedMetrics(registry);
  private final Queue<Runnable> fetching = new ArrayDeque<>();
  private final PolicyFollower policies = follower(fetching::add, Clock.systemUTC());
  private final ExecutorService background = Executors.newSingleThreadExecutor();

  @AfterEach
  void stop() {
    background.shutdownNow();
  }

  private PolicyFollower follower(Executor executor, Clock clock) {
    return new PolicyFollower(Policies.RUN, source, model, executor, SHORT, clock, metrics);
  }

  private void announce(long version) {
    source.newest = Math.max(source.newest, version);
    policies.announce(Policies.version(version));
    while (!fetching.isEmpty()) {
      fetching.remove().run();
    }
  }

  @Test
  void aPolicyThatIsHeldGeneratesWithoutBeingFetched() throws Exception {
    policies.hold(Policies.version(1));

    assertThat(policies.adopt(1, PATIENCE)).isEqualTo(Policies.version(1));
    assertThat(policies.isCurrent(Duration.ZERO)).isTrue();
    assertThat(fetching).isEmpty();
  }

  @Test
  void fetchedPolicyEntersTheModelOnlyBetweenBatches() throws Exception {
    announce(1);
    policies.adopt(1, PATIENCE);
    announce(2);

    assertThat(model.weight(0)).isEqualTo(1);
    assertThat(policies.version()).isEqualTo(2);
    assertThat(policies.adopt(1, PATIENCE)).isEqualTo(Policies.version(2));
    assertThat(model.weight(0)).isEqualTo(2);
    assertThat(model.weight(1)).isEqualTo(2);
  }

  @Test
  void versionsThatFollowQuicklyAreFetchedOnceAsTheNewest() {
    source.newest = 3;
    for (long version = 1; version <= 3; version++) {
      policies.announce(Policies.version(version));
    }
    fetching.remove().run();

    assertThat(fetching).isEmpty();
    assertThat(source.fetches).hasValue(1);
    assertThat(policies.version()).isEqualTo(3);
  }

  @Test
  void olderAnnouncementsNeverTakeAVersionBack() throws Exception {
    announce(5);
    announce(4);

    assertThat(source.fetches).hasValue(1);
    assertThat(policies.adopt(1, PATIENCE).getVersion()).isEqualTo(5);
  }

  @Test
  void servedVersionThatIsOlderThanTheOneHereIsNotTaken() throws Exception {
    announce(5);
    var impatient = follower(background, Clock.systemUTC());
    source.newest = 4;
    impatient.announce(Policies.version(4));

    assertThatThrownBy(() -> impatient.adopt(6, PATIENCE))
        .isInstanceOf(PolicyUnavailableException.class)
        .hasMessage(
            "minimum_policy_version: 6 is not served,"
                + " version 4 is here (version 4 is served (expected: newer than 4))");
    impatient.close();
  }

  @Test
  void nothingIsFetchedAnyMoreForABatchThatGaveUp() throws Exception {
    var impatient = follower(background, Clock.systemUTC());
    source.newest = 4;
    impatient.announce(Policies.version(4));
    assertThatThrownBy(() -> impatient.adopt(6, Duration.ofMillis(50)))
        .isInstanceOf(PolicyUnavailableException.class);
    CompletableFuture.runAsync(() -> {}, background).get(); // the retries have ended
    int fetches = source.fetches.get();
    Thread.sleep(50);

    assertThat(source.fetches).hasValue(fetches);
    assertThat(impatient.isCurrent(Duration.ZERO)).isTrue();
  }

  @Test
  void batchThatAsksForMoreThanIsHereWaitsForTheFetch() throws Exception {
    var patient = follower(background, Clock.systemUTC());
    var adopted = CompletableFuture.supplyAsync(() -> adopt(patient, 2));
    while (registry.get("policy.fetch.failures").counter().count() == 0) {
      Thread.sleep(5);
    }
    assertThat(adopted).isNotDone();
    source.newest = 2;

    assertThat(adopted.get()).isEqualTo(2);
    assertThat(registry.get("policy.fetch.bytes").counter().count()).isEqualTo(8);
    assertThat(registry.get("policy.version").gauge().value()).isEqualTo(2);
  }

  @Test
  void policyOfAStepIsWaitedFor() throws Exception {
    var patient = follower(background, Clock.systemUTC());
    source.newest = 2;
    patient.announce(Policies.version(2));
    var adopted = CompletableFuture.supplyAsync(() -> adoptOfStep(patient, 3, PATIENCE));
    Thread.sleep(50);
    assertThat(adopted).isNotDone();
    source.newest = 4;
    patient.announce(Policies.version(4));

    assertThat(adopted.get().getStep()).isEqualTo(3);
    assertThat(model.weight(0)).isEqualTo(4);
  }

  /** The service that published it died before it could say so. */
  @Test
  void policyOfAStepThatNobodyAnnouncesIsAskedForAfterAWhile() throws Exception {
    var nanos = new AtomicLong();
    var patient = follower(background, new MonotonicClock(Instant.EPOCH, nanos::get));
    source.newest = 4;
    var adopted =
        CompletableFuture.supplyAsync(() -> adoptOfStep(patient, 3, Duration.ofMinutes(1)));
    Thread.sleep(100);
    assertThat(adopted).isNotDone();

    nanos.set(Duration.ofSeconds(11).toNanos());

    assertThat(adopted.get().getStep()).isEqualTo(3);
  }

  @Test
  void policyOfAStepThatDoesNotComeIsNamed() {
    announce(2);

    assertThatThrownBy(() -> policies.adoptOfStep(3, Duration.ofMillis(20)))
        .isInstanceOf(PolicyUnavailableException.class)
        .hasMessageStartingWith(
            "the policy of step 3 did not come within PT0.02S, that of step 1 is here (");
  }

  @Test
  void waitForTheFirstPolicyEndsWhenTheFollowerStops() {
    policies.close();

    assertThatThrownBy(() -> policies.adoptOfStep(0, PATIENCE))
        .isInstanceOf(InterruptedException.class);
  }

  private static PolicyVersion adoptOfStep(PolicyFollower policies, long step, Duration patience) {
    try {
      return policies.adoptOfStep(step, patience);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long adopt(PolicyFollower policies, long minimum) {
    try {
      return policies.adopt(minimum, PATIENCE).getVersion();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static Stream<Throwable> unforeseen() {
    return Stream.of(
        new IllegalStateException("the channel is closed"),
        new OutOfMemoryError("Cannot reserve 1048576 bytes of direct buffer memory"));
  }

  /** A worker that never fetched again would look alive, and refuse every batch. */
  @ParameterizedTest
  @MethodSource("unforeseen")
  void fetchThatFailsInAWayThatNobodyForesawIsTriedAgain(Throwable failure) {
    source.failsOnce = failure;

    announce(1);

    assertThat(policies.version()).isEqualTo(1);
    assertThat(policies.lastFailure()).isEqualTo(failure.toString());
    assertThat(registry.get("policy.fetch.failures").counter().count()).isEqualTo(1);
  }

  @Test
  void announcementThatTheEmaServiceRefutesIsWithdrawn() throws Exception {
    announce(4);
    policies.announce(Policies.version(1_000_000));
    fetching.remove().run(); // asks again and again, and gives up

    assertThat(policies.newestKnown()).isEqualTo(4);
    assertThat(policies.isCurrent(Duration.ZERO)).isTrue();
    announce(5);
    assertThat(policies.adopt(5, PATIENCE).getVersion()).isEqualTo(5);
  }

  @Test
  void batchThatWaitsWhenTheWorkerStopsIsNotRefused() throws Exception {
    var stopping = follower(background, Clock.systemUTC());
    source.newest = 4;
    stopping.announce(Policies.version(4));
    stopping.close();

    assertThatThrownBy(() -> stopping.adopt(5, PATIENCE)).isInstanceOf(InterruptedException.class);
  }

  @Test
  void announcementsOfAnotherRunAreRefused() {
    var foreign = Policies.version(3).toBuilder().setRunId("another").build();

    assertThatThrownBy(() -> policies.announce(foreign))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("run_id: another (expected: test-run)");

    assertThat(fetching).isEmpty();
    assertThat(policies.newestKnown()).isZero();
  }

  @Test
  void readyMeansThatCurrentWeightsAreHere() {
    var now = new Instant[] {Instant.EPOCH};
    var clock =
        new Clock() {
          @Override
          public ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }

          @Override
          public Instant instant() {
            return now[0];
          }
        };
    var tolerance = Duration.ofSeconds(30);
    var follower = follower(fetching::add, clock);
    assertThat(follower.isCurrent(tolerance)).isFalse();
    source.newest = 1;
    follower.announce(Policies.version(1));
    fetching.remove().run();
    assertThat(follower.isCurrent(tolerance)).isTrue();

    follower.announce(Policies.version(2));

    assertThat(follower.isCurrent(tolerance)).isTrue();
    now[0] = now[0].plus(tolerance);
    assertThat(follower.isCurrent(tolerance)).isFalse();
  }

  @Test
  void policyOfAnotherArchitectureNamesTheTensor() {
    var header = Policies.messages(1).get(0).toBuilder();
    header.getHeaderBuilder().getTensorsBuilder(0).setShape(0, 4);
    var messages = new ArrayList<>(Policies.messages(1));
    messages.set(0, header.build());
    var policy = FetchedPolicy.assemble(Policies.RUN, 0, messages.iterator());

    assertThatThrownBy(() -> policy.requireFits(model.tensors()))
        .isInstanceOf(PolicyFetchException.class)
        .hasMessageStartingWith("tensor 0 is w[4] (expected: w[2];");
  }

  @Test
  void clockThatIsPutBackHoldsNoWorkerUp() {
    long[] nanos = {5};
    var clock = new MonotonicClock(Instant.EPOCH, () -> nanos[0]);
    nanos[0] += 1_500_000_000;

    // Nothing but nanoTime enters, which no one can put back.
    assertThat(clock.instant()).isEqualTo(Instant.EPOCH.plusMillis(1_500));
  }

  @Test
  void pausesBetweenAttemptsDoubleUpToTheLongest() {
    var backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));

    assertThat(backoff.after(1)).isEqualTo(Duration.ofMillis(200));
    assertThat(backoff.after(3)).isEqualTo(Duration.ofMillis(800));
    assertThat(backoff.after(1000)).isEqualTo(Duration.ofSeconds(5));
  }
}
