package org.elasticreset.ema;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.elasticreset.proto.TlsFiles;

/**
 * How callers are told apart: by the certificates of mutual TLS, or not at all.
 *
 * @param plaintext true if whoever reaches the port may do everything, from anywhere
 */
record Access(Optional<ByCertificate> byCertificate, boolean plaintext) {

  /** Callers show certificates, whose names have roles. */
  record ByCertificate(TlsFiles files, Permissions permissions) {}

  /** Everybody is everybody: for a server that only this machine reaches. */
  static Access ofThisMachine() {
    return new Access(Optional.empty(), false);
  }

  /**
   * As configured.
   *
   * @throws IllegalArgumentException naming a setting that cannot be
   */
  static Access of(EmaConfig config) {
    EmaConfig.Tls tls = config.tls();
    Optional<TlsFiles> files =
        TlsFiles.of(
            "ema.tls", tls.certificate(), tls.key(), "client-authority", tls.clientAuthority());
    Map<Role, Set<String>> names = names(config.roles());
    if (files.isEmpty()) {
      names.forEach(
          (role, some) -> {
            throw new IllegalArgumentException(
                "%s: %s (expected: ema.tls.certificate, key and client-authority beside it, without which nobody has a name)"
                    .formatted(role.setting(), String.join(",", some)));
          });
      return new Access(Optional.empty(), config.plaintext());
    }
    for (Role needed : List.of(Role.LEARNER, Role.WORKER)) {
      if (!names.containsKey(needed)) {
        throw new IllegalArgumentException(
            "%s: none (expected: common names of the certificates that may, as ema.tls is set)"
                .formatted(needed.setting()));
      }
    }
    if (config.plaintext()) {
      throw new IllegalArgumentException(
          "ema.plaintext: true (expected: false, as ema.tls is set)");
    }
    return new Access(files.map(found -> new ByCertificate(found, new Permissions(names))), false);
  }

  private static Map<Role, Set<String>> names(EmaConfig.Roles roles) {
    var names = new EnumMap<Role, Set<String>>(Role.class);
    roles.learner().ifPresent(some -> names.put(Role.LEARNER, new HashSet<>(some)));
    roles.worker().ifPresent(some -> names.put(Role.WORKER, new HashSet<>(some)));
    roles.operator().ifPresent(some -> names.put(Role.OPERATOR, new HashSet<>(some)));
    return names;
  }

  /** Refuses an address where strangers would be let in without anybody having said so. */
  void requireSafeOn(InetSocketAddress address) {
    boolean loopback = !address.isUnresolved() && address.getAddress().isLoopbackAddress();
    if (byCertificate.isEmpty() && !plaintext && !loopback) {
      throw new ConfigurationException(
          "quarkus.grpc.server.host: %s (expected: a loopback address such as 127.0.0.1; or ema.tls.certificate, key and client-authority; or ema.plaintext=true, with which whoever reaches the port may train, fetch and reset)"
              .formatted(address.getHostString()));
    }
  }

  /** For the log. */
  String description() {
    return byCertificate.isPresent() ? "mutual-tls" : "plaintext";
  }
}
