package org.elasticreset.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ExactPolicyTest {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final FakePolicySource source = new FakePolicySource();
  private final TwoWeights weights = new TwoWeights();
  private final ExactPolicy policy =
      new ExactPolicy(
          source, new Backoff(Duration.ofMillis(1), Duration.ofMillis(5)), Clock.systemUTC());

  @Test
  void versionIsFetchedOnceHoweverManyBatchesAskForIt() throws Exception {
    source.newest = 7;

    policy.hold(4, weights, PATIENCE);
    policy.hold(4, weights, PATIENCE);

    assertThat(source.fetches).hasValue(1);
    assertThat(weights.weight(0)).isEqualTo(4);
    assertThat(weights.weight(1)).isEqualTo(4);
  }

  @Test
  void batchThatWasIssuedBeforeIsMaskedByItsOwnVersion() throws Exception {
    source.newest = 7;

    policy.hold(5, weights, PATIENCE);
    policy.hold(4, weights, PATIENCE);

    assertThat(weights.weight(0)).isEqualTo(4);
  }

  @Test
  void versionThatDoesNotExistIsNotWaitedForUntilPatienceEnds() {
    source.newest = 7;

    assertThatThrownBy(() -> policy.hold(8, weights, PATIENCE))
        .isInstanceOf(PolicyUnavailableException.class)
        .hasMessage("version 8 did not come within PT10S (version 8 is not served)");
    assertThat(source.fetches).hasValue(5);
  }

  @Test
  void serviceThatIsAwayIsWaitedForAsLongAsPatienceLasts() {
    ExactPolicy impatient =
        new ExactPolicy(
            new Unreachable(),
            new Backoff(Duration.ofMillis(1), Duration.ofMillis(5)),
            Clock.systemUTC());

    assertThatThrownBy(() -> impatient.hold(1, weights, Duration.ofMillis(50)))
        .isInstanceOf(PolicyUnavailableException.class)
        .hasMessage("version 1 did not come within PT0.05S (out of reach)");
  }

  @Test
  void stopEndsAWaitingBatchWithoutRefusingIt() {
    ExactPolicy stopped =
        new ExactPolicy(
            new Unreachable(),
            new Backoff(Duration.ofSeconds(5), Duration.ofSeconds(5)),
            Clock.systemUTC());
    var waiting =
        CompletableFuture.runAsync(
            () -> {
              try {
                stopped.hold(1, weights, PATIENCE);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });

    stopped.close();

    assertThatThrownBy(waiting::get)
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseInstanceOf(InterruptedException.class);
  }

  private static final class Unreachable implements PolicySource {

    @Override
    public FetchedPolicy fetchNewerThan(long version) {
      throw new PolicyFetchException("out of reach");
    }

    @Override
    public FetchedPolicy fetchAverage(long version) {
      throw new PolicyFetchException("out of reach");
    }

    @Override
    public FetchedPolicy fetch(long version) {
      throw new PolicyFetchException("out of reach");
    }
  }
}
