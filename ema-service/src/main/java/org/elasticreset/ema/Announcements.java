package org.elasticreset.ema;

import org.elasticreset.proto.v1.PolicyVersion;

/** Where new versions are made known. */
interface Announcements {

  /**
   * Announces a version; returns when it is announced.
   *
   * @throws RuntimeException if that fails
   */
  void announce(PolicyVersion version);
}
