package org.elasticreset.proto;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** What was in the files, as the JDK's TLS takes it. */
record TlsMaterial(X509ExtendedKeyManager keys, X509ExtendedTrustManager trust) {

  private static final char[] NO_PASSWORD = {};

  static TlsMaterial of(
      X509Certificate[] certificates, PrivateKey key, X509Certificate[] authorities) {
    try {
      KeyStore own = empty();
      own.setKeyEntry("own", key, NO_PASSWORD, certificates);
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(own, NO_PASSWORD);
      KeyStore others = empty();
      for (int i = 0; i < authorities.length; i++) {
        others.setCertificateEntry("authority-" + i, authorities[i]);
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(others);
      return new TlsMaterial(
          (X509ExtendedKeyManager) keys.getKeyManagers()[0],
          (X509ExtendedTrustManager) trust.getTrustManagers()[0]);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("certificates that this JDK cannot use", e);
    }
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }
}
