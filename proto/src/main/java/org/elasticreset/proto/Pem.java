package org.elasticreset.proto;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keys and certificates from PEM files, refused in the words of the setting that names the file.
 */
final class Pem {

  private static final Pattern PRIVATE_KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");
  private static final byte[] SPECIMEN = {1, 2, 3};

  private Pem() {}

  static X509Certificate[] certificates(String setting, Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      var certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (!certificates.isEmpty()) {
        return certificates.toArray(new X509Certificate[0]);
      }
    } catch (IOException | GeneralSecurityException e) {
      throw refused(setting, file, "a PEM file of X.509 certificates", e.getClass());
    }
    throw refused(setting, file, "a PEM file of X.509 certificates", null);
  }

  static PrivateKey privateKey(String setting, Path file) {
    try {
      var text = PRIVATE_KEY.matcher(Files.readString(file));
      if (text.find()) {
        return privateKey(Base64.getMimeDecoder().decode(text.group(1)));
      }
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw refused(setting, file, "a PEM file with BEGIN PRIVATE KEY, RSA or EC", e.getClass());
    }
    throw refused(setting, file, "a PEM file with BEGIN PRIVATE KEY, RSA or EC", null);
  }

  private static PrivateKey privateKey(byte[] pkcs8) throws GeneralSecurityException {
    var encoded = new PKCS8EncodedKeySpec(pkcs8);
    for (String algorithm : List.of("EC", "RSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
      } catch (InvalidKeySpecException e) {
        // The other one, then.
      }
    }
    throw new GeneralSecurityException("neither EC nor RSA");
  }

  /** True if what the key signs, the certificate verifies. */
  static boolean belong(PrivateKey key, X509Certificate certificate) {
    String algorithm = key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
    try {
      var signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(SPECIMEN);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(SPECIMEN);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** The message names the cause's kind, never its words: a parser may quote what it read. */
  private static IllegalArgumentException refused(
      String setting, Path file, String expected, @Nullable Class<?> why) {
    return new IllegalArgumentException(
        "%s: %s (expected: %s%s)"
            .formatted(setting, file, expected, why == null ? "" : "; " + why.getSimpleName()));
  }
}
