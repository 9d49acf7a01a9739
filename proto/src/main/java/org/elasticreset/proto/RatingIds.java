package org.elasticreset.proto;

/**
 * Ids of what people are asked: a case is {@code <rollout id>@<policy version>}, a request {@code
 * <case id>#<index in the case>}.
 */
public final class RatingIds {

  private static final char OF_CASE = '#';

  private RatingIds() {}

  /**
   * Id of a case: {@code train-12-0/3@17}.
   *
   * @param rolloutId of the first of its rollouts
   * @param policyVersion that drew them
   */
  public static String caseOf(String rolloutId, long policyVersion) {
    return rolloutId + "@" + Long.toUnsignedString(policyVersion);
  }

  /** Id of a request: {@code train-12-0/3@17#0}. */
  public static String request(String caseId, int index) {
    if (caseId.isBlank() || caseId.indexOf(OF_CASE) >= 0) {
      throw new IllegalArgumentException(
          "case_id: '%s' (expected: not blank and without '#')".formatted(Untrusted.shown(caseId)));
    }
    return caseId + OF_CASE + index;
  }

  /** The case that a request belongs to. */
  public static String caseId(String requestId) {
    return requestId.substring(0, hash(requestId));
  }

  /** The place of a request in its case, from 0. */
  public static int index(String requestId) {
    try {
      return Integer.parseUnsignedInt(requestId, hash(requestId) + 1, requestId.length(), 10);
    } catch (NumberFormatException e) {
      throw malformed(requestId);
    }
  }

  private static int hash(String requestId) {
    int hash = requestId.indexOf(OF_CASE);
    if (hash <= 0 || hash == requestId.length() - 1) {
      throw malformed(requestId);
    }
    return hash;
  }

  private static IllegalArgumentException malformed(String requestId) {
    return new IllegalArgumentException(
        "request_id: '%s' (expected: <case id>#<index>, like train-12-0/3@17#0)"
            .formatted(Untrusted.shown(requestId)));
  }
}
