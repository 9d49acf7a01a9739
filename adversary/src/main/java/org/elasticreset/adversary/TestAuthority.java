package org.elasticreset.adversary;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.security.auth.x500.X500Principal;

/**
 * An authority that signs certificates of P-256 keys (RFC 5280), as PEM files in a directory. The
 * JDK has no interface for that, and keytool would cost a process for every certificate.
 */
public final class TestAuthority {

  private static final byte[] ECDSA_WITH_SHA256 =
      Der.sequence(Der.identifier(1, 2, 840, 10045, 4, 3, 2));
  private static final Duration VALIDITY = Duration.ofDays(1);

  private final Path directory;
  private final String name;
  private final KeyPair keys = keys();
  private long serial;

  /** Makes an authority whose files are going to lie in the directory. */
  public TestAuthority(Path directory, String name) {
    this.directory = directory;
    this.name = name;
    byte[] isAuthority =
        extension(Der.sequence(Der.yes()), true, 2, 5, 29, 19); // basic constraints
    write(
        certificate(),
        "CERTIFICATE",
        sign(new X500Principal("CN=" + name), keys, Instant.now(), isAuthority));
  }

  /** The authority's own certificate. */
  public Path certificate() {
    return directory.resolve(name + ".authority.pem");
  }

  /** An identity for this machine's loopback addresses, valid now. */
  public Identity issue(String commonName) {
    return issue(commonName, "localhost", Instant.now());
  }

  /** An identity whose one day is over. */
  public Identity issueExpired(String commonName) {
    return issue(commonName, "localhost", Instant.now().minus(VALIDITY.multipliedBy(2)));
  }

  /** An identity for another host. */
  public Identity issueFor(String host, String commonName) {
    return issue(commonName, host, Instant.now());
  }

  /** Any subject, as RFC 2253 writes it. */
  public Identity issueSubject(String file, String subject) {
    return issue(file, new X500Principal(subject), "localhost", Instant.now());
  }

  private Identity issue(String commonName, String host, Instant from) {
    return issue(commonName, new X500Principal("CN=" + commonName), host, from);
  }

  private Identity issue(String file, X500Principal subject, String host, Instant from) {
    KeyPair ofSubject = keys();
    var identity =
        new Identity(directory.resolve(file + ".pem"), directory.resolve(file + ".key.pem"));
    write(
        identity.certificate(),
        "CERTIFICATE",
        sign(subject, ofSubject, from, extension(names(host), false, 2, 5, 29, 17)));
    write(identity.key(), "PRIVATE KEY", ofSubject.getPrivate().getEncoded());
    return identity;
  }

  private static byte[] names(String host) {
    byte[] dns = Der.tagged(0x82, host.getBytes(StandardCharsets.US_ASCII));
    return host.equals("localhost")
        ? Der.sequence(dns, Der.tagged(0x87, InetAddress.getLoopbackAddress().getAddress()))
        : Der.sequence(dns);
  }

  private byte[] sign(X500Principal subject, KeyPair ofSubject, Instant from, byte[] extension) {
    byte[] toSign =
        Der.sequence(
            Der.tagged(0xa0, Der.integer(BigInteger.TWO)),
            Der.integer(BigInteger.valueOf(++serial)),
            ECDSA_WITH_SHA256,
            new X500Principal("CN=" + name).getEncoded(),
            Der.sequence(Der.time(from.minusSeconds(60)), Der.time(from.plus(VALIDITY))),
            subject.getEncoded(),
            ofSubject.getPublic().getEncoded(),
            Der.tagged(0xa3, Der.sequence(extension)));
    return Der.sequence(toSign, ECDSA_WITH_SHA256, Der.bits(signature(keys.getPrivate(), toSign)));
  }

  private static byte[] extension(byte[] value, boolean critical, int... identifier) {
    return critical
        ? Der.sequence(Der.identifier(identifier), Der.yes(), Der.octets(value))
        : Der.sequence(Der.identifier(identifier), Der.octets(value));
  }

  private static byte[] signature(PrivateKey key, byte[] bytes) {
    try {
      var signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(key);
      signature.update(bytes);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair keys() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void write(Path file, String type, byte[] bytes) {
    String text =
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(
                type, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes), type);
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Who somebody is.
   *
   * @param certificate PEM
   * @param key its private key, PKCS #8 in PEM
   */
  public record Identity(Path certificate, Path key) {}
}
