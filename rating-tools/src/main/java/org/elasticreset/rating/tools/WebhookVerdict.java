package org.elasticreset.rating.tools;

/** What a delivery proves to be; whatever is not genuine is answered with 401. */
public enum WebhookVerdict {
  /** Signed with a secret that is known, just now. */
  GENUINE,
  /** It lacks one of {@code webhook-id}, {@code webhook-timestamp}, {@code webhook-signature}. */
  HEADER_MISSING,
  /** Its timestamp is not a count of seconds since 1970. */
  NO_TIMESTAMP,
  /** Signed longer ago than is tolerated: a replay, or a clock that is wrong. */
  TOO_OLD,
  /** Signed further in the future than is tolerated: a clock that is wrong. */
  TOO_NEW,
  /** No signature is of a secret that is known. */
  WRONG_SIGNATURE
}
