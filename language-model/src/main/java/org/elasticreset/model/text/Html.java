package org.elasticreset.model.text;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What scraped text needs before it is read: line breaks for {@code <br />}, no tags or entities.
 */
final class Html {

  private static final Pattern BREAK = Pattern.compile(" *<br ?/?> *", Pattern.CASE_INSENSITIVE);
  private static final Pattern TAG = Pattern.compile("</?[a-zA-Z][^<>]{0,200}>");
  private static final List<String[]> ENTITIES =
      List.of(
          new String[] {"&quot;", "\""},
          new String[] {"&#39;", "'"},
          new String[] {"&apos;", "'"},
          new String[] {"&nbsp;", " "},
          new String[] {"&lt;", "<"},
          new String[] {"&gt;", ">"},
          new String[] {"&amp;", "&"});

  private Html() {}

  static String strip(String text) {
    if (text.indexOf('<') < 0 && text.indexOf('&') < 0) {
      return text;
    }
    var stripped = TAG.matcher(BREAK.matcher(text).replaceAll("\n")).replaceAll("");
    for (var entity : ENTITIES) {
      stripped = stripped.replace(entity[0], entity[1]);
    }
    return stripped;
  }
}
