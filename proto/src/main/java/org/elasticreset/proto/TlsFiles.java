package org.elasticreset.proto;

import io.grpc.ChannelCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One end of a mutual TLS connection: a certificate with its private key (PKCS #8), and the
 * authority that must have signed the other end's certificate, all as PEM files.
 *
 * <p>The files are read again at the first handshake after they changed, so that a certificate can
 * be renewed under a running process. Until all of them can be read and fit together, the old ones
 * stay in use.
 */
public final class TlsFiles {

  private static final System.Logger LOG = System.getLogger(TlsFiles.class.getName());

  private final String prefix;
  private final Path certificate;
  private final Path key;
  private final Path authority;
  private final String authorityName;

  private volatile TlsMaterial material;
  private List<FileTime> read;

  private TlsFiles(
      String prefix, Path certificate, Path key, String authorityName, Path authority) {
    this.prefix = prefix;
    this.certificate = certificate;
    this.key = key;
    this.authorityName = authorityName;
    this.authority = authority;
    read = times();
    material = load();
  }

  /**
   * Reads the files, or nothing if none is named.
   *
   * @param prefix what the settings are called: {@code ema.tls}
   * @param authorityName what the setting of the authority is called behind it
   * @throws IllegalArgumentException in the words of a setting, if some are named and others not,
   *     or one cannot be used
   */
  public static Optional<TlsFiles> of(
      String prefix,
      Optional<Path> certificate,
      Optional<Path> key,
      String authorityName,
      Optional<Path> authority) {
    if (certificate.isEmpty() && key.isEmpty() && authority.isEmpty()) {
      return Optional.empty();
    }
    String together = "certificate, key and %s together".formatted(authorityName);
    return Optional.of(
        new TlsFiles(
            prefix,
            named(prefix + ".certificate", certificate, together),
            named(prefix + ".key", key, together),
            authorityName,
            named(prefix + "." + authorityName, authority, together)));
  }

  private static Path named(String name, Optional<Path> file, String expected) {
    return file.orElseThrow(
        () -> new IllegalArgumentException("%s: none (expected: %s)".formatted(name, expected)));
  }

  /** For a server: every client shows a certificate. */
  public ServerCredentials ofServer() {
    return TlsServerCredentials.newBuilder()
        .keyManager(new RenewedKeys(this))
        .trustManager(new RenewedTrust(this))
        .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
        .build();
  }

  /** For a client: the server's certificate must be for the host that was asked for. */
  public ChannelCredentials ofClient() {
    return TlsChannelCredentials.newBuilder()
        .keyManager(new RenewedKeys(this))
        .trustManager(new RenewedTrust(this))
        .build();
  }

  TlsMaterial current() {
    return material;
  }

  /** Reads the files again if one of them changed. */
  synchronized TlsMaterial renewed() {
    List<FileTime> times = times();
    if (!times.equals(read)) {
      read = times;
      try {
        material = load();
        LOG.log(System.Logger.Level.INFO, "certificate read again file=" + certificate);
      } catch (IllegalArgumentException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "certificate not renewed, the old one stays in use reason=\"" + e.getMessage() + "\"");
      }
    }
    return material;
  }

  private TlsMaterial load() {
    var certificates = Pem.certificates(prefix + ".certificate", certificate);
    var privateKey = Pem.privateKey(prefix + ".key", key);
    if (!Pem.belong(privateKey, certificates[0])) {
      throw new IllegalArgumentException(
          "%s.key: %s (expected: the private key of %s)".formatted(prefix, key, certificate));
    }
    return TlsMaterial.of(
        certificates, privateKey, Pem.certificates(prefix + "." + authorityName, authority));
  }

  /** When the files were written; of one that is not there, the epoch. */
  private List<FileTime> times() {
    var times = new ArrayList<FileTime>();
    for (Path file : List.of(certificate, key, authority)) {
      try {
        times.add(Files.getLastModifiedTime(file));
      } catch (IOException e) {
        times.add(FileTime.fromMillis(0));
      }
    }
    return times;
  }
}
