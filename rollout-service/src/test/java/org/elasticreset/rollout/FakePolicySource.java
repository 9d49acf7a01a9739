package org.elasticreset.rollout;

import java.util.concurrent.atomic.AtomicInteger;

/** Serves whatever version a test says is the newest; 0 is out of reach. */
class FakePolicySource implements PolicySource {

  final AtomicInteger fetches = new AtomicInteger();
  volatile long newest;

  @Override
  public FetchedPolicy fetchNewerThan(long here) {
    fetches.incrementAndGet();
    long version = newest;
    if (version == 0) {
      throw new PolicyFetchException("out of reach");
    }
    return Policies.fetched(version, here);
  }
}
