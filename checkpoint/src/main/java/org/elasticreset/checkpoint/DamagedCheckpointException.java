package org.elasticreset.checkpoint;

/** A checkpoint that is not as it was written; the message names the file and what is wrong. */
public final class DamagedCheckpointException extends Exception {

  private static final long serialVersionUID = 1L;

  public DamagedCheckpointException(String message) {
    super(message);
  }
}
