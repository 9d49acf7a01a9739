package org.elasticreset.reward.raters.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.stream.Collectors;
import org.elasticreset.reward.raters.door.RatingRefused;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** From what went wrong to what the caller is told. */
class Refusals {

  private static final int TOO_MANY_REQUESTS = 429;

  @ServerExceptionMapper
  Response refused(RatingRefused refused) {
    int status =
        switch (refused.why()) {
          case INVALID -> Response.Status.BAD_REQUEST.getStatusCode();
          case MUTED -> Response.Status.FORBIDDEN.getStatusCode();
          case UNKNOWN -> Response.Status.NOT_FOUND.getStatusCode();
          case CLOSED -> Response.Status.GONE.getStatusCode();
          case TOO_MANY -> TOO_MANY_REQUESTS;
          case UNAVAILABLE -> Response.Status.SERVICE_UNAVAILABLE.getStatusCode();
        };
    Response.ResponseBuilder response =
        answer(status, Refusal.ofField(String.valueOf(refused.getMessage())));
    refused
        .retryAfter()
        .ifPresent(
            wait -> response.header(HttpHeaders.RETRY_AFTER, wait.plusMillis(999).toSeconds()));
    return response.build();
  }

  @ServerExceptionMapper
  Response nobody(UnauthorizedException e) {
    return answer(
            Response.Status.UNAUTHORIZED.getStatusCode(),
            Refusal.of("key: none that is known (expected: Authorization: Bearer KEY)"))
        .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
        .build();
  }

  @ServerExceptionMapper
  Response somebodyElse(ForbiddenException e) {
    return answer(
            Response.Status.FORBIDDEN.getStatusCode(),
            Refusal.of("role: another (expected: the one that this call is for)"))
        .build();
  }

  /** The second of them has a mapper in Quarkus, which would say it otherwise. */
  @ServerExceptionMapper({JsonProcessingException.class, MismatchedInputException.class})
  Response unreadable(JsonProcessingException e) {
    String field =
        e instanceof JsonMappingException mapping
            ? mapping.getPath().stream()
                .map(JsonMappingException.Reference::getFieldName)
                .filter(name -> name != null)
                .collect(Collectors.joining("."))
            : "";
    return answer(
            Response.Status.BAD_REQUEST.getStatusCode(),
            field.isEmpty()
                ? Refusal.of("body: unreadable (expected: a JSON object)")
                : Refusal.ofField(field + ": of another type (expected: as docs/raters.md says)"))
        .build();
  }

  private static Response.ResponseBuilder answer(int status, Refusal refusal) {
    return Response.status(status).type(MediaType.APPLICATION_JSON_TYPE).entity(refusal);
  }
}
