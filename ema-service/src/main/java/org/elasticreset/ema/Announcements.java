package org.elasticreset.ema;

import org.elasticreset.proto.v1.PolicyVersion;

/** Where new versions are made known. */
interface Announcements {

  /**
   * Announces a version, behind those before it; waits for nobody.
   *
   * @throws RuntimeException if it cannot even be kept until it is announced
   */
  void announce(PolicyVersion version);
}
