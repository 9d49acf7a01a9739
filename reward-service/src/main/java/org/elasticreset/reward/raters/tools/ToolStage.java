package org.elasticreset.reward.raters.tools;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.common.annotation.Identifier;
import io.vertx.ext.web.Router;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.rating.tools.AnswerBook;
import org.elasticreset.rating.tools.SeenDeliveries;
import org.elasticreset.rating.tools.SharedSecret;
import org.elasticreset.rating.tools.StandardWebhooks;
import org.elasticreset.reward.raters.RaterPresence;
import org.elasticreset.reward.raters.RatersSettings;
import org.elasticreset.reward.raters.RatingWriter;
import org.elasticreset.reward.raters.ToolsSettings.Tool;
import org.jboss.logging.Logger;

/** Puts the ways of tools together, those that settings name. */
@Singleton
class ToolStage {

  /** Label Studio waits for a second. */
  static final Duration PATIENCE = Duration.ofMillis(800);

  private static final Logger LOG = Logger.getLogger(ToolStage.class);
  private static final int ANSWERS = 100_000;
  private static final int DELIVERIES = 10_000;
  private static final String ARGILLA = "reward.raters.argilla";
  private static final String LABEL_STUDIO = "reward.raters.label-studio";

  private final RatersSettings settings;
  private final String runId;
  private final Instance<RatingWriter> writer;
  private final Instance<RaterPresence> presence;
  private final Instance<Map<String, Object>> kafka;
  private final ToolMetrics metrics;
  private final Clock clock = Clock.systemUTC();
  private final List<AutoCloseable> running = new ArrayList<>();

  @Inject
  ToolStage(
      RatersSettings settings,
      @ConfigProperty(name = "reward.run-id") String runId,
      Instance<RatingWriter> writer,
      Instance<RaterPresence> presence,
      @Identifier("default-kafka-broker") Instance<Map<String, Object>> kafka,
      MeterRegistry registry) {
    this.settings = settings;
    this.runId = runId;
    this.writer = writer;
    this.presence = presence;
    this.kafka = kafka;
    this.metrics = new ToolMetrics(registry);
  }

  /** Before the first request is served, and with no route where nothing is set. */
  void start(@Observes Router router) {
    if (settings.enabled()) {
      List<String> argilla = ToolSecrets.ofWebhook(ARGILLA, settings.tools().argilla());
      List<String> labelStudio =
          ToolSecrets.ofWebhook(LABEL_STUDIO, settings.tools().labelStudio());
      var book = new AnswerBook(ANSWERS);
      if (!argilla.isEmpty()) {
        var webhook = new ArgillaWebhook(StandardWebhooks.of(argilla));
        WebhookRoute.install(router, "/webhooks/argilla", desk(webhook, book));
      }
      if (!labelStudio.isEmpty()) {
        var webhook =
            new LabelStudioWebhook(
                settings.tools().labelStudio().webhookHeader(), new SharedSecret(labelStudio));
        WebhookRoute.install(router, "/webhooks/label-studio", desk(webhook, book));
      }
      if (!argilla.isEmpty() || !labelStudio.isEmpty()) {
        running.add(new RatingsHeard(kafka.get(), runId, book, this::write).start());
      }
      settings.tools().argilla().url().ifPresent(this::feedArgilla);
      settings.tools().labelStudio().url().ifPresent(this::feedLabelStudio);
    }
  }

  /** The channel to Kafka opens after the routes are there. */
  private CompletionStage<Void> write(Rating rating) {
    return writer.get().write(rating);
  }

  private WebhookDesk desk(Webhook webhook, AnswerBook book) {
    LOG.infof("webhook open tool=%s", webhook.source());
    return new WebhookDesk(
        webhook,
        runId,
        book,
        new SeenDeliveries(DELIVERIES),
        this::write,
        presence.get(),
        metrics,
        clock,
        PATIENCE);
  }

  private void feedArgilla(URI url) {
    var argilla = settings.tools().argilla();
    feed(
        argilla,
        new ArgillaApi(
            new ToolHttp(url),
            ToolSecrets.apiKey(ARGILLA, argilla),
            runId,
            argilla.workspace(),
            argilla.dataset().orElse(runId)));
  }

  private void feedLabelStudio(URI url) {
    var labelStudio = settings.tools().labelStudio();
    var http = new ToolHttp(url);
    feed(
        labelStudio,
        new LabelStudioApi(
            http,
            new LabelStudioKey(http, ToolSecrets.apiKey(LABEL_STUDIO, labelStudio), clock),
            runId,
            labelStudio.project().orElse(runId)));
  }

  private void feed(Tool tool, LabellingTool api) {
    LOG.infof("requests are put into tool=%s", api.source());
    var mirror = new ToolMirror(api, metrics, clock, tool.tidyEvery());
    running.add(new ToolFeed(kafka.get(), runId, api, mirror, metrics, clock).start());
  }

  @PreDestroy
  void close() {
    for (AutoCloseable each : running) {
      try {
        each.close();
      } catch (Exception e) {
        LOG.warn("not closed", e);
      }
    }
  }
}
