package org.elasticreset.deploy;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.elasticreset.broker.KafkaTopic;
import org.elasticreset.broker.KafkaTopics;

/**
 * The files of manifests that are made from others: Strimzi's topics from {@code
 * deploy/kafka/topics.yaml}, its users and their rights from the channels of the services. The
 * run's id is the preset's, and Kustomize puts another in its place.
 */
final class StrimziResources {

  static final List<String> SERVICES =
      List.of("ema-service", "learner-service", "reward-service", "rollout-service");

  private static final String MADE = "# Made from %s: mvn -pl deploy -am test -Dregenerate\n";
  private static final String RUN = "movie-sentiment";
  private static final Pattern TOPIC =
      Pattern.compile(
          "mp\\.messaging\\.(incoming|outgoing)\\.([^.]+)\\.(dead-letter-queue\\.)?topic");
  private static final Pattern GROUP =
      Pattern.compile("mp\\.messaging\\.incoming\\.([^.]+)\\.group\\.id");

  private StrimziResources() {}

  /** Every file that is made, by its path below {@code deploy/}. */
  static Map<String, String> files() {
    var files = new LinkedHashMap<String, String>();
    files.put("kubernetes/components/strimzi/topics.yaml", topics("topics"));
    files.put("kubernetes/components/raters-topics/topics.yaml", topics("people"));
    files.put("kubernetes/components/live/topics.yaml", topics("live"));
    files.put("kubernetes/components/strimzi/users.yaml", users());
    files.put("kafka/create-topics.sh", script());
    return files;
  }

  private static String topics(String group) {
    var yaml = new StringBuilder(MADE.formatted("deploy/kafka/topics.yaml"));
    String between = "";
    for (KafkaTopic topic : KafkaTopics.declared(group)) {
      yaml.append(between)
          .append(head("KafkaTopic", topic.name()))
          .append("spec:\n  topicName: ")
          .append(RUN + "." + topic.name())
          .append("\n  partitions: ")
          .append(topic.partitions())
          .append("\n  config:\n");
      new TreeMap<>(topic.settings())
          .forEach((key, value) -> yaml.append("    %s: %s%n".formatted(key, value)));
      between = "---\n";
    }
    return yaml.toString();
  }

  private static String users() {
    var yaml =
        new StringBuilder(MADE.formatted("the channels in each service's application.properties"));
    for (String service : SERVICES) {
      yaml.append(user(service, rights(channels(service)))).append("---\n");
    }
    yaml.append("# What KEDA counts work as; it reads nothing.\n");
    return yaml.append(
            user(
                "scaler",
                List.of(
                    acl("topic", RUN + ".prompts", "Describe"),
                    acl("group", RUN + ".rollout-service", "Describe"))))
        .toString();
  }

  private static String user(String name, List<String> rights) {
    return head("KafkaUser", name)
        + "spec:\n  authentication:\n    type: scram-sha-512\n  authorization:\n    type: simple\n"
        + "    acls:\n"
        + String.join("", rights);
  }

  private static List<String> rights(Properties channels) {
    var rights = new TreeSet<String>();
    for (String key : channels.stringPropertyNames()) {
      String name = channels.getProperty(key).replaceFirst("^\\$\\{.*}\\.", "");
      var topic = TOPIC.matcher(key);
      if (topic.matches() && isOfEveryRun(topic.group(2), name, channels)) {
        boolean read = topic.group(1).equals("incoming") && topic.group(3) == null;
        rights.add(acl("topic", RUN + "." + name, read ? "Read, Describe" : "Write, Describe"));
      } else if (GROUP.matcher(key).matches()) {
        rights.add(acl("group", RUN + "." + name, "Read, Describe"));
      }
    }
    return List.copyOf(rights);
  }

  /** Not of a game of two, nor of people: those are added where they are switched on. */
  private static boolean isOfEveryRun(String channel, String topic, Properties channels) {
    return !"false".equals(channels.getProperty("mp.messaging.incoming." + channel + ".enabled"))
        && KafkaTopics.declared("people").stream().noneMatch(other -> other.name().equals(topic));
  }

  private static String acl(String type, String name, String operations) {
    return "      - resource: {type: %s, name: %s}%n        operations: [%s]%n"
        .formatted(type, name, operations);
  }

  private static String head(String kind, String name) {
    return """
        apiVersion: kafka.strimzi.io/v1
        kind: %s
        metadata:
          name: %s
          labels:
            strimzi.io/cluster: broker
        """
        .formatted(kind, name);
  }

  /** For a broker without Strimzi, in the words of Kafka's own tool. */
  private static String script() {
    var lines = new ArrayList<String>();
    lines.add("#!/bin/sh");
    lines.add(MADE.formatted("topics.yaml").strip());
    lines.add("# create-topics.sh RUN-ID [people|live] -- OPTIONS OF kafka-topics.sh, such as");
    lines.add(
        "#   create-topics.sh movie-sentiment -- --bootstrap-server HOST:PORT --command-config FILE");
    lines.add("set -eu");
    lines.add("run=$1; shift");
    lines.add("group=; [ \"$1\" = -- ] || { group=$1; shift; }; shift");
    lines.add("create() { kafka-topics.sh \"$@\"; }");
    for (String group : List.of("topics", "people", "live")) {
      lines.add(group.equals("topics") ? "{" : "[ \"$group\" != %s ] || {".formatted(group));
      for (KafkaTopic topic : KafkaTopics.declared(group)) {
        var line = new StringBuilder("  create \"$@\" --create --if-not-exists --topic \"$run.");
        line.append(topic.name()).append("\" --partitions ").append(topic.partitions());
        new TreeMap<>(topic.settings())
            .forEach((key, value) -> line.append(" --config %s=%s".formatted(key, value)));
        lines.add(line.toString());
      }
      lines.add("}");
    }
    return String.join("\n", lines) + "\n";
  }

  static Properties channels(String service) {
    Path file = Rendered.ROOT.resolve(service).resolve("src/main/resources/application.properties");
    var channels = new Properties();
    try (Reader text = Files.newBufferedReader(file)) {
      channels.load(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return channels;
  }
}
