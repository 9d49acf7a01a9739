package org.elasticreset.rollout;

import java.util.concurrent.atomic.AtomicInteger;
import org.elasticreset.feed.FetchedPolicy;
import org.elasticreset.feed.PolicyFetchException;
import org.elasticreset.feed.PolicySource;
import org.jspecify.annotations.Nullable;

/** Serves whatever version a test says is the newest; 0 is out of reach. */
class FakePolicySource implements PolicySource {

  final AtomicInteger fetches = new AtomicInteger();
  final AtomicInteger averageFetches = new AtomicInteger();
  volatile long newest;

  /** Thrown by the next fetch alone. */
  volatile @Nullable Throwable failsOnce;

  @Override
  public FetchedPolicy fetchNewerThan(long here) {
    fetches.incrementAndGet();
    Throwable failure = failsOnce;
    failsOnce = null;
    if (failure instanceof Error error) {
      throw error;
    } else if (failure instanceof RuntimeException exception) {
      throw exception;
    }
    long version = newest;
    if (version == 0) {
      throw new PolicyFetchException("out of reach");
    }
    return Policies.fetched(version, here);
  }

  /** Only of the newest version, and with its weights negated. */
  @Override
  public FetchedPolicy fetchAverage(long version) {
    averageFetches.incrementAndGet();
    if (version != newest) {
      throw new PolicyFetchException("the average of version " + version + " is not served");
    }
    return Policies.fetchedAverage(version);
  }

  /** Every version up to the newest. */
  @Override
  public FetchedPolicy fetch(long version) {
    fetches.incrementAndGet();
    if (version > newest) {
      throw new PolicyFetchException("version " + version + " is not served");
    }
    return Policies.fetched(version, 0);
  }
}
