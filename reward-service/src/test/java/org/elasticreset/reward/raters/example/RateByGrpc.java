package org.elasticreset.reward.raters.example;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.util.concurrent.TimeUnit;
import org.elasticreset.proto.v1.NextRequestsRequest;
import org.elasticreset.proto.v1.Ranks;
import org.elasticreset.proto.v1.RateRequest;
import org.elasticreset.proto.v1.RateResponse;
import org.elasticreset.proto.v1.RatersGrpc;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.RequestForRater;

/** Fetches a request by gRPC, and says that its first candidate is better. */
public final class RateByGrpc {

  private RateByGrpc() {}

  /** Takes the address of the service, {@code HOST:PORT}, and a key; prints what was taken. */
  public static void main(String... arguments) throws InterruptedException {
    var headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
        "Bearer " + arguments[1]);
    ManagedChannel channel =
        Grpc.newChannelBuilder(arguments[0], InsecureChannelCredentials.create())
            .intercept(MetadataUtils.newAttachHeadersInterceptor(headers))
            .build();
    try {
      var raters = RatersGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
      for (RequestForRater asked :
          raters
              .nextRequests(NextRequestsRequest.newBuilder().setMax(1).build())
              .getRequestsList()) {
        Rating better =
            Rating.newBuilder()
                .setRequestId(asked.getRequest().getRequestId())
                .setRanks(Ranks.newBuilder().addRanks(1).addRanks(2))
                .setLatencyMillis(4200)
                .build();
        RateResponse taken = raters.rate(RateRequest.newBuilder().setRating(better).build());
        System.out.println(better.getRequestId() + " revision " + taken.getRevision());
      }
    } finally {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
  }
}
