package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.elasticreset.adversary.TestAuthority;
import org.elasticreset.adversary.TestAuthority.Identity;
import org.elasticreset.algorithm.ResetTrigger;
import org.elasticreset.proto.EmaServiceChannel;
import org.elasticreset.proto.StatusWords;
import org.elasticreset.proto.TlsFiles;
import org.elasticreset.proto.v1.ElasticResetGrpc;
import org.elasticreset.proto.v1.ElasticResetGrpc.ElasticResetBlockingStub;
import org.elasticreset.proto.v1.FetchPolicyRequest;
import org.elasticreset.proto.v1.GetStatusRequest;
import org.elasticreset.proto.v1.RequestResetRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who gets in: real handshakes over sockets, with the channel that learner and workers use. */
@Timeout(180)
class MutualTlsTest {

  private static final Permissions PERMISSIONS =
      new Permissions(
          Map.of(
              Role.LEARNER, Set.of("learner-service"),
              Role.WORKER, Set.of("rollout-service"),
              Role.OPERATOR, Set.of("ada")));

  @TempDir Path directory;
  @TempDir Path averages;

  private final List<ManagedChannel> channels = new ArrayList<>();
  private final WatchedLog log = new WatchedLog("org.elasticreset");
  private final float[] initial = Policies.random(10, 0);
  private TestAuthority authority;
  private Identity ofServer;
  private TestServer server;
  private TestLearner learner;

  @BeforeEach
  void start() throws Exception {
    authority = new TestAuthority(directory, "ours");
    ofServer = authority.issue("ema-service");
    server = serve(ofServer);
    learner = new TestLearner(channel(authority.issue("learner-service"), authority));
    assertThat(learner.open(Policies.openRun(initial)).hasRunOpened()).isTrue();
    assertThat(learner.upload(0, initial).hasContinue()).isTrue();
  }

  @AfterEach
  void stop() throws Exception {
    log.close();
    for (ManagedChannel channel : channels) {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
    server.close();
  }

  private TestServer serve(Identity identity) {
    var files = tls("ema.tls", identity, authority);
    return new TestServer(
        new ResetTrigger.OnRequest(),
        averages,
        new Access(files.map(some -> new Access.ByCertificate(some, PERMISSIONS)), false));
  }

  @Test
  void namesMayCallWhatTheirRolesSay() {
    var trainer = as(authority.issue("learner-service"));
    var worker = as(authority.issue("rollout-service"));
    var operator = as(authority.issue("ada"));

    for (ElasticResetBlockingStub anyone : List.of(trainer, worker, operator)) {
      assertThat(anyone.getStatus(GetStatusRequest.getDefaultInstance()).getRunId())
          .isEqualTo(Policies.RUN);
      assertThat(fetch(anyone)).isEqualTo(2);
    }
    reset(operator, "ada");
    assertRefused(
        () -> reset(trainer, "ada"),
        "PERMISSION_DENIED, caller of RequestReset: learner-service (expected: a name in"
            + " ema.roles.operator)");
    assertRefused(
        () -> reset(worker, "ada"),
        "PERMISSION_DENIED, caller of RequestReset: rollout-service (expected: a name in"
            + " ema.roles.operator)");
  }

  @Test
  void onlyTheLearnerMayTrain() throws Exception {
    try (var worker = new TestLearner(channel(authority.issue("rollout-service"), authority))) {
      assertThatThrownBy(() -> worker.open(Policies.openRun(initial)))
          .hasMessageContaining(
              "PERMISSION_DENIED: caller of Train: rollout-service (expected: a name in"
                  + " ema.roles.learner)");
    }
  }

  @Test
  void nameThatNobodyListedHasNoRole() {
    assertRefused(
        () -> fetch(as(authority.issue("mallory"))),
        "PERMISSION_DENIED, caller of FetchPolicy: mallory (expected: a name in ema.roles.learner or"
            + " ema.roles.worker or ema.roles.operator)");
    assertRefused(
        () -> fetch(as(authority.issueSubject("two", "CN=mallory,CN=ada"))),
        "UNAUTHENTICATED, certificate of \"CN=mallory, CN=ada\" (expected: a subject with one common"
            + " name)");
    assertRefused(
        () -> fetch(as(authority.issueSubject("none", "O=\"x, CN=ada\""))),
        "UNAUTHENTICATED, certificate of \"O=\"x, CN=ada\"\" (expected: a subject with one common"
            + " name)");
  }

  @Test
  void operatorOfAResetIsWhoeverTheCertificateNames() throws Exception {
    reset(as(authority.issue("ada")), "the queen");

    var answer = learner.upload(1, Policies.random(10, 1));

    assertThat(answer.getReset().getReason()).contains("ada").doesNotContain("queen");
  }

  @Test
  void certificatesThatDoNotHoldAreRefused() throws Exception {
    var foreign = new TestAuthority(directory, "foreign");

    assertRefused(
        () -> fetch(as(foreign.issue("rollout-service"))),
        "the other side wants a certificate of its authority");
    logged("connection refused reason=\"handshake failed (expected: TLS, and a certificate that");
    assertRefused(
        () -> fetch(as(authority.issueExpired("rollout-service"))),
        "the other side refused the certificate; its log says why");
    logged(
        "certificate refused subject=\"CN=rollout-service\" issuer=\"CN=ours\" reason=\"NotAfter");
    assertThatCode(() -> fetch(as(authority.issue("rollout-service")))).doesNotThrowAnyException();
  }

  @Test
  void clientsDoNotTalkToAServerThatIsNotTheirs() throws Exception {
    var foreign = new TestAuthority(directory, "foreign");
    var worker = authority.issue("rollout-service");

    assertRefused(
        () -> fetch(stub(channel(worker, foreign))),
        "unable to find valid certification path to requested target");
    server.close();
    server = serve(authority.issueFor("elsewhere.example", "ema-service"));
    assertRefused(
        () -> fetch(as(worker)), "No subject alternative DNS name matching localhost found");
    server.close();
    server = serve(authority.issueExpired("ema-service"));
    assertRefused(() -> fetch(as(worker)), "NotAfter");
  }

  @Test
  void withoutCertificateOrWithoutTlsNobodyGetsIn() throws Exception {
    assertRefused(
        () -> fetch(stub(keep(EmaServiceChannel.open(address(), Optional.empty())))),
        "as of a server that expects TLS");
    logged("connection refused reason=\"handshake failed (expected: TLS, and a certificate that");
    var nobody =
        TlsChannelCredentials.newBuilder().trustManager(authority.certificate().toFile()).build();
    assertRefused(
        () -> fetch(stub(keep(Grpc.newChannelBuilder(address(), nobody).build()))),
        "the other side wants a certificate of its authority");
    logged("connection refused reason=\"handshake failed (expected: TLS, and a certificate that");
  }

  @Test
  void renewedCertificatesAreTakenUpWithoutARestart() throws Exception {
    var renewed = new TestAuthority(Files.createDirectory(directory.resolve("renewed")), "ours");
    var worker = authority.issue("rollout-service");
    var workerTls = tls("rollout.tls", worker, authority);
    assertThat(fetch(stub(keep(EmaServiceChannel.open(address(), workerTls))))).isEqualTo(2);

    replace(renewed.issue("ema-service"), ofServer);
    replace(renewed.issue("rollout-service"), worker);
    copy(renewed.certificate(), authority.certificate());

    assertThat(fetch(stub(keep(EmaServiceChannel.open(address(), workerTls))))).isEqualTo(2);
    assertThat(fetch(as(renewed.issue("rollout-service")))).isEqualTo(2);
  }

  private static void assertRefused(ThrowingCallable call, String words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(StatusWords.of(e.getStatus())).contains(words));
  }

  /** The server says it, too; a client may know before the server has written it down. */
  private void logged(String words) throws InterruptedException {
    List<String> seen = new ArrayList<>();
    for (String line = log.lines.poll(20, TimeUnit.SECONDS); line != null; ) {
      seen.add(line);
      if (line.contains(words)) {
        return;
      }
      line = log.lines.poll(20, TimeUnit.SECONDS);
    }
    assertThat(seen).anyMatch(line -> line.contains(words));
  }

  private String address() {
    return "localhost:" + server.port();
  }

  private ElasticResetBlockingStub as(Identity identity) {
    return stub(channel(identity, authority));
  }

  private ManagedChannel channel(Identity identity, TestAuthority trusted) {
    return keep(EmaServiceChannel.open(address(), tls("test.tls", identity, trusted)));
  }

  private ManagedChannel keep(ManagedChannel channel) {
    channels.add(channel);
    return channel;
  }

  private static ElasticResetBlockingStub stub(ManagedChannel channel) {
    return ElasticResetGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  private static Optional<TlsFiles> tls(String prefix, Identity own, TestAuthority trusted) {
    return TlsFiles.of(
        prefix,
        Optional.of(own.certificate()),
        Optional.of(own.key()),
        "authority",
        Optional.of(trusted.certificate()));
  }

  private static int fetch(ElasticResetBlockingStub stub) {
    int messages = 0;
    var answers = stub.fetchPolicy(FetchPolicyRequest.newBuilder().setRunId(Policies.RUN).build());
    while (answers.hasNext()) {
      answers.next();
      messages++;
    }
    return messages;
  }

  private static void reset(ElasticResetBlockingStub stub, String by) {
    var request = RequestResetRequest.newBuilder().setRunId(Policies.RUN).setRequestedBy(by);
    assertThat(stub.requestReset(request.build()).getAfterVersion()).isEqualTo(1);
  }

  private static void replace(Identity from, Identity to) throws Exception {
    copy(from.certificate(), to.certificate());
    copy(from.key(), to.key());
  }

  /** Files of one moment could have one time. */
  private static void copy(Path from, Path to) throws Exception {
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    Files.setLastModifiedTime(to, FileTime.fromMillis(System.currentTimeMillis() + 5_000));
  }
}
