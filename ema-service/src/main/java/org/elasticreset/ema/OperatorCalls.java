package org.elasticreset.ema;

import static io.grpc.Status.INVALID_ARGUMENT;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import org.elasticreset.algorithm.ResetRequest;
import org.elasticreset.proto.Untrusted;
import org.elasticreset.proto.v1.DecideResetRequest;
import org.elasticreset.proto.v1.DecideResetResponse;
import org.elasticreset.proto.v1.PauseRequest;
import org.elasticreset.proto.v1.PauseResponse;
import org.elasticreset.proto.v1.RequestResetRequest;
import org.elasticreset.proto.v1.RequestResetResponse;
import org.elasticreset.proto.v1.ResumeRequest;
import org.elasticreset.proto.v1.ResumeResponse;
import org.jboss.logging.Logger;

/** What an operator may ask for: translates, delegates, and logs who asked for what. */
record OperatorCalls(Operators operators) {

  private static final Logger LOG = Logger.getLogger(OperatorCalls.class);

  void requestReset(RequestResetRequest request, StreamObserver<RequestResetResponse> responses) {
    answer(
        responses,
        () -> {
          var asked = operator(request.getRequestedBy(), request.getReason());
          var view = operators.request(request.getRunId(), asked);
          LOG.infof("reset requested by=\"%s\" version=%d", asked.requestedBy(), view.version());
          return RequestResetResponse.newBuilder().setAfterVersion(view.version()).build();
        });
  }

  void decideReset(DecideResetRequest request, StreamObserver<DecideResetResponse> responses) {
    answer(
        responses,
        () -> {
          var by = operator(request.getDecidedBy(), request.getReason());
          var view = operators.decide(request.getRunId(), request.getApprove(), by);
          LOG.infof(
              "reset %s by=\"%s\" version=%d reason=\"%s\"",
              request.getApprove() ? "approved" : "refused",
              by.requestedBy(),
              view.version(),
              by.reason());
          return DecideResetResponse.newBuilder()
              .setAfterVersion(view.version())
              .setApprovalsMissing(operators.approvalsMissing())
              .build();
        });
  }

  void pause(PauseRequest request, StreamObserver<PauseResponse> responses) {
    answer(
        responses,
        () -> {
          var by = operator(request.getRequestedBy(), request.getReason());
          operators.hold(request.getRunId(), by);
          LOG.infof("run paused by=\"%s\" reason=\"%s\"", by.requestedBy(), by.reason());
          return PauseResponse.getDefaultInstance();
        });
  }

  void resume(ResumeRequest request, StreamObserver<ResumeResponse> responses) {
    answer(
        responses,
        () -> {
          var by = operator(request.getRequestedBy(), request.getReason());
          operators.letGo(request.getRunId(), by);
          LOG.infof("run goes on by=\"%s\" reason=\"%s\"", by.requestedBy(), by.reason());
          return ResumeResponse.getDefaultInstance();
        });
  }

  /** Who shows a certificate is who it says, whatever the request says. */
  private static ResetRequest operator(String said, String reason) {
    return new ResetRequest(
        Untrusted.shown(Gatekeeper.caller().orElse(said)), Untrusted.shown(reason));
  }

  private static <T> void answer(StreamObserver<T> responses, Call<T> call) {
    try {
      responses.onNext(call.answer());
      responses.onCompleted();
    } catch (StatusRuntimeException e) {
      responses.onError(e);
    } catch (IllegalArgumentException e) {
      responses.onError(
          INVALID_ARGUMENT.withDescription(e.getMessage()).withCause(e).asRuntimeException());
    }
  }

  private interface Call<T> {
    T answer();
  }
}
