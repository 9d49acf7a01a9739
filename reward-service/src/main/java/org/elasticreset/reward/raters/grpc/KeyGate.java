package org.elasticreset.reward.raters.grpc;

import static io.grpc.Status.PERMISSION_DENIED;
import static io.grpc.Status.UNAUTHENTICATED;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Optional;
import org.elasticreset.reward.raters.door.RaterKeys;
import org.elasticreset.reward.raters.door.RaterKeys.Caller;
import org.jspecify.annotations.Nullable;

/** Lets a call through that shows the key of a rater. */
final class KeyGate implements ServerInterceptor {

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final Context.Key<String> RATER = Context.key("rater");
  private static final String BEARER = "Bearer ";

  private final RaterKeys keys;

  KeyGate(RaterKeys keys) {
    this.keys = keys;
  }

  /** Whose call this thread serves. */
  static String rater() {
    return RATER.get();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Optional<Caller> caller = key(headers).flatMap(keys::caller);
    if (caller.isEmpty()) {
      return refuse(
          call,
          UNAUTHENTICATED.withDescription(
              "key: none that is known (expected: authorization: Bearer KEY)"));
    }
    if (!caller.get().role().equals("rater")) {
      return refuse(
          call,
          PERMISSION_DENIED.withDescription(
              "role: %s (expected: rater)".formatted(caller.get().role())));
    }
    Context context = Context.current().withValue(RATER, caller.get().name());
    return Contexts.interceptCall(context, call, headers, next);
  }

  private static Optional<String> key(Metadata headers) {
    @Nullable String header = headers.get(AUTHORIZATION);
    return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? Optional.of(header.substring(BEARER.length()).strip())
        : Optional.empty();
  }

  private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, Status status) {
    call.close(status, new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
