package org.elasticreset.reward.raters.tools;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.elasticreset.rating.tools.ToolEvent;
import org.jspecify.annotations.Nullable;

/** The webhook of a tool: whose deliveries are taken, and what they say. */
interface Webhook {

  /** The tool, as {@code source} of its ratings. */
  String source();

  /**
   * Why a delivery is not taken; empty if it is genuine.
   *
   * @param header value of a header by its name in lower case, or null
   * @param body as it came
   */
  Optional<String> objection(Function<String, @Nullable String> header, byte[] body, Instant now);

  /** What a delivery is known by when it comes again; empty if the tool gives it no id. */
  Optional<String> id(Function<String, @Nullable String> header);

  /**
   * What a genuine delivery says.
   *
   * @throws IllegalArgumentException naming the field that cannot be used
   */
  List<ToolEvent> events(byte[] body);
}
