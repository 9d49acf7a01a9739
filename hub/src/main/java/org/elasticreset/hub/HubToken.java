package org.elasticreset.hub;

import java.util.regex.Pattern;

/** What proves to the Hub who asks. It is shown nowhere: not by {@link #toString()} either. */
public final class HubToken {

  private static final Pattern VISIBLE_ASCII = Pattern.compile("[\\x21-\\x7e]+");

  private final String secret;

  private HubToken(String secret) {
    this.secret = secret;
  }

  /**
   * A token, without the space around it.
   *
   * @param source names where it was found, for the message
   * @throws HubException if no request could carry it
   */
  static HubToken of(String source, String secret) throws HubException {
    String stripped = secret.strip();
    if (!VISIBLE_ASCII.matcher(stripped).matches()) {
      throw new HubException(source + ": a token (expected: printable ASCII without spaces)");
    }
    return new HubToken(stripped);
  }

  String authorization() {
    return "Bearer " + secret;
  }

  @Override
  public String toString() {
    return "token (not shown)";
  }
}
