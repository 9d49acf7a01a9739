package org.elasticreset.ema.console;

import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Who may call. With keys, who shows one. Without, whoever is on this machine, but no page of
 * another site that this machine's browser has open: it has another host's name, or another origin,
 * and may not send our header.
 */
class ConsoleDoor {

  static final String OURS = "X-Elastic-Reset-Console";
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]", "::1");
  private static final String BEARER = "Bearer ";

  private static final Logger LOG = Logger.getLogger(ConsoleDoor.class);

  private final Console console;

  @Inject
  ConsoleDoor(Console console) {
    this.console = console;
  }

  @ServerRequestFilter
  @Nullable Response refuse(ContainerRequestContext call, HttpServerRequest request) {
    if (!console.isEnabled()) {
      return Response.status(404).build();
    }
    URI asked = call.getUriInfo().getRequestUri();
    boolean looks = call.getMethod().equals("GET");
    if (console.keys().isPresent()) {
      Response refusal =
          refuseKey(call, String.valueOf(request.remoteAddress().hostAddress()), looks);
      if (refusal != null) {
        return refusal;
      }
    } else if (!THIS_MACHINE.contains(String.valueOf(asked.getHost()))) {
      return refusal(403, "Host: another name (expected: localhost or 127.0.0.1)");
    }
    return looks ? null : refuseForged(call, asked);
  }

  private @Nullable Response refuseKey(
      ContainerRequestContext call, String address, boolean looks) {
    String shown = call.getHeaderString("Authorization");
    Optional<ConsoleKeys.Holder> holder = holder(console, shown);
    if (holder.isPresent()) {
      return looks || holder.get().operator()
          ? null
          : refusal(403, "role of %s: viewer (expected: operator)".formatted(holder.get().name()));
    }
    // Nobody with a right key is kept out for the wrong ones of others behind the same address.
    long wait = console.wrongKeys().secondsToWait(address);
    if (wait > 0) {
      return Response.fromResponse(
              refusal(
                  429,
                  "Authorization: too many wrong keys (expected: no more for %d seconds)"
                      .formatted(wait)))
          .header("Retry-After", wait)
          .build();
    }
    if (shown != null) {
      console.wrongKeys().add(address);
      if (console.wrongKeys().secondsToWait(address) > 0) {
        LOG.warnf("wrong keys, not listened to for a minute from=%s", address);
      }
    }
    return refusal(401, "Authorization: no key that is known here (expected: Bearer KEY)");
  }

  private static @Nullable Response refuseForged(ContainerRequestContext call, URI asked) {
    if (call.getHeaderString(OURS) == null) {
      return refusal(403, OURS + ": none (expected: 1)");
    }
    String site = call.getHeaderString("Sec-Fetch-Site");
    if (site != null && !site.equals("same-origin")) {
      return refusal(403, "Sec-Fetch-Site: another (expected: same-origin)");
    }
    String origin = call.getHeaderString("Origin");
    if (origin != null && !origin.endsWith("://" + asked.getAuthority())) {
      return refusal(403, "Origin: another (expected: that of the console)");
    }
    return null;
  }

  /** Whose key an {@code Authorization} header shows. */
  static Optional<ConsoleKeys.Holder> holder(Console console, @Nullable String authorization) {
    if (authorization == null || !authorization.startsWith(BEARER)) {
      return Optional.empty();
    }
    return console
        .keys()
        .flatMap(keys -> keys.holder(authorization.substring(BEARER.length()).strip()));
  }

  static Response refusal(int status, String why) {
    return Response.status(status)
        .type(MediaType.APPLICATION_JSON_TYPE)
        .entity(Map.of("error", why))
        .build();
  }
}
