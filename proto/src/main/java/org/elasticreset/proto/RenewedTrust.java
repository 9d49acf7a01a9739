package org.elasticreset.proto;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Trusts the authority that is in its file when a handshake asks; who is refused is logged. */
final class RenewedTrust extends X509ExtendedTrustManager {

  private static final System.Logger LOG = System.getLogger(RenewedTrust.class.getName());

  private final TlsFiles files;

  RenewedTrust(TlsFiles files) {
    this.files = files;
  }

  private interface Check {
    void by(X509ExtendedTrustManager trust) throws CertificateException;
  }

  private void check(X509Certificate[] chain, Check check) throws CertificateException {
    try {
      check.by(files.renewed().trust());
    } catch (CertificateException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "certificate refused subject=\"%s\" issuer=\"%s\" reason=\"%s\""
              .formatted(
                  Untrusted.shown(chain[0].getSubjectX500Principal().toString()),
                  Untrusted.shown(chain[0].getIssuerX500Principal().toString()),
                  Untrusted.shown(StatusWords.rootCause(e))));
      throw e;
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain, trust -> trust.checkClientTrusted(chain, type, engine));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain, trust -> trust.checkServerTrusted(chain, type, engine));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(chain, trust -> trust.checkClientTrusted(chain, type, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(chain, trust -> trust.checkServerTrusted(chain, type, socket));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain, trust -> trust.checkClientTrusted(chain, type));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain, trust -> trust.checkServerTrusted(chain, type));
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return files.current().trust().getAcceptedIssuers();
  }
}
