package org.elasticreset.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Alerts and dashboard ask for what the services register. */
class MonitoringTest {

  /** Not a service's: Prometheus' own, of every target. */
  private static final Set<String> OF_PROMETHEUS = Set.of("up");

  /** Labels that Prometheus, or the ServiceMonitor, gives every series. */
  private static final Set<String> OF_TARGETS = Set.of("namespace", "job", "pod");

  private static final Set<String> WORDS =
      Set.of("and", "or", "unless", "by", "on", "without", "ignoring", "group_left");

  private static final Pattern GROUPING =
      Pattern.compile("\\b(by|on|without|ignoring|group_left)\\s*\\(([^)]*)\\)");
  private static final Pattern MATCHERS = Pattern.compile("\\{([^}]*)}");
  private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*(?!\\w|\\s*\\()");

  private final Meters meters = Meters.ofServices();

  @Test
  void everyAlertIsAboutWhatAServiceRegisters() {
    JsonNode rules = Rendered.overlay("cpu").get("PrometheusRule", "elastic-reset");

    List<String> expressions =
        Rendered.elements(rules.at("/spec/groups"))
            .flatMap(group -> Rendered.elements(group.path("rules")))
            .map(rule -> rule.path("expr").asText())
            .toList();

    assertThat(expressions).hasSizeGreaterThanOrEqualTo(5).allSatisfy(this::isAnswered);
  }

  /** Whoever is called at night finds it there. */
  @Test
  void everyAlertHasALineInTheDocs() {
    String docs = Combinations.read(Rendered.ROOT.resolve("docs/kubernetes.md"));

    assertThat(
            Rendered.overlay("cpu")
                .get("PrometheusRule", "elastic-reset")
                .at("/spec/groups")
                .findValuesAsText("alert"))
        .hasSizeGreaterThan(5)
        .allMatch(alert -> docs.contains("`" + alert + "`"));
  }

  @Test
  void everyPanelShowsWhatAServiceRegisters() throws IOException {
    JsonNode configMap =
        Rendered.overlay("cpu")
            .ofKind("ConfigMap")
            .filter(map -> map.at("/metadata/labels").has("grafana_dashboard"))
            .findFirst()
            .orElseThrow();

    JsonNode dashboard =
        new ObjectMapper().readTree(configMap.at("/data").path("elastic-reset.json").asText());

    List<String> expressions =
        Stream.concat(
                dashboard.path("panels").findValuesAsText("expr").stream(),
                dashboard.path("annotations").findValuesAsText("expr").stream())
            .toList();
    assertThat(expressions).isNotEmpty().allSatisfy(this::isAnswered);
    assertThat(dashboard.findValuesAsText("query"))
        .filteredOn(query -> query.startsWith("label_values("))
        .isNotEmpty()
        .allSatisfy(query -> isAnswered(query.replaceAll("label_values\\(([a-z_]+),.*", "$1")));
  }

  @Test
  void meterThatNobodyRegistersIsFound() {
    assertThat(unknownIn("rate(learner_stepp{namespace=\"a\"}[1m]) > 0 and on (pood) up == 0"))
        .containsExactlyInAnyOrder("learner_stepp", "label pood");
  }

  private void isAnswered(String expression) {
    assertThat(unknownIn(expression)).as(expression).isEmpty();
  }

  private Set<String> unknownIn(String expression) {
    String plain = expression.replaceAll("\"[^\"]*\"", "").replaceAll("\\[[^]]*]", "");
    var unknown = new HashSet<String>();
    Stream.of(GROUPING, MATCHERS)
        .flatMap(pattern -> pattern.matcher(plain).results())
        .map(found -> found.group(found.groupCount()))
        .flatMap(labels -> Stream.of(labels.split(",")))
        .map(label -> label.replaceAll("[=!~].*", "").strip())
        .filter(label -> !label.isEmpty())
        .filter(label -> !OF_TARGETS.contains(label) && !meters.tags().contains(label))
        .forEach(label -> unknown.add("label " + label));
    String bare = MATCHERS.matcher(GROUPING.matcher(plain).replaceAll(" ")).replaceAll(" ");
    NAME.matcher(bare)
        .results()
        .map(found -> found.group())
        .filter(name -> !WORDS.contains(name))
        .filter(name -> !OF_PROMETHEUS.contains(name) && !meters.names().contains(name))
        .forEach(unknown::add);
    return unknown;
  }
}
