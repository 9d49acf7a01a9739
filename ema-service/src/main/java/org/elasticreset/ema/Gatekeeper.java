package org.elasticreset.ema;

import static io.grpc.Status.PERMISSION_DENIED;
import static io.grpc.Status.UNAUTHENTICATED;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Date;
import java.util.Optional;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.security.auth.x500.X500Principal;
import org.elasticreset.proto.Untrusted;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Lets a call through if the name in the caller's certificate may make it. The handshake has
 * verified the certificate; a connection may outlive it, a new call on it may not.
 */
final class Gatekeeper implements ServerInterceptor {

  private static final Logger LOG = Logger.getLogger(Gatekeeper.class);
  private static final Context.Key<Caller> CALLER = Context.key("caller");

  /** A name, and how it is known. */
  private record Caller(String name, String proof) {}

  private final Permissions permissions;
  private final Clock clock;

  Gatekeeper(Permissions permissions, Clock clock) {
    this.permissions = permissions;
    this.clock = clock;
  }

  /** Whose call this thread serves; nothing where callers are not told apart. */
  static Optional<String> caller() {
    return Optional.ofNullable(CALLER.get()).map(Caller::name);
  }

  /** How that is known: "certificate", "key"; nothing where callers are not told apart. */
  static Optional<String> proof() {
    return Optional.ofNullable(CALLER.get()).map(Caller::proof);
  }

  /** Where calls of this name are made that something else than a certificate has proved. */
  static Context of(String name, String proof) {
    return Context.current().withValue(CALLER, new Caller(name, proof));
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String method = String.valueOf(call.getMethodDescriptor().getBareMethodName());
    String caller;
    try {
      caller = name(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
    } catch (CertificateException | SSLPeerUnverifiedException e) {
      return refuse(call, method, UNAUTHENTICATED.withDescription(e.getMessage()));
    }
    Optional<String> refusal = permissions.refusal(method, caller);
    if (refusal.isPresent()) {
      return refuse(call, method, PERMISSION_DENIED.withDescription(refusal.get()));
    }
    return Contexts.interceptCall(of(caller, "certificate"), call, headers, next);
  }

  private static <Q, A> ServerCall.Listener<Q> refuse(
      ServerCall<Q, A> call, String method, Status status) {
    LOG.warnf(
        "call refused method=%s from=%s code=%s reason=\"%s\"",
        method,
        call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR),
        status.getCode(),
        Untrusted.shown(String.valueOf(status.getDescription())));
    call.close(status, new Metadata());
    return new ServerCall.Listener<>() {};
  }

  private String name(@Nullable SSLSession session)
      throws CertificateException, SSLPeerUnverifiedException {
    if (session == null) {
      throw new CertificateException("certificate: none (expected: TLS)");
    }
    var certificate = (X509Certificate) session.getPeerCertificates()[0];
    certificate.checkValidity(Date.from(clock.instant()));
    return commonName(certificate.getSubjectX500Principal());
  }

  /** The one common name; a subject with several could be taken for either. */
  static String commonName(X500Principal subject) throws CertificateException {
    var names = new ArrayList<String>();
    try {
      for (Rdn part : new LdapName(subject.getName()).getRdns()) {
        // One part may have several: CN=ada+CN=grace.
        Attribute ofPart = part.toAttributes().get("CN");
        for (int i = 0; ofPart != null && i < ofPart.size(); i++) {
          names.add(String.valueOf(ofPart.get(i)));
        }
      }
    } catch (NamingException e) {
      throw new CertificateException("certificate of " + subject + " (expected: a subject)", e);
    }
    if (names.size() != 1) {
      throw new CertificateException(
          "certificate of \"%s\" (expected: a subject with one common name)".formatted(subject));
    }
    return names.get(0);
  }
}
