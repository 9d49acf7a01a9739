package org.elasticreset.ema.console;

import io.grpc.StatusRuntimeException;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the page asks for; {@link ConsoleDoor} has let it in. */
@Path("/api/console")
public class ConsoleResource {

  private static final int MOST_PAGES = 64;
  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_REASON = 500;

  private final Console console;
  private final RunControl run;
  private final AtomicInteger pages = new AtomicInteger();

  @Inject
  ConsoleResource(Console console, RunControl run) {
    this.console = console;
    this.run = run;
  }

  /** What a person wants done. */
  public record Wish(@Nullable String action, @Nullable String by, @Nullable String reason) {}

  @GET
  @Path("/status")
  @Produces(MediaType.APPLICATION_JSON)
  public String status(@HeaderParam("Authorization") @Nullable String authorization) {
    return status(ConsoleDoor.holder(console, authorization));
  }

  private String status(Optional<ConsoleKeys.Holder> you) {
    return StatusJson.of(run.runId(), run.status(), you);
  }

  /** The run's events behind the one that the caller has last, and then as they come. */
  @GET
  @Path("/events")
  @Blocking // keys may be read from the disk
  @Produces(MediaType.SERVER_SENT_EVENTS)
  public Multi<OutboundSseEvent> events(
      @HeaderParam("Authorization") @Nullable String authorization,
      @HeaderParam("Last-Event-ID") @Nullable String last,
      @Context Sse sse) {
    if (pages.incrementAndGet() > MOST_PAGES) {
      pages.decrementAndGet();
      throw new WebApplicationException(
          ConsoleDoor.refusal(503, "pages: more than %d (expected: fewer)".formatted(MOST_PAGES)));
    }
    Supplier<Optional<ConsoleKeys.Holder>> you = () -> ConsoleDoor.holder(console, authorization);
    return new ConsoleStream(
            console.log(), () -> status(you.get()), console.queues()::want, sse, offset(last))
        // A key that was taken out of the file counts no more.
        .events(() -> console.keys().isEmpty() || you.get().isPresent())
        .onTermination()
        .invoke(pages::decrementAndGet);
  }

  private static long offset(@Nullable String last) {
    try {
      return last == null || last.isBlank() ? -1 : Long.parseLong(last.strip());
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  @POST
  @Path("/actions")
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  public Response act(
      @HeaderParam("Authorization") @Nullable String authorization, @Nullable Wish wish) {
    try {
      if (wish == null) {
        throw new IllegalArgumentException("body: none (expected: action, by and reason)");
      }
      Optional<ConsoleKeys.Holder> key =
          ConsoleDoor.holder(console, authorization).filter(ConsoleKeys.Holder::operator);
      if (console.keys().isPresent() && key.isEmpty()) {
        // It counted at the door, and does not any more: no name that is typed stands for it.
        return ConsoleDoor.refusal(401, "Authorization: no key of an operator any more");
      }
      Optional<String> holder = key.map(ConsoleKeys.Holder::name);
      String name = holder.orElseGet(() -> required("by", wish.by(), LONGEST_NAME));
      String reason = required("reason", wish.reason(), LONGEST_REASON);
      Action action = Action.of(String.valueOf(wish.action()));
      Optional<String> refusal = run.refusal(action, name);
      if (refusal.isPresent()) {
        return ConsoleDoor.refusal(403, refusal.get());
      }
      run.act(action, new Person(name, holder.isPresent()), reason);
      return Response.ok(Map.of("done", action.word(), "by", name)).build();
    } catch (IllegalArgumentException e) {
      return ConsoleDoor.refusal(400, String.valueOf(e.getMessage()));
    } catch (StatusRuntimeException e) {
      return ConsoleDoor.refusal(code(e), String.valueOf(e.getStatus().getDescription()));
    }
  }

  private static String required(String field, @Nullable String said, int longest) {
    if (said == null || said.isBlank() || said.length() > longest) {
      throw new IllegalArgumentException(
          "%s: %s (expected: 1 to %d characters)"
              .formatted(field, said == null || said.isBlank() ? "none" : "too long", longest));
    }
    return said.strip();
  }

  private static int code(StatusRuntimeException e) {
    return switch (e.getStatus().getCode()) {
      case INVALID_ARGUMENT -> 400;
      case FAILED_PRECONDITION -> 409;
      case RESOURCE_EXHAUSTED -> 507;
      default -> 500;
    };
  }
}
