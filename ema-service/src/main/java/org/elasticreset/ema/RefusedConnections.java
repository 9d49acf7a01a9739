package org.elasticreset.ema;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jboss.logging.Logger;

/**
 * Says in one line that a handshake failed. Netty's server tells that to nobody but a log category
 * of its own, at a level that is off, among the ciphers it knows.
 */
final class RefusedConnections extends Handler {

  private static final Logger LOG = Logger.getLogger(RefusedConnections.class);
  private static final java.util.logging.Logger HANDSHAKES =
      java.util.logging.Logger.getLogger("io.grpc.netty.ProtocolNegotiators");

  private RefusedConnections() {}

  /** Begins to tell; {@link #close} ends it. */
  static RefusedConnections tell() {
    var told = new RefusedConnections();
    HANDSHAKES.setLevel(Level.FINE);
    HANDSHAKES.setUseParentHandlers(false);
    HANDSHAKES.addHandler(told);
    return told;
  }

  @Override
  public void publish(LogRecord event) {
    if (String.valueOf(event.getMessage()).startsWith("TLS negotiation failed")) {
      LOG.warn(
          "connection refused reason=\"handshake failed (expected: TLS, and a certificate that"
              + " ema.tls.client-authority signed)\"");
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    HANDSHAKES.removeHandler(this);
  }
}
