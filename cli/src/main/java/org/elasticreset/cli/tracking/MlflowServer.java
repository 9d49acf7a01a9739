package org.elasticreset.cli.tracking;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import org.elasticreset.cli.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * Where MLflow is, and what it asks for, by the variables that its own clients read. No text of
 * this class but {@link #authorization} has a secret.
 *
 * @param authorization of every request; null where nothing is asked for
 * @param authorities PEM file of certificates that the server's may be signed by; null: Java's own
 */
record MlflowServer(URI base, @Nullable String authorization, @Nullable Path authorities) {
  /** In the place of an address: {@code MLFLOW_TRACKING_URI} has it. */
  static final String OF_ENVIRONMENT = "environment";

  private static final String URI_VARIABLE = "MLFLOW_TRACKING_URI";

  /**
   * Reads a setting and the environment.
   *
   * @param key what the user called it by
   * @param setting an address, or {@link #OF_ENVIRONMENT}
   * @throws InvalidInputException if there is no server behind it
   */
  static MlflowServer of(String key, String setting, Map<String, String> environment) {
    boolean named = !setting.equals(OF_ENVIRONMENT);
    String text = named ? setting : environment.getOrDefault(URI_VARIABLE, "");
    String shownKey = named ? key : URI_VARIABLE;
    if (text.isBlank()) {
      throw InvalidInputException.of(URI_VARIABLE, "missing", expected() + "; " + key + " asks it");
    }
    URI uri = parse(shownKey, text.strip());
    if (named && uri.getRawUserInfo() != null) {
      throw InvalidInputException.of(
          key,
          "an address with a name or a password",
          "one without, for it is written to the run's directory: MLFLOW_TRACKING_USERNAME and"
              + " MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN, say who you are");
    }
    String authorities = environment.getOrDefault("MLFLOW_TRACKING_SERVER_CERT_PATH", "");
    return new MlflowServer(
        withoutUser(uri),
        authorization(uri, environment),
        authorities.isEmpty() ? null : Path.of(authorities));
  }

  private static URI parse(String key, String text) {
    try {
      URI uri = URI.create(text);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      if ((scheme.equals("http") || scheme.equals("https")) && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // answered below, like every other text that is no address of a server
    }
    // A text that cannot be read may have a password anywhere.
    throw InvalidInputException.of(key, text.contains("@") ? "(not shown)" : text, expected());
  }

  private static String expected() {
    return "the address of an MLflow server, such as http://mlflow.example.org:5000";
  }

  private static URI withoutUser(URI uri) {
    String path = String.valueOf(uri.getRawPath()).replaceAll("/+$", "");
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    return URI.create(uri.getScheme() + "://" + uri.getHost() + port + path);
  }

  /** As MLflow's clients choose: name and password before a token. */
  private static @Nullable String authorization(URI uri, Map<String, String> environment) {
    String name = environment.getOrDefault("MLFLOW_TRACKING_USERNAME", "");
    String password = environment.getOrDefault("MLFLOW_TRACKING_PASSWORD", "");
    String token = environment.getOrDefault("MLFLOW_TRACKING_TOKEN", "").strip();
    if (!name.isEmpty() && !password.isEmpty()) {
      return basic(name + ":" + password);
    } else if (!token.isEmpty()) {
      if (!token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
        throw InvalidInputException.of(
            "MLFLOW_TRACKING_TOKEN", "(not shown)", "letters, digits and signs of ASCII alone");
      }
      return "Bearer " + token;
    }
    return uri.getUserInfo() == null ? null : basic(uri.getUserInfo());
  }

  private static String basic(String nameAndPassword) {
    return "Basic "
        + Base64.getEncoder().encodeToString(nameAndPassword.getBytes(StandardCharsets.UTF_8));
  }

  /** The address alone. */
  @Override
  public String toString() {
    return base.toString();
  }
}
