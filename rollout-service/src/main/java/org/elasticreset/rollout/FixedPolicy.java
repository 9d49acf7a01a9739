package org.elasticreset.rollout;

import org.elasticreset.feed.FetchedPolicy;
import org.elasticreset.feed.PolicyFetchException;
import org.elasticreset.feed.PolicySource;

/** Nothing newer than what the model was opened with, ever. */
final class FixedPolicy implements PolicySource {
  @Override
  public FetchedPolicy fetchNewerThan(long version) {
    throw new PolicyFetchException("rollout.fixed-policy is set");
  }

  @Override
  public FetchedPolicy fetch(long version) {
    throw new PolicyFetchException("rollout.fixed-policy is set");
  }

  @Override
  public FetchedPolicy fetchAverage(long version) {
    throw new PolicyFetchException("rollout.fixed-policy is set");
  }
}
