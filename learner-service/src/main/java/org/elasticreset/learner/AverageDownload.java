package org.elasticreset.learner;

import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.elasticreset.feed.FetchedPolicy;
import org.elasticreset.feed.PolicyFetchException;
import org.elasticreset.model.files.TensorShape;
import org.elasticreset.proto.StatusWords;
import org.elasticreset.proto.v1.ElasticResetGrpc;
import org.elasticreset.proto.v1.FetchPolicyRequest;

/** The average behind a version, as the ema-service serves it: whole and as its digest says. */
record AverageDownload(ManagedChannel channel, String address, String runId, Duration timeout) {

  /**
   * Fetches it.
   *
   * @param tensors that it must have
   * @throws EmaServiceException if what comes is not that, or nothing does
   */
  FetchedPolicy of(long version, List<TensorShape> tensors) {
    FetchPolicyRequest request =
        FetchPolicyRequest.newBuilder()
            .setRunId(runId)
            .setVersion(version)
            .setAverage(true)
            .build();
    try (Context.CancellableContext call = Context.current().withCancellation()) {
      Context caller = call.attach();
      try {
        FetchedPolicy average =
            FetchedPolicy.assembleAverage(
                runId,
                version,
                ElasticResetGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .fetchPolicy(request));
        average.requireFits(tensors);
        return average;
      } catch (PolicyFetchException e) {
        throw notGiven(version, String.valueOf(e.getMessage()), true);
      } catch (StatusRuntimeException e) {
        boolean passing =
            switch (e.getStatus().getCode()) {
              case UNAVAILABLE, DEADLINE_EXCEEDED, UNKNOWN, INTERNAL, NOT_FOUND -> true;
              default -> false;
            };
        throw notGiven(version, StatusWords.of(e.getStatus()), passing);
      } finally {
        call.detach(caller);
      }
    }
  }

  private EmaServiceException notGiven(long version, String why, boolean passing) {
    return new EmaServiceException(
        "ema-service at %s did not give the average behind version %d: %s"
            .formatted(address, version, why),
        passing);
  }
}
