package org.elasticreset.tracing;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Optional;

/** The {@code traceparent} in the metadata of gRPC calls. */
public final class GrpcTraceparent {

  private static final Metadata.Key<String> HEADER =
      Metadata.Key.of(Traceparent.NAME, Metadata.ASCII_STRING_MARSHALLER);

  private static final Context.Key<io.opentelemetry.context.Context> CALLER =
      Context.key("trace of the caller");

  private GrpcTraceparent() {}

  /** Sends the context that is current where a call starts. */
  public static ClientInterceptor sent() {
    return new ClientInterceptor() {
      @Override
      public <A, B> ClientCall<A, B> interceptCall(
          MethodDescriptor<A, B> method, CallOptions options, Channel next) {
        Optional<String> context = Traceparent.of(io.opentelemetry.context.Context.current());
        ClientCall<A, B> call = next.newCall(method, options);
        if (context.isEmpty()) {
          return call;
        }
        return new SimpleForwardingClientCall<>(call) {
          @Override
          public void start(Listener<B> listener, Metadata headers) {
            headers.put(HEADER, context.get());
            super.start(listener, headers);
          }
        };
      }
    };
  }

  /** Keeps what came for {@link #ofCaller}. */
  public static ServerInterceptor received() {
    return new ServerInterceptor() {
      @Override
      public <A, B> ServerCall.Listener<A> interceptCall(
          ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
        String context = headers.get(HEADER);
        return context == null
            ? next.startCall(call, headers)
            : Contexts.interceptCall(
                Context.current().withValue(CALLER, Traceparent.read(context)),
                call,
                headers,
                next);
      }
    };
  }

  /** The context that the caller of the call under way sent; the root context if none. */
  public static io.opentelemetry.context.Context ofCaller() {
    var caller = CALLER.get();
    return caller == null ? io.opentelemetry.context.Context.root() : caller;
  }
}
