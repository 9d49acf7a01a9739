package org.elasticreset.hub;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Statuses of the Hub that are no file, as what a person can do about them. */
final class Refusals {

  private static final String TOKENS = "/settings/tokens";

  private final HubSettings settings;
  private final InstantSource clock;

  Refusals(HubSettings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Returns if the answer is one that was asked for.
   *
   * @param fromHub false of a store that the Hub sent us to: it knows addresses that expire
   * @throws TransferFailure if it may be another one next time
   * @throws HubException if not
   */
  void check(HubHttp.Answer answer, boolean fromHub, HubName model, String asked)
      throws TransferFailure, HubException {
    int status = answer.status();
    if (status < 400) {
      return;
    }
    String host = answer.uri().getHost();
    if (status == 429 || status == 408 || status >= 500) {
      String what = status == 429 ? "asks for fewer requests" : "answers with status " + status;
      Optional<Duration> patience = retryAfter(answer);
      String alone =
          patience
              .filter(pause -> pause.toMinutes() > 0)
              .map(pause -> ", and to be left alone for %d minutes".formatted(pause.toMinutes()))
              .orElse("");
      throw new TransferFailure(host + " " + what + alone, null, patience.orElse(null));
    }
    if (!fromHub) {
      throw new TransferFailure(host + " answers with status " + status);
    }
    throw new HubException(refusal(answer, model, asked));
  }

  private String refusal(HubHttp.Answer answer, HubName model, String asked) {
    URI endpoint = settings.endpoint();
    int status = answer.status();
    boolean anonymous = settings.token().isEmpty();
    String page = endpoint + "/" + model.repository();
    return switch (answer.header("X-Error-Code").orElse("")) {
      case "GatedRepo" ->
          "%s: a gated model (expected: its conditions accepted at %s, and HF_TOKEN of that account%s)"
              .formatted(
                  model,
                  page,
                  anonymous ? ", from " + endpoint + TOKENS : "; this token may not read it");
      case "RevisionNotFound" ->
          "%s: no such revision (expected: a branch, tag or commit of %s)".formatted(model, page);
      case "EntryNotFound" -> "%s: %s is not there".formatted(model, asked);
      case "RepoNotFound" -> unknown(model, anonymous);
      default -> {
        if (status == 401 && !anonymous) {
          yield "%s: %s refuses the token (expected: one from %s that is not expired)"
              .formatted(model, endpoint.getHost(), endpoint + TOKENS);
        }
        if (status == 401 || status == 404) {
          yield unknown(model, anonymous);
        }
        yield "%s: %s refuses %s with status %d (expected: access, see %s)"
            .formatted(model, endpoint.getHost(), asked, status, page);
      }
    };
  }

  private String unknown(HubName model, boolean anonymous) {
    return "%s: neither a directory here nor a model of %s%s"
        .formatted(
            model,
            settings.endpoint(),
            anonymous
                ? " that everyone may read (if it is private: HF_TOKEN)"
                : " that this token may read");
  }

  private Optional<Duration> retryAfter(HubHttp.Answer answer) {
    return answer.header("Retry-After").flatMap(this::parse);
  }

  /** Seconds or a date, RFC 9110, section 10.2.3. */
  private Optional<Duration> parse(String value) {
    try {
      if (value.matches("[0-9]{1,9}")) {
        return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
      }
      var until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration left = Duration.between(clock.instant(), until);
      return Optional.of(left.isNegative() ? Duration.ZERO : left);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
