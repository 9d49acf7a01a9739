package org.elasticreset.reward.raters.grpc;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.elasticreset.proto.v1.NextRequestsRequest;
import org.elasticreset.proto.v1.NextRequestsResponse;
import org.elasticreset.proto.v1.RateRequest;
import org.elasticreset.proto.v1.RateResponse;
import org.elasticreset.proto.v1.RatersGrpc;
import org.elasticreset.proto.v1.RequestForRater;
import org.elasticreset.reward.raters.door.Handout;
import org.elasticreset.reward.raters.door.RatingDoor;
import org.elasticreset.reward.raters.door.RatingRefused;

/**
 * The calls of {@code Raters}, as the door answers them. No {@code RatersImplBase}: wherever
 * Quarkus finds one, it opens a port for it.
 */
final class RatersCalls implements RatersGrpc.AsyncService {

  private static final Metadata.Key<String> RETRY_AFTER =
      Metadata.Key.of("retry-after-millis", Metadata.ASCII_STRING_MARSHALLER);

  private final RatingDoor door;

  RatersCalls(RatingDoor door) {
    this.door = door;
  }

  @Override
  public void nextRequests(NextRequestsRequest call, StreamObserver<NextRequestsResponse> answer) {
    String rater = KeyGate.rater();
    try {
      List<Handout> next = door.next(rater, Math.max(1, call.getMax()));
      NextRequestsResponse.Builder response =
          NextRequestsResponse.newBuilder()
              .setWaiting(Math.max(door.waiting(rater), next.size()))
              .setDone((int) door.done(rater));
      for (Handout handout : next) {
        response.addRequests(
            RequestForRater.newBuilder()
                .setRequest(handout.request())
                .addAllShown(handout.shown()));
      }
      answer.onNext(response.build());
      answer.onCompleted();
    } catch (RatingRefused e) {
      answer.onError(refused(e));
    }
  }

  @Override
  public void rate(RateRequest call, StreamObserver<RateResponse> answer) {
    try {
      door.rate(KeyGate.rater(), call.getRating(), "grpc")
          .whenComplete(
              (revision, failure) -> {
                if (failure == null) {
                  answer.onNext(RateResponse.newBuilder().setRevision(revision).build());
                  answer.onCompleted();
                } else {
                  answer.onError(refused(failure));
                }
              });
    } catch (RatingRefused e) {
      answer.onError(refused(e));
    }
  }

  private static StatusException refused(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (!(cause instanceof RatingRefused refused)) {
      return Status.INTERNAL.withCause(cause).asException();
    }
    Status status =
        switch (refused.why()) {
          case INVALID -> Status.INVALID_ARGUMENT;
          case MUTED -> Status.PERMISSION_DENIED;
          case UNKNOWN -> Status.NOT_FOUND;
          case CLOSED -> Status.FAILED_PRECONDITION;
          case TOO_MANY -> Status.RESOURCE_EXHAUSTED;
          case UNAVAILABLE -> Status.UNAVAILABLE;
        };
    var trailers = new Metadata();
    refused
        .retryAfter()
        .ifPresent(wait -> trailers.put(RETRY_AFTER, String.valueOf(wait.toMillis())));
    return status.withDescription(refused.getMessage()).asException(trailers);
  }
}
