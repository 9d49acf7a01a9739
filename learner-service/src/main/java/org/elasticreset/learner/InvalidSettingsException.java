package org.elasticreset.learner;

/** The settings or the files they name cannot be used; the message is one line for people. */
final class InvalidSettingsException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  InvalidSettingsException(String message) {
    super(message);
  }
}
