package org.elasticreset.reward.raters.http;

import static org.elasticreset.reward.raters.http.KeyAuthentication.BY_COOKIE;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a change by cookie without the token that only our own page can read. Whether it is the
 * right one, Quarkus checks wherever there is one.
 */
class ForgedCalls {

  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
  private static final String TOKEN = "X-CSRF-TOKEN";

  private final SecurityIdentity identity;

  @Inject
  ForgedCalls(SecurityIdentity identity) {
    this.identity = identity;
  }

  @ServerRequestFilter
  @Nullable Response refuse(ContainerRequestContext call) {
    boolean signsIn =
        call.getMethod().equals("POST") && call.getUriInfo().getPath().equals("/api/session");
    if (SAFE.contains(call.getMethod())
        || signsIn
        || !Boolean.TRUE.equals(identity.getAttribute(BY_COOKIE))
        || call.getHeaderString(TOKEN) != null) {
      return null;
    }
    return Response.status(Response.Status.FORBIDDEN)
        .type(MediaType.APPLICATION_JSON_TYPE)
        .entity(Refusal.of(TOKEN + ": none (expected: the value of the cookie csrf-token)"))
        .build();
  }
}
