package org.elasticreset.proto;

/**
 * Ids that end with a place in what they begin with: a head, a separator, an index from 0.
 *
 * @param separator the first of them ends the head
 * @param name of such an id, for whoever has a wrong one
 * @param expected what it looks like
 */
record IndexedId(char separator, String name, String expected) {

  /** What stands before the separator; at least one character. */
  String head(String id) {
    return id.substring(0, end(id));
  }

  /** What stands behind it. */
  int index(String id) {
    try {
      return Integer.parseUnsignedInt(id, end(id) + 1, id.length(), 10);
    } catch (NumberFormatException e) {
      throw malformed(id);
    }
  }

  private int end(String id) {
    int end = id.indexOf(separator);
    if (end <= 0 || end == id.length() - 1) {
      throw malformed(id);
    }
    return end;
  }

  private IllegalArgumentException malformed(String id) {
    return new IllegalArgumentException(
        "%s: '%s' (expected: %s)".formatted(name, Untrusted.shown(id), expected));
  }
}
