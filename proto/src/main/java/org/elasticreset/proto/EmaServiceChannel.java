package org.elasticreset.proto;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The way to the ema-service, with a window fit for weights and limits fit for its messages. */
public final class EmaServiceChannel {

  /** Largest message in either direction: a chunk of weights is 1 MiB, a list of tensors less. */
  public static final int MESSAGE_LIMIT_BYTES = 4 << 20;

  /** Bytes of a call that may be under way. */
  public static final int FLOW_CONTROL_WINDOW_BYTES = 8 << 20;

  private static final int KEEP_ALIVE_SECONDS = 30;

  private EmaServiceChannel() {}

  /**
   * Connects at the first call.
   *
   * @param address {@code host:port}
   * @param tls without it nothing is encrypted
   */
  public static ManagedChannel open(String address, Optional<TlsFiles> tls) {
    ChannelCredentials credentials =
        tls.map(TlsFiles::ofClient).orElseGet(InsecureChannelCredentials::create);
    return NettyChannelBuilder.forTarget("dns:///" + address, credentials)
        .flowControlWindow(FLOW_CONTROL_WINDOW_BYTES)
        .maxInboundMessageSize(MESSAGE_LIMIT_BYTES)
        // A call to a machine that is gone ends, rather than wait for the timeout of TCP.
        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
        .build();
  }
}
