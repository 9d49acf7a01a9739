package org.elasticreset.proto;

/**
 * Ids of what people are asked: a case is {@code <rollout id>@<policy version>}, a request {@code
 * <case id>#<index in the case>}.
 */
public final class RatingIds {

  private static final char OF_CASE = '#';

  private static final IndexedId INDEXED =
      new IndexedId(OF_CASE, "request_id", "<case id>#<index>, like train-12-0/3@17#0");

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
    return INDEXED.head(requestId);
  }

  /** The place of a request in its case, from 0. */
  public static int index(String requestId) {
    return INDEXED.index(requestId);
  }
}
