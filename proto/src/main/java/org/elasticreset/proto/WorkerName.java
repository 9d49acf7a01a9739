package org.elasticreset.proto;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.stub.MetadataUtils;

/**
 * Who keeps a model on a policy, by its own word: in the metadata of {@code FetchPolicy}, as the
 * message is about the policy. People are shown it beside the version that was fetched; nothing
 * hangs on it.
 */
public final class WorkerName {

  private static final Metadata.Key<byte[]> HEADER =
      Metadata.Key.of("elastic-reset-worker-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private static final Context.Key<String> CALLER = Context.key("name of the worker");

  private WorkerName() {}

  /** Sends it with each call. */
  public static ClientInterceptor sent(String name) {
    Metadata headers = new Metadata();
    headers.put(HEADER, name.getBytes(UTF_8));
    return MetadataUtils.newAttachHeadersInterceptor(headers);
  }

  /** Keeps what came for {@link #ofCaller}. */
  public static ServerInterceptor received() {
    return new ServerInterceptor() {
      @Override
      public <A, B> ServerCall.Listener<A> interceptCall(
          ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
        byte[] name = headers.get(HEADER);
        return name == null
            ? next.startCall(call, headers)
            : Contexts.interceptCall(
                Context.current().withValue(CALLER, new String(name, UTF_8)), call, headers, next);
      }
    };
  }

  /** What the caller of the call under way calls itself; empty if nothing. */
  public static String ofCaller() {
    String name = CALLER.get();
    return name == null ? "" : name;
  }
}
