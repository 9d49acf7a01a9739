package org.elasticreset.ema;

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
import org.jboss.logging.Logger;

/**
 * Refuses bytes that are no message, or too many once they are unzipped. gRPC by itself takes them
 * for an error of the service: a stack trace here, and UNKNOWN there.
 */
final class UnreadableMessages implements ServerInterceptor {

  private static final Logger LOG = Logger.getLogger(UnreadableMessages.class);

  private UnreadableMessages() {}

  /** The service, with its messages parsed where this sees it fail. */
  static ServerServiceDefinition refusedBy(ServerServiceDefinition service) {
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
    LOG.warnf("call refused method=%s code=%s reason=\"%s\"", method, status.getCode(), reason);
    call.close(status, new Metadata());
  }
}
