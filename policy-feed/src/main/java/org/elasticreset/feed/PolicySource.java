package org.elasticreset.feed;

/** Where policies come from. */
public interface PolicySource {

  /**
   * The newest policy that is served.
   *
   * @param version the one that is here; 0 for none
   * @throws PolicyFetchException if nothing newer can be had now
   */
  FetchedPolicy fetchNewerThan(long version);

  /**
   * The average as it stood behind a version.
   *
   * @throws PolicyFetchException if it cannot be had now
   */
  FetchedPolicy fetchAverage(long version);

  /**
   * Exactly that version.
   *
   * @throws PolicyFetchException if it cannot be had now
   */
  FetchedPolicy fetch(long version);
}
