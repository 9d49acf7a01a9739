package org.elasticreset.reward.raters.http;

import io.quarkus.security.UnauthorizedException;
import jakarta.annotation.security.PermitAll;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.elasticreset.reward.raters.door.DoorStage;
import org.jspecify.annotations.Nullable;

/** Signs a page in and out: a cookie that scripts cannot read and other sites cannot send. */
@Path("/api/session")
class SessionResource {

  /** A key, as the rater has it. */
  record Key(@Nullable String key) {}

  private final DoorStage stage;

  @Inject
  SessionResource(DoorStage stage) {
    this.stage = stage;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @PermitAll
  public Response signIn(@Nullable Key body, @Context UriInfo uri) {
    @Nullable String key = body == null ? null : body.key();
    if (key == null || stage.keys().caller(key).isEmpty()) {
      throw new UnauthorizedException();
    }
    return Response.noContent()
        .cookie(cookie(KeyAuthentication.cookieOf(key), uri).build())
        .build();
  }

  @DELETE
  @PermitAll
  public Response leave(@Context UriInfo uri) {
    return Response.noContent().cookie(cookie("", uri).maxAge(0).build()).build();
  }

  /** Gone with the browser. */
  private static NewCookie.Builder cookie(String value, UriInfo uri) {
    return new NewCookie.Builder(KeyAuthentication.COOKIE)
        .value(value)
        .path("/")
        .httpOnly(true)
        .sameSite(NewCookie.SameSite.STRICT)
        .secure(uri.getRequestUri().getScheme().equals("https"));
  }
}
