package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.broker.LocalBroker;
import org.elasticreset.cli.parquet.ParquetRows;
import org.elasticreset.model.text.PreferencePair;
import org.elasticreset.model.text.PreferencePairs;
import org.elasticreset.proto.v1.Preference;
import org.elasticreset.proto.v1.PreferredCandidate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class RatingsCommandTest {
  private static final String RUN = "asked";
  private static LocalBroker broker;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    broker = LocalBroker.startTemporary();
    Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
    KafkaTopics.createForPeople(kafka, RUN);
    KafkaTopics.createForPeople(kafka, "silent");
    try (var producer =
        new KafkaProducer<>(kafka, new StringSerializer(), new ByteArraySerializer())) {
      for (Preference told :
          List.of(
              preference("a#0", 1, 0, "42", "about 40"),
              preference("a#0", 0, 1, "42", "about 40"),
              preference("b#0", 0.5, 0.5, "left", "right"),
              preference("c#0", 1, 0, "fine", "  "),
              preference("d#0", 1, 0, "taken", "back"),
              ranking("e#0"))) {
        send(producer, told.getRequestId(), told.toByteArray());
      }
      send(producer, "d#0", null);
    }
  }

  private static void send(KafkaProducer<String, byte[]> producer, String key, byte[] value)
      throws Exception {
    producer.send(new ProducerRecord<>(RUN + ".preferences", key, value)).get(30, TimeUnit.SECONDS);
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void exportHasTheNewestOfEachRequestAndOfARankingItsPairs() throws Exception {
    Path output = folder.resolve("new/pairs.jsonl");

    assertThat(export(RUN, output)).isZero();

    assertThat(Files.readAllLines(output))
        .containsExactly(
            "{\"prompt\":\"What is 6 × 7?\",\"chosen\":\"about 40\",\"rejected\":\"42\"}",
            "{\"prompt\":\"What is 6 × 7?\",\"chosen\":\"42\",\"rejected\":\"41\"}",
            "{\"prompt\":\"What is 6 × 7?\",\"chosen\":\"42\",\"rejected\":\"40\"}");
  }

  @Test
  void tiesAreLeftOutOrWrittenBothWays() throws Exception {
    Path output = folder.resolve("pairs.jsonl");

    assertThat(export(RUN, output, "--ties", "both")).isZero();

    assertThat(Files.readAllLines(output))
        .hasSize(7)
        .contains(
            "{\"prompt\":\"What is 6 × 7?\",\"chosen\":\"left\",\"rejected\":\"right\"}",
            "{\"prompt\":\"What is 6 × 7?\",\"chosen\":\"right\",\"rejected\":\"left\"}");
  }

  @Test
  void parquetHasTheSameRowsAndSaysWhereTheyAreFrom() throws Exception {
    Path output = folder.resolve("pairs.parquet");

    assertThat(export(RUN, output, "--origin")).isZero();

    JsonNode row = ParquetRows.read(output, Set.of("chosen", "raters", "chosen_value")).get(0);
    assertThat(row.toString())
        .isEqualTo("{\"chosen\":\"about 40\",\"raters\":3,\"chosen_value\":1.0}");
  }

  @Test
  void aRunThatHasEndedHasItInItsDirectory() throws Exception {
    RunDirectory run = RunDirectory.create(folder, RUN, "sums");
    Files.writeString(run.config(), "");
    Files.writeString(run.summary(), "{}");
    PreferenceLog.write(KafkaAccess.plain(broker.bootstrapServers()), RUN, run.preferences());
    Path fromBroker = folder.resolve("broker.jsonl");
    Path fromRun = folder.resolve("run.jsonl");

    export(RUN, fromBroker, "--origin");
    int code =
        ElasticResetCommand.execute(
            "ratings",
            "export",
            "--run",
            run.path().toString(),
            "--output",
            fromRun.toString(),
            "--origin");

    assertThat(code).isZero();
    assertThat(fromRun).hasSameTextualContentAs(fromBroker);
  }

  @Test
  void aRunInWhichNothingWasPreferredIsRefused() {
    Path output = folder.resolve("pairs.jsonl");
    assertThat(export("silent", output)).isEqualTo(2);
    assertThat(export("unknown", output)).isEqualTo(2);
    assertThat(output).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"standard-snappy", "standard-zstd", "standard-gzip"})
  void importReadsParquetAsTheHubHasIt(String name) throws Exception {
    Path output = folder.resolve("pairs.jsonl");

    assertThat(imported(fixture(name), output)).isZero();

    assertThat(PreferencePairs.TRL.read(List.of(output)))
        .extracting(PreferencePair::chosen)
        .as("one is blank, one the same")
        .containsExactly("42", "Hello! 👋");
  }

  @Test
  void importReadsConversationsOfOneQuestion() throws Exception {
    Path output = folder.resolve("pairs.jsonl");

    assertThat(imported(fixture("conversations"), output)).isZero();

    assertThat(Files.readAllLines(output))
        .containsExactly(
            "{\"prompt\":\"What is 6 × 7?\",\"chosen\":\"42\",\"rejected\":\"about 40\"}");
  }

  @Test
  void whatCannotBeReadIsSaid() throws IOException {
    Path output = folder.resolve("pairs.jsonl");
    assertThat(imported(fixture("standard-lz4"), output)).isEqualTo(1);
    Path wrong = Files.writeString(folder.resolve("wrong.jsonl"), "{\"prompt\": \"a\"}\n");
    assertThat(imported(wrong, output)).isEqualTo(2);
    Path none = Files.writeString(folder.resolve("none.parquet"), "no Parquet at all");
    assertThat(imported(none, output)).isEqualTo(1);
    assertThat(imported(folder.resolve("absent.parquet"), output)).isEqualTo(2);
  }

  private static int export(String run, Path output, String... more) {
    String[] arguments = {
      "ratings",
      "export",
      "--run",
      run,
      "--broker",
      broker.bootstrapServers(),
      "--output",
      output.toString()
    };
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return ElasticResetCommand.execute(all);
  }

  private static int imported(Path file, Path output) {
    return ElasticResetCommand.execute(
        "ratings", "import", file.toString(), "--output", output.toString());
  }

  private static Path fixture(String name) {
    return Path.of("src/test/resources/pairs", name + ".parquet");
  }

  private static Preference preference(
      String id, double one, double other, String text, String otherText) {
    return preference(id)
        .addCandidates(PreferredCandidate.newBuilder().setText(text).setValue(one))
        .addCandidates(PreferredCandidate.newBuilder().setText(otherText).setValue(other))
        .build();
  }

  private static Preference ranking(String id) {
    return preference(id)
        .addCandidates(PreferredCandidate.newBuilder().setText("41").setValue(0.25))
        .addCandidates(PreferredCandidate.newBuilder().setText("42").setValue(1))
        .addCandidates(PreferredCandidate.newBuilder().setText("40").setValue(0.25))
        .build();
  }

  private static Preference.Builder preference(String id) {
    return Preference.newBuilder()
        .setRunId(RUN)
        .setRequestId(id)
        .setPrompt("What is 6 × 7?")
        .setRaters(3)
        .setPolicyVersion(17);
  }
}
