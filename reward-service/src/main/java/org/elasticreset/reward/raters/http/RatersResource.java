package org.elasticreset.reward.raters.http;

import static org.elasticreset.reward.raters.http.KeyAuthentication.BY_COOKIE;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.SortedSet;
import java.util.TreeSet;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.reward.raters.door.DoorStage;
import org.elasticreset.reward.raters.door.OpenCounts;
import org.elasticreset.reward.raters.door.RatersReport;
import org.elasticreset.reward.raters.door.RatingDoor;
import org.elasticreset.reward.raters.door.RatingRefused;
import org.jspecify.annotations.Nullable;

/** The JSON interface: what raters and operators may ask and say. */
@Path("/api")
class RatersResource {

  /**
   * Who is asking.
   *
   * @param muted whether what they say counts no more
   * @param done requests that they have dealt with
   */
  record Who(String rater, SortedSet<String> roles, boolean muted, long done) {}

  /** What was taken. */
  record Taken(String requestId, long revision) {}

  private final DoorStage stage;
  private final SecurityIdentity identity;

  @Inject
  RatersResource(DoorStage stage, SecurityIdentity identity) {
    this.stage = stage;
    this.identity = identity;
  }

  private String name() {
    return identity.getPrincipal().getName();
  }

  @GET
  @Path("rater")
  @RolesAllowed({"rater", "operator"})
  public Who rater() {
    RatingDoor door = stage.door();
    return new Who(
        name(), new TreeSet<>(identity.getRoles()), door.isMuted(name()), door.done(name()));
  }

  @GET
  @Path("rating-requests")
  @RolesAllowed("rater")
  public RequestsBody requests(@QueryParam("max") @DefaultValue("1") int max) {
    RatingDoor door = stage.door();
    var next = door.next(name(), max);
    return RequestsBody.of(next, door.waiting(name()), door.done(name()));
  }

  @POST
  @Path("ratings")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed("rater")
  public Uni<Response> rate(@Nullable RatingBody body) {
    if (body == null) {
      throw RatingRefused.invalid("body: none (expected: a JSON object)");
    }
    Rating said = body.rating();
    String source = Boolean.TRUE.equals(identity.getAttribute(BY_COOKIE)) ? "page" : "http";
    return Uni.createFrom()
        .completionStage(() -> stage.door().rate(name(), said, source))
        .map(revision -> new Taken(said.getRequestId(), revision))
        .map(taken -> Response.accepted(taken).build());
  }

  @GET
  @Path("raters")
  @RolesAllowed("operator")
  public RatersReport raters() {
    return stage.raters();
  }

  @GET
  @Path("rating-requests/open")
  @RolesAllowed("operator")
  public OpenCounts open() {
    return stage.open();
  }
}
