package org.elasticreset.feed;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Serves whatever version a test says is the newest; 0 is out of reach. */
public class FakePolicySource implements PolicySource {

  public final AtomicInteger fetches = new AtomicInteger();
  public final AtomicInteger averageFetches = new AtomicInteger();
  public volatile long newest;

  /** Thrown by the next fetch alone. */
  public volatile @Nullable Throwable failsOnce;

  /** What happens during a fetch. */
  public volatile Runnable fetching = () -> {};

  @Override
  public FetchedPolicy fetchNewerThan(long here) {
    fetches.incrementAndGet();
    fetching.run();
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
      throw new NotServedException("version " + version + " is not served");
    }
    return Policies.fetched(version, 0);
  }
}
