package org.elasticreset.reward.raters.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.HttpCredentialTransport;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.elasticreset.reward.raters.RatersSettings;
import org.elasticreset.reward.raters.door.DoorStage;
import org.elasticreset.reward.raters.door.RaterKeys.Caller;
import org.jspecify.annotations.Nullable;

/**
 * Who a caller is, by the key they show: a program in {@code Authorization: Bearer}, a page in its
 * cookie. A key that nobody has is left to whoever else knows tokens, which is OpenID Connect if it
 * is on.
 */
@Singleton
class KeyAuthentication implements HttpAuthenticationMechanism {

  /** Of the page; it has the key, which is no more of a secret than a session would be. */
  static final String COOKIE = "rater-session";

  /** An attribute of who came in by a cookie, which a browser sends along unasked. */
  static final String BY_COOKIE = "by-cookie";

  private static final String BEARER = "Bearer ";
  private static final int LONGEST_KEY = 512;

  private final RatersSettings settings;
  private final DoorStage stage;

  @Inject
  KeyAuthentication(RatersSettings settings, DoorStage stage) {
    this.settings = settings;
    this.stage = stage;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      RoutingContext call, IdentityProviderManager identities) {
    if (!settings.enabled()) {
      return Uni.createFrom().nullItem();
    }
    @Nullable String header = call.request().getHeader("Authorization");
    Optional<SecurityIdentity> identity =
        header == null
            ? caller(fromCookie(call)).map(caller -> identity(caller, true))
            : caller(fromHeader(header)).map(caller -> identity(caller, false));
    return Uni.createFrom().optional(identity);
  }

  private Optional<Caller> caller(Optional<String> key) {
    return key.filter(given -> given.length() <= LONGEST_KEY)
        .flatMap(given -> stage.keys().caller(given));
  }

  private static SecurityIdentity identity(Caller caller, boolean byCookie) {
    return QuarkusSecurityIdentity.builder()
        .setPrincipal(new QuarkusPrincipal(caller.name()))
        .addRole(caller.role())
        .addAttribute(BY_COOKIE, byCookie)
        .build();
  }

  private static Optional<String> fromHeader(String header) {
    return header.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? Optional.of(header.substring(BEARER.length()).strip())
        : Optional.empty();
  }

  private static Optional<String> fromCookie(RoutingContext call) {
    @Nullable Cookie cookie = call.request().getCookie(COOKIE);
    if (cookie == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(new String(Base64.getUrlDecoder().decode(cookie.getValue()), UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The value of the cookie for a key. */
  static String cookieOf(String key) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(UTF_8));
  }

  @Override
  public Uni<ChallengeData> getChallenge(RoutingContext call) {
    return Uni.createFrom()
        .item(
            new ChallengeData(
                HttpResponseStatus.UNAUTHORIZED.code(), "WWW-Authenticate", "Bearer"));
  }

  @Override
  public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
    return Set.of();
  }

  @Override
  public Uni<HttpCredentialTransport> getCredentialTransport(RoutingContext call) {
    return Uni.createFrom()
        .item(new HttpCredentialTransport(HttpCredentialTransport.Type.AUTHORIZATION, "bearer"));
  }

  /** Before OpenID Connect, which refuses what it does not know. */
  @Override
  public int getPriority() {
    return 3000;
  }
}
