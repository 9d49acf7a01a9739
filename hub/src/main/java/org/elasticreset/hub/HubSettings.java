package org.elasticreset.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which Hub, which cache, who asks, and whether the network may be used.
 *
 * @param endpoint {@code http(s)://host[:port][/path]}, without a slash at the end
 * @param cache holds {@code models--org--name} directories
 * @param offline takes models from the cache only
 */
public record HubSettings(URI endpoint, Path cache, Optional<HubToken> token, boolean offline) {

  private static final String PUBLIC_HUB = "https://huggingface.co";
  private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");

  /**
   * What the variables say that every program of the Hugging Face Hub reads: {@code HF_ENDPOINT},
   * {@code HF_HUB_CACHE}, {@code HF_HOME}, {@code XDG_CACHE_HOME}, {@code HF_TOKEN}, {@code
   * HF_TOKEN_PATH}, {@code HF_HUB_OFFLINE} and their older names. See <a
   * href="https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables">the
   * list</a>.
   *
   * @param home stands for {@code ~}
   * @throws HubException naming the variable that cannot be used
   */
  public static HubSettings ofEnvironment(Map<String, String> environment, Path home)
      throws HubException {
    var variables = new Variables(environment, home);
    Path cacheHome = variables.path("XDG_CACHE_HOME").orElse(home.resolve(".cache"));
    Path hubHome = variables.path("HF_HOME").orElse(cacheHome.resolve("huggingface"));
    Path cache =
        variables
            .path("HF_HUB_CACHE")
            .or(() -> variables.path("HUGGINGFACE_HUB_CACHE"))
            .orElse(hubHome.resolve("hub"));
    String endpoint = variables.text("HF_ENDPOINT").orElse(PUBLIC_HUB);
    return new HubSettings(
        endpoint(endpoint),
        cache.toAbsolutePath().normalize(),
        token(variables, hubHome),
        variables
            .text("HF_HUB_OFFLINE")
            .or(() -> variables.text("TRANSFORMERS_OFFLINE"))
            .map(HubSettings::isTrue)
            .orElse(false));
  }

  private static URI endpoint(String text) throws HubException {
    try {
      URI uri = URI.create(text.replaceAll("/+$", ""));
      boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
      if (web && uri.getHost() != null && uri.getRawUserInfo() == null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Told below, without the text: it may hold a password.
    }
    throw new HubException(
        "HF_ENDPOINT: not an address (expected: https://host, without a name or a password)");
  }

  private static Optional<HubToken> token(Variables variables, Path hubHome) throws HubException {
    if (variables.text("HF_HUB_DISABLE_IMPLICIT_TOKEN").map(HubSettings::isTrue).orElse(false)) {
      return Optional.empty();
    }
    for (String name : new String[] {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}) {
      Optional<String> secret = variables.text(name);
      if (secret.isPresent()) {
        return Optional.of(HubToken.of(name, secret.get()));
      }
    }
    Path file = variables.path("HF_TOKEN_PATH").orElse(hubHome.resolve("token"));
    try {
      String secret = Files.readString(file);
      return secret.isBlank()
          ? Optional.empty()
          : Optional.of(HubToken.of(file.toString(), secret));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new HubException(file + ": unreadable (expected: a file with a token, or none)", e);
    }
  }

  private static boolean isTrue(String value) {
    return TRUE.contains(value.toUpperCase(Locale.ROOT));
  }

  private record Variables(Map<String, String> environment, Path home) {

    Optional<String> text(String name) {
      return Optional.ofNullable(environment.get(name))
          .map(String::strip)
          .filter(s -> !s.isEmpty());
    }

    Optional<Path> path(String name) {
      return text(name)
          .map(
              text ->
                  text.equals("~") || text.startsWith("~/")
                      ? home.resolve(text.substring(1).replaceFirst("^/+", ""))
                      : Path.of(text));
    }
  }
}
