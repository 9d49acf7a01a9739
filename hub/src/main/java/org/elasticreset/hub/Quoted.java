package org.elasticreset.hub;

/** What a stranger sent, as one readable line of bounded length. */
final class Quoted {

  private static final int LONGEST = 120;

  private Quoted() {}

  static String messageOf(Exception e) {
    return e.getMessage() == null ? "the connection broke" : of(e.getMessage());
  }

  static String of(String text) {
    StringBuilder line = new StringBuilder("\"");
    for (int i = 0; i < Math.min(text.length(), LONGEST); i++) {
      char c = text.charAt(i);
      line.append(c >= ' ' && c < 0x7f ? String.valueOf(c) : "\\u%04x".formatted((int) c));
    }
    return line.append(text.length() > LONGEST ? "…\"" : "\"").toString();
  }
}
