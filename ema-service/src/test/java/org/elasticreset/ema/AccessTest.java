package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.elasticreset.adversary.TestAuthority;
import org.elasticreset.proto.v1.ElasticResetGrpc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {

  @TempDir Path directory;

  @Test
  void everyMethodOfTheContractSaysWhoMayCallIt() {
    assertThat(ElasticResetGrpc.getServiceDescriptor().getMethods())
        .extracting(method -> method.getBareMethodName())
        .containsExactlyInAnyOrderElementsOf(Permissions.ROLES.keySet());
  }

  @Test
  void methodThatNobodyWasGivenIsRefused() {
    var permissions = new Permissions(Map.of(Role.OPERATOR, Set.of("ada")));

    assertThat(permissions.refusal("RequestReset", "ada")).isEmpty();
    assertThat(permissions.refusal("Forgotten", "ada"))
        .isEqualTo(Optional.of("caller of Forgotten: ada (expected: no one)"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"CN=mallory,CN=ada", "CN=ada+CN=mallory", "O=x+CN=ada+CN=bob", "O=ada"})
  void nobodyHasTwoNamesOrNone(String subject) {
    assertThatThrownBy(() -> Gatekeeper.commonName(new X500Principal(subject)))
        .isInstanceOf(CertificateException.class)
        .hasMessageContaining("(expected: a subject with one common name)");
  }

  @Test
  void nameBesideOtherAttributesIsAName() throws CertificateException {
    assertThat(Gatekeeper.commonName(new X500Principal("OU=x+CN=ada,O=y"))).isEqualTo("ada");
  }

  @Test
  void serverThatStrangersReachAsksForCertificatesOrForAWord() {
    var strangers = new InetSocketAddress("0.0.0.0", 0);

    assertThatThrownBy(() -> access().requireSafeOn(strangers))
        .hasMessageStartingWith(
            "quarkus.grpc.server.host: 0.0.0.0 (expected: a loopback address such as 127.0.0.1;")
        .hasMessageContaining("ema.plaintext=true");
    assertThatCode(() -> access().requireSafeOn(new InetSocketAddress("127.0.0.1", 0)))
        .doesNotThrowAnyException();
    assertThatCode(() -> access("ema.plaintext", "true").requireSafeOn(strangers))
        .doesNotThrowAnyException();
    assertThatCode(() -> mutualTls().requireSafeOn(strangers)).doesNotThrowAnyException();
  }

  @Test
  void settingsThatDoNotGoTogetherAreNamed() {
    var own = new TestAuthority(directory, "ours").issue("ema-service");
    String certificate = own.certificate().toString();

    assertRefused(
        "ema.tls.key: none (expected: certificate, key and client-authority together)",
        "ema.tls.certificate",
        certificate);
    assertRefused(
        "ema.roles.operator: ada (expected: ema.tls.certificate, key and client-authority beside it,"
            + " without which nobody has a name)",
        "ema.roles.operator",
        "ada");
    assertRefused(
        "ema.roles.learner: none (expected: common names of the certificates that may, as ema.tls is"
            + " set)",
        tls(certificate, own.key().toString()));
  }

  @Test
  void filesThatCannotBeUsedAreNamedAndNeverQuoted() throws Exception {
    var authority = new TestAuthority(directory, "ours");
    var own = authority.issue("ema-service");
    var other = authority.issue("other");
    Path secret =
        Files.writeString(
            directory.resolve("secret.pem"),
            "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n");

    assertRefused(
        "ema.tls.key: %s (expected: the private key of %s)"
            .formatted(other.key(), own.certificate()),
        tls(own.certificate().toString(), other.key().toString()));
    assertRefused(
        "ema.tls.key: %s (expected: a PEM file with BEGIN PRIVATE KEY, RSA or EC; GeneralSecurityException)"
            .formatted(secret),
        tls(own.certificate().toString(), secret.toString()));
    assertRefused(
        "ema.tls.certificate: %s (expected: a PEM file of X.509 certificates; NoSuchFileException)"
            .formatted(directory.resolve("none.pem")),
        tls(directory.resolve("none.pem").toString(), own.key().toString()));
  }

  private Access mutualTls() {
    var own = new TestAuthority(directory, "ours").issue("ema-service");
    return access(
        "ema.tls.certificate",
        own.certificate().toString(),
        "ema.tls.key",
        own.key().toString(),
        "ema.tls.client-authority",
        directory.resolve("ours.authority.pem").toString(),
        "ema.roles.learner",
        "learner-service",
        "ema.roles.worker",
        "rollout-service");
  }

  private String[] tls(String certificate, String key) {
    return new String[] {
      "ema.tls.certificate",
      certificate,
      "ema.tls.key",
      key,
      "ema.tls.client-authority",
      directory.resolve("ours.authority.pem").toString()
    };
  }

  private static void assertRefused(String message, String... keysAndValues) {
    assertThatThrownBy(() -> access(keysAndValues))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static Access access(String... keysAndValues) {
    var builder =
        new SmallRyeConfigBuilder()
            .withMapping(EmaConfig.class)
            .withDefaultValues(
                Map.of(
                    "ema.run-id", "test-run", "ema.reset.every", "1", "ema.directory", "averages"));
    for (int i = 0; i < keysAndValues.length; i += 2) {
      builder.withDefaultValue(keysAndValues[i], keysAndValues[i + 1]);
    }
    return Access.of(builder.build().getConfigMapping(EmaConfig.class));
  }
}
