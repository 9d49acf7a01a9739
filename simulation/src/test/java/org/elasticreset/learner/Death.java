package org.elasticreset.learner;

/** A process died here; nothing of it catches this. */
final class Death extends Error {

  private static final long serialVersionUID = 1L;
}
