package org.elasticreset.reward.raters;

import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Argilla and Label Studio, under {@code reward.raters.}; none is there unless it is set. */
public interface ToolsSettings {

  /** Argilla, if people rate there. */
  Argilla argilla();

  /** Label Studio, if people rate there. */
  LabelStudio labelStudio();

  /**
   * A tool that people rate in. Its webhook is taken where a secret is set, and requests are put
   * into it where a URL is set.
   */
  interface Tool {

    /** Secrets of its webhook; two while it is changed. */
    Optional<List<String>> webhookSecrets();

    /** A file of such secrets, one a line. */
    Optional<Path> webhookSecretsFile();

    /** Where it is, such as {@code https://argilla.example.org}; absent: nothing is put into it. */
    Optional<URI> url();

    /** Of a user who may make datasets or projects. */
    Optional<String> apiKey();

    /** A file that holds it. */
    Optional<Path> apiKeyFile();

    /** How often what has ended is looked for and removed. */
    @WithDefault("PT1M")
    Duration tidyEvery();
  }

  /** Argilla; its secrets begin with {@code whsec_}. */
  interface Argilla extends Tool {

    /** Where datasets are made; it has to be there. */
    @WithDefault("argilla")
    String workspace();

    /** Begins the names of datasets; absent: the run's id. */
    Optional<String> dataset();
  }

  /** Label Studio; its secrets have at least 24 characters. */
  interface LabelStudio extends Tool {

    /** Header that the webhook has its secret in. */
    @WithDefault("X-Webhook-Secret")
    String webhookHeader();

    /** Begins the titles of projects; absent: the run's id. */
    Optional<String> project();
  }
}
