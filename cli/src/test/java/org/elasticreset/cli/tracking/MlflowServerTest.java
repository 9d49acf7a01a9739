package org.elasticreset.cli.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.elasticreset.cli.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MlflowServerTest {
  private static final String ADDRESS = "https://mlflow.example.org:5000/team/";

  @Test
  void addressIsASetting() {
    MlflowServer server = server(ADDRESS, Map.of("MLFLOW_TRACKING_URI", "http://elsewhere"));
    assertThat(server).hasToString("https://mlflow.example.org:5000/team");
    assertThat(server.authorization()).isNull();
  }

  @Test
  void addressIsTheEnvironmentsIfItIsAskedFor() {
    assertThat(server("environment", Map.of("MLFLOW_TRACKING_URI", "http://elsewhere")))
        .hasToString("http://elsewhere");
    assertThatThrownBy(() -> server("environment", Map.of()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("MLFLOW_TRACKING_URI: missing (expected: the address of an MLflow");
  }

  @Test
  void whatIsNoServerIsRefusedWithWhatWasExpected() {
    for (String text : new String[] {"mlruns", "file:///mlruns", "databricks", "http://", "a b"}) {
      assertThatThrownBy(() -> server(text, Map.of()))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith("tracking.mlflow: " + text + " (expected: the address of an");
    }
  }

  @Test
  void nameAndPasswordComeBeforeAToken() {
    Map<String, String> both =
        Map.of(
            "MLFLOW_TRACKING_USERNAME", "ann",
            "MLFLOW_TRACKING_PASSWORD", "pass:word",
            "MLFLOW_TRACKING_TOKEN", "token");
    assertThat(server(ADDRESS, both).authorization()).isEqualTo(basic("ann:pass:word"));
    assertThat(server(ADDRESS, Map.of("MLFLOW_TRACKING_TOKEN", "token")).authorization())
        .isEqualTo("Bearer token");
  }

  @Test
  void lineEndBehindATokenIsNoPartOfItAndATokenThatCannotBeSentIsNotShown() {
    assertThat(server(ADDRESS, Map.of("MLFLOW_TRACKING_TOKEN", "token\r\n")).authorization())
        .isEqualTo("Bearer token");
    assertThatThrownBy(() -> server(ADDRESS, Map.of("MLFLOW_TRACKING_TOKEN", "to\nken")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("MLFLOW_TRACKING_TOKEN: (not shown) (expected: ");
  }

  @Test
  void passwordInTheAddressIsTakenFromTheEnvironmentAndRefusedInASetting() {
    String secret = "http://ann:pass@mlflow.example.org";
    MlflowServer server = server("environment", Map.of("MLFLOW_TRACKING_URI", secret));
    assertThat(server.authorization()).isEqualTo(basic("ann:pass"));
    assertThat(server).hasToString("http://mlflow.example.org");

    assertThatThrownBy(() -> server(secret, Map.of()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("MLFLOW_TRACKING_USERNAME")
        .hasMessageNotContaining("pass@");
    assertThatThrownBy(() -> server("ftp://ann:pass@mlflow.example.org", Map.of()))
        .hasMessageNotContaining("pass@");
  }

  @Test
  void fileOfAuthoritiesThatIsNoneIsRefused(@TempDir Path folder) throws Exception {
    Path pem = Files.writeString(folder.resolve("ca.pem"), "no certificate");
    Map<String, String> environment = Map.of("MLFLOW_TRACKING_SERVER_CERT_PATH", pem.toString());
    assertThatThrownBy(() -> new Sinks(false, null, ADDRESS, null, null).check(environment))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("(expected: a PEM file of certificates");
  }

  @Test
  void experimentIsTheSettingTheEnvironmentsTheComparisonsOrOurs() {
    Map<String, String> named = Map.of("MLFLOW_EXPERIMENT_NAME", "theirs");
    assertThat(MlflowExperiment.of("mine", "movies", named)).hasToString("mine");
    assertThat(MlflowExperiment.of(null, "movies", named)).hasToString("theirs");
    assertThat(MlflowExperiment.of(null, null, Map.of("MLFLOW_EXPERIMENT_ID", "7")))
        .hasToString("id 7");
    assertThat(MlflowExperiment.of(null, "movies", Map.of())).hasToString("movies");
    assertThat(MlflowExperiment.of(null, null, Map.of())).hasToString("elastic-reset");
  }

  private static MlflowServer server(String setting, Map<String, String> environment) {
    return MlflowServer.of("tracking.mlflow", setting, environment);
  }

  private static String basic(String text) {
    return "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
