package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.elasticreset.checkpoint.Checkpoints;
import org.elasticreset.model.AdapterDirectory;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.Precision;
import org.elasticreset.model.TokenSequence;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {
  private static final List<TokenSequence> TEXT =
      List.of(new TokenSequence(new int[] {4, 5, 6}, new int[] {7, 8, 9}));

  @TempDir private Path root;
  private Path policy;
  private Path output;
  private RunDirectory run;

  /** Of a tiny Llama's adapters, steps 2 and 3 are kept. */
  @BeforeEach
  void writeRun() throws IOException {
    policy = root.resolve("models/llama");
    output = root.resolve("exported");
    TinyModels.writeLlama(policy);
    run = run("lora.rank=2", "lora.alpha=6");
    snapshot(2, 2 * 2 * 2 * (16 + 12) * 4);
    snapshot(3, 2 * 2 * 2 * (16 + 12) * 4);
  }

  private RunDirectory run(String... settings) throws IOException {
    String[] all =
        Stream.concat(
                Stream.of(
                    "policy=" + policy,
                    "sampling.max-new-tokens=8",
                    "sampling.max-prompt-tokens=8"),
                Stream.of(settings))
            .toArray(String[]::new);
    return made(InstallationFixture.create(root).resolve(all));
  }

  private RunDirectory made(RunConfig config) throws IOException {
    RunDirectory made = RunDirectory.create(root.resolve("runs"), null, "tiny");
    made.createFolders();
    Files.writeString(made.config(), SettingsText.yaml(config));
    RunSummary.begun(made.name(), "tiny", Instant.EPOCH).write(made.summary());
    RunInputs.note(config, made.inputs());
    return made;
  }

  private void snapshot(long step, int bytes) throws IOException {
    snapshot(run.averages(), step, bytes);
  }

  private static void snapshot(Path averages, long step, int bytes) throws IOException {
    new Checkpoints(averages)
        .write(
            step,
            unfinished -> {
              Files.write(unfinished.resolve("policy.f32"), weights(step, bytes));
              Files.write(unfinished.resolve("average.f32"), weights(-step, bytes));
            });
  }

  private static byte[] weights(long seed, int bytes) {
    Random random = new Random(seed);
    ByteBuffer weights = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (weights.hasRemaining()) {
      weights.putFloat((float) (0.3 * random.nextGaussian()));
    }
    return weights.array();
  }

  private String export(String... more) {
    List<String> arguments = new ArrayList<>(List.of("export", run.name()));
    arguments.addAll(List.of("--runs", root.resolve("runs").toString()));
    arguments.addAll(List.of("--output", output.toString()));
    arguments.addAll(List.of(more));
    PrintStream before = System.err;
    ByteArrayOutputStream error = new ByteArrayOutputStream();
    System.setErr(new PrintStream(error, true, StandardCharsets.UTF_8));
    try {
      int code = ElasticResetCommand.execute(arguments.toArray(String[]::new));
      assertThat(code)
          .as(error.toString(StandardCharsets.UTF_8))
          .isEqualTo(error.size() == 0 ? 0 : 2);
      return error.toString(StandardCharsets.UTF_8).strip();
    } finally {
      System.setErr(before);
    }
  }

  private byte[] exportedAdapter() {
    try (CausalLanguageModel model = openAdapter()) {
      byte[] bytes = new byte[(int) model.parameters().totalBytes()];
      model.parameters().read(0, bytes.length).get(bytes);
      return bytes;
    }
  }

  private CausalLanguageModel openAdapter() {
    return CausalLanguageModel.openAdapter(
        policy, AdapterDirectory.read(output), Precision.FLOAT32);
  }

  @Test
  void newestPolicyIsExportedAsPeftsAdapter() {
    assertThat(export("--format", "adapter")).isEmpty();

    assertThat(exportedAdapter()).isEqualTo(weights(3, 896));
    AdapterDirectory adapter = AdapterDirectory.read(output);
    assertThat(adapter.baseModel()).isEqualTo(policy.toString());
    assertThat(adapter.settings().alpha()).isEqualTo(6);
    assertThat(adapter.settings().targetModules()).containsExactly("q_proj", "v_proj");
  }

  @Test
  void averageAndStepsAreVersions() {
    assertThat(export("--format", "adapter", "--version", "average")).isEmpty();
    assertThat(exportedAdapter()).isEqualTo(weights(-3, 896));

    output = root.resolve("of-a-step");
    assertThat(export("--format", "adapter", "--version", "step", "2")).isEmpty();
    assertThat(exportedAdapter()).isEqualTo(weights(2, 896));
  }

  @Test
  void fullDirectoryHasTheAdaptersMerged() {
    assertThat(export("--format", "adapter")).isEmpty();
    float[] adapted;
    try (CausalLanguageModel model = openAdapter()) {
      adapted = model.logProbs(TEXT, 1, 1).get(0);
    }
    output = root.resolve("merged");
    assertThat(export()).isEmpty();

    try (CausalLanguageModel merged = CausalLanguageModel.open(output);
        CausalLanguageModel base = CausalLanguageModel.open(policy)) {
      assertThat(merged.logProbs(TEXT, 1, 1).get(0)).containsExactly(adapted, within(1e-5f));
      assertThat(merged.logProbs(TEXT, 1, 1).get(0))
          .doesNotContain(base.logProbs(TEXT, 1, 1).get(0), within(1e-3f));
    }
  }

  @Test
  void halfPrecisionTakesHalfTheBytesAndSaysSo() throws IOException {
    assertThat(export("--dtype", "bfloat16")).isEmpty();

    assertThat(Files.readString(output.resolve("config.json"))).contains("\"bfloat16\"");
    assertThat(Files.size(output.resolve("model.safetensors")))
        .isLessThan(Files.size(policy.resolve("model.safetensors")) * 2 / 3);
  }

  @Test
  void wholeModelIsExportedBitByBit() throws IOException {
    long bytes;
    try (CausalLanguageModel model = CausalLanguageModel.open(policy)) {
      bytes = model.parameters().totalBytes();
    }
    run = run();
    snapshot(1, (int) bytes);

    assertThat(export()).isEmpty();

    assertThat(exportedModel((int) bytes)).isEqualTo(ByteBuffer.wrap(weights(1, (int) bytes)));
    output = root.resolve("adapter");
    assertThat(export("--format", "adapter"))
        .isEqualTo(
            "--format: adapter (expected: full; " + run.name() + " trained the whole model)");
  }

  @Test
  void receiverOfAGameIsExportedAsTheSenderIs() throws IOException {
    Path receiver = root.resolve("models/receiver");
    TinyModels.writePolicy(receiver);
    int bytes;
    try (CausalLanguageModel model = CausalLanguageModel.open(receiver)) {
      bytes = (int) model.parameters().totalBytes();
    }
    InstallationFixture fixture = InstallationFixture.create(root);
    fixture.write("user/prompts.tsv", "prompt\ten\tde\nUn arbre =>\tA tree\tEin Baum\n");
    run =
        made(
            fixture.resolveFile(
                """
                policy: ../models/llama
                prompts: prompts.tsv
                evaluation: {prompts: prompts.tsv}
                sampling: {max-prompt-tokens: 8, max-new-tokens: 8}
                reward: {judge: null, scorers: {sentiment: null, understood: {type: receiver}}}
                receiver:
                  {model: ../models/receiver, reference: de, max-prompt-tokens: 8, max-new-tokens: 8}
                deliver: average
                reset: {trigger: on-request}
                """));
    snapshot(4, bytes);
    snapshot(run.receiverAverages(), 2, bytes);
    snapshot(run.receiverAverages(), 3, bytes);

    assertThat(export("--receiver")).isEmpty();
    assertThat(exportedModel(bytes)).isEqualTo(ByteBuffer.wrap(weights(3, bytes)));

    run.removeState();
    output = root.resolve("behind-the-end");
    assertThat(export("--receiver", "--version", "average")).isEmpty();
    assertThat(exportedModel(bytes)).isEqualTo(ByteBuffer.wrap(weights(-3, bytes)));
    output = root.resolve("adapter");
    assertThat(export("--receiver", "--format", "adapter"))
        .isEqualTo(
            "--format: adapter (expected: full; " + run.name() + " trained the whole model)");
  }

  @Test
  void runOfOnePlayerHasNoReceiver() {
    assertThat(export("--receiver"))
        .isEqualTo("--receiver: " + run.name() + " (expected: a game of two; it has one player)");
    assertThat(output).doesNotExist();
  }

  private ByteBuffer exportedModel(int bytes) {
    try (CausalLanguageModel model = CausalLanguageModel.open(output)) {
      return model.parameters().read(0, bytes);
    }
  }

  @Test
  void damagedVersionIsNotExported() throws IOException {
    Files.write(run.averages().resolve("step-00000003/policy.f32"), new byte[896]);

    assertThat(export("--format", "adapter")).isEmpty();

    assertThat(exportedAdapter()).isEqualTo(weights(2, 896));
    output = root.resolve("damaged");
    assertThat(export("--version", "step", "3"))
        .isEqualTo(
            "--version: step 3 (expected: an intact one of steps 3, 2, which "
                + run.path()
                + " keeps)");
    assertThat(output).doesNotExist();
  }

  @Test
  void runThatHasEndedKeepsItsLastPolicyAndAverage() {
    run.removeState();

    assertThat(export("--format", "adapter")).isEmpty();

    assertThat(exportedAdapter()).isEqualTo(weights(3, 896));
    output = root.resolve("average");
    assertThat(export("--format", "adapter", "--version", "average")).isEmpty();
    assertThat(exportedAdapter()).isEqualTo(weights(-3, 896));
  }

  @Test
  void directoryThatExistsIsLeftAlone() throws IOException {
    Path precious = Files.writeString(Files.createDirectory(output).resolve("precious"), "text");

    assertThat(export())
        .isEqualTo("--output: " + output + " (expected: a directory that does not exist yet)");
    assertThat(precious).hasContent("text");
  }

  @Test
  void adaptersAreNotMergedIntoAnotherBase() throws IOException {
    run.removeState();
    Path config = policy.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("10000", "20000"));

    assertThat(export())
        .isEqualTo(
            "RUN: "
                + config
                + " (expected: the file that the run began with; it has changed since)");
    assertThat(output).doesNotExist();
  }

  @Test
  void versionThatIsNoneIsAnsweredWithThoseThereAre() {
    assertThat(export("--version", "best"))
        .isEqualTo("--version: best (expected: latest, average or step N)");
  }
}
