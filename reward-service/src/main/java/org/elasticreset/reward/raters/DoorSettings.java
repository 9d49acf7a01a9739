package org.elasticreset.reward.raters;

import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** Who may rate by the ways of the service, and how much. */
public interface DoorSettings {

  /**
   * Who may come in with a key: a text file, a line a key, {@code NAME ROLE SHA256}, where ROLE is
   * {@code rater} or {@code operator} and SHA256 the digest of the key in hex. Read again when it
   * changed. Absent: nobody.
   */
  Optional<Path> keys();

  /** Of the requests that a rater is given, the share whose answer is known, 0 to 1. */
  @WithDefault("0.1")
  double goldShare();

  /** How long a request that was given to a rater is kept from others who are not needed then. */
  @WithDefault("PT5M")
  Duration lease();

  /** Ratings that are taken of one rater in a minute, at least 1. */
  @WithDefault("120")
  int ratingsPerMinute();

  /** Tokens of an OpenID Connect provider, beside keys; see {@code quarkus.oidc.}. */
  Oidc oidc();

  /** The gRPC service {@code Raters}. */
  Grpc grpc();

  /** Raters and operators whom a provider knows. */
  interface Oidc {

    /** Whether tokens are taken at all. */
    @WithDefault("false")
    boolean enabled();

    /**
     * The claim that names a rater. One that people can choose for themselves lets them be each
     * other.
     */
    @WithDefault("sub")
    String nameClaim();
  }

  /** Where the service {@code Raters} listens. */
  interface Grpc {

    /** Its port, 0 for any free one; absent: it is off. */
    OptionalInt port();

    /** Its address. */
    @WithDefault("127.0.0.1")
    String host();

    /** Its certificate and those between it and its authority, PEM. Read again when it changed. */
    Optional<Path> certificate();

    /** Its private key, PEM, PKCS #8. */
    Optional<Path> key();

    /** Listen on more than the loopback address although keys then travel in the clear. */
    @WithDefault("false")
    boolean plaintext();
  }
}
