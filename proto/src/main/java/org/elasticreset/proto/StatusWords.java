package org.elasticreset.proto;

import io.grpc.Status;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why a call failed, in words for people. */
public final class StatusWords {

  /** In the description of a call that waited for a connection, which never came. */
  private static final Pattern LAST_FAILURE =
      Pattern.compile("Last Pick Failure=Status\\{code=\\w+, description=(.*)", Pattern.DOTALL);

  /** A line of a stack trace that names an exception. */
  private static final Pattern CAUSE =
      Pattern.compile("(?:Caused by: |cause=)[\\w.$]+(?:Exception|Error): ([^\\n}]+)");

  /** What TLS says of what went wrong at the other end, and what that means. */
  private static final Map<String, String> HINTS =
      Map.of(
          "alert: bad_certificate", "the other side wants a certificate of its authority",
          "alert: certificate_required", "the other side wants a certificate of its authority",
          "alert: certificate_unknown", "the other side refused the certificate; its log says why",
          "not an SSL/TLS record", "the other side does not speak TLS",
          "Network closed for unknown reason", "as of a server that expects TLS",
          "First received frame was not SETTINGS", "as of a server that expects TLS");

  private StatusWords() {}

  /**
   * The code, what the other side said, and what lies beneath it: "UNAVAILABLE, io exception: PKIX
   * path validation failed".
   */
  public static String of(Status status) {
    String description = status.getDescription() == null ? "" : status.getDescription();
    Matcher waited = LAST_FAILURE.matcher(description);
    if (waited.find()) {
      return hinted(status.getCode() + ", " + lastOfStackTrace(waited.group(1)));
    }
    var words = new StringBuilder(status.getCode().name());
    if (!description.isEmpty()) {
      // Netty appends the handlers of its pipeline, on lines of their own.
      words.append(", ").append(description.lines().findFirst().orElse(""));
    }
    if (status.getCause() != null) {
      words.append(": ").append(rootCause(status.getCause()));
    }
    return hinted(words.toString());
  }

  private static String lastOfStackTrace(String text) {
    String last = text.replaceFirst("(?s), cause=.*", "");
    for (Matcher cause = CAUSE.matcher(text); cause.find(); ) {
      last = cause.group(1);
    }
    return last;
  }

  private static String hinted(String said) {
    String words = Untrusted.shown(said);
    return HINTS.entrySet().stream()
        .filter(hint -> words.contains(hint.getKey()))
        .map(hint -> words + " (" + hint.getValue() + ")")
        .findFirst()
        .orElse(words);
  }

  static String rootCause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
