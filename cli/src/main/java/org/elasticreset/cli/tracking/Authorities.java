package org.elasticreset.cli.tracking;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.elasticreset.cli.InvalidInputException;

/** The authorities of a company, in the place of Java's. */
final class Authorities {
  private Authorities() {}

  /**
   * TLS that trusts what these have signed.
   *
   * @param pem a file of certificates
   * @throws InvalidInputException if it is none
   */
  static SSLContext context(Path pem) {
    try (InputStream file = Files.newInputStream(pem)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(file)) {
        trusted.setCertificateEntry("authority-" + trusted.size(), each);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw InvalidInputException.of(
          "MLFLOW_TRACKING_SERVER_CERT_PATH", pem, "a PEM file of certificates: " + e.getMessage());
    }
  }
}
