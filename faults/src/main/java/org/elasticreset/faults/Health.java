package org.elasticreset.faults;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/** Asks a service on this machine whether it can work. */
final class Health {
  private static final int PATIENCE_MILLIS = 1_000;

  private Health() {}

  static boolean isReady(int httpPort) {
    try {
      HttpURLConnection request =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + httpPort + "/q/health/ready")
                  .toURL()
                  .openConnection();
      request.setConnectTimeout(PATIENCE_MILLIS);
      request.setReadTimeout(PATIENCE_MILLIS);
      try {
        return request.getResponseCode() == HttpURLConnection.HTTP_OK;
      } finally {
        request.disconnect();
      }
    } catch (IOException e) {
      return false;
    }
  }
}
