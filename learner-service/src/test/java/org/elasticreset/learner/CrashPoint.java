package org.elasticreset.learner;

/** Where a process may die: the fakes pass it before and after everything that has an effect. */
final class CrashPoint {

  /** Not an exception that anybody catches. */
  static final class Crash extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** Never crashes. */
  static final int NEVER = -1;

  private int passed;
  private int at = NEVER;

  void pass() {
    if (passed++ == at) {
      throw new Crash();
    }
  }

  /** Crashes once that many points have been passed. */
  void crashAt(int points) {
    at = points;
    passed = 0;
  }

  int passed() {
    return passed;
  }
}
