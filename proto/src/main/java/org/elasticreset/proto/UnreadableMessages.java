package org.elasticreset.proto;

import static io.grpc.Status.INVALID_ARGUMENT;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/**
 * Refuses bytes that are no message, or too many once they are unzipped. gRPC by itself takes them
 * for an error of the service: a stack trace here, and UNKNOWN there.
 */
public final class UnreadableMessages implements ServerInterceptor {

  private static final System.Logger LOG = System.getLogger(UnreadableMessages.class.getName());

  private UnreadableMessages() {}

  /** The service, with its messages parsed where this sees it fail. */
  public static ServerServiceDefinition refusedBy(ServerServiceDefinition service) {
    return ServerInterceptors.intercept(
        ServerInterceptors.useInputStreamMessages(service), new UnreadableMessages());
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
      private boolean refused;

      @Override
      public void onMessage(Q message) {
        if (refused) {
          return;
        }
        try {
          super.onMessage(message);
        } catch (StatusRuntimeException e) {
          refused = true;
          refuse(call, e.getStatus());
          super.onCancel();
        }
      }

      @Override
      public void onHalfClose() {
        if (!refused) {
          super.onHalfClose();
        }
      }
    };
  }

  private static void refuse(ServerCall<?, ?> call, Status failure) {
    String method = String.valueOf(call.getMethodDescriptor().getBareMethodName());
    String reason =
        "message to %s: unreadable (expected: a message of elasticreset.v1; %s)"
            .formatted(method, failure.getDescription());
    Status status =
        failure.getCode() == Status.Code.RESOURCE_EXHAUSTED
            ? failure.withDescription(reason)
            : INVALID_ARGUMENT.withDescription(reason);
    LOG.log(
        System.Logger.Level.WARNING,
        "call refused method=%s code=%s reason=\"%s\""
            .formatted(method, status.getCode(), Untrusted.shown(reason)));
    call.close(status, new Metadata());
  }
}
