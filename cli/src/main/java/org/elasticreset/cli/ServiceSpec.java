package org.elasticreset.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A service process to fork.
 *
 * @param name what people read: {@code learner-service}, {@code rollout-service-2}
 * @param ready answers 200 once the service can work
 */
record ServiceSpec(
    String name,
    List<String> command,
    Map<String, String> environment,
    Path directory,
    Path log,
    URI ready) {}
