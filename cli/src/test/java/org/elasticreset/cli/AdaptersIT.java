package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.elasticreset.model.AdapterDirectory;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.Precision;
import org.elasticreset.model.TokenSequence;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Adapters of a tiny Llama through the whole pipeline: real processes, a real broker, resets at
 * every second update, and what is taken away from the run.
 */
class AdaptersIT {
  private static final List<TokenSequence> TEXT =
      List.of(new TokenSequence(new int[] {70, 71, 72}, new int[] {73, 74, 75}));

  @TempDir private static Path root;
  private static Path base;
  private static byte[] baseBefore;
  private static RunDirectory run;
  private static RecordedRun record;

  @BeforeAll
  static void runOnce() throws Exception {
    TinyRun.write(root, 5);
    base = root.resolve("llama");
    TinyModels.writeLlama(base);
    baseBefore = Files.readAllBytes(base.resolve("model.safetensors"));
    run = new RunDirectory(root.resolve("runs/adapters"));

    int exitCode =
        ElasticResetCommand.execute(
            TinyRun.arguments(
                root,
                "adapters",
                "--policy",
                base.toString(),
                "--lora",
                "--set",
                "lora.rank=4",
                "--set",
                "lora.dropout=0.1",
                "--set",
                "ppo.learning-rate=0.05",
                "--set",
                "recompute=true"));

    assertThat(exitCode).isZero();
    record = RecordedRun.read(run);
  }

  @Test
  void driftIsMeasuredFromTheBaseAndGrows() {
    var evaluations = record.events("evaluation");
    assertThat(evaluations.get(0).path("kl_to_initial_nats").asDouble()).isCloseTo(0, within(1e-4));
    assertThat(evaluations.get(evaluations.size() - 1).path("kl_to_initial_nats").asDouble())
        .isNotCloseTo(0, within(1e-3));
  }

  @Test
  void adaptersAreReset() {
    assertThat(record.events("reset"))
        .extracting(line -> line.path("step").asLong())
        .containsExactly(2L, 4L);
  }

  /** Rank 4 for queries [16, 16] and values [8, 16] of two blocks, in float32. */
  @Test
  void onlyAdaptersTravelledAndTheBaseIsAsItWas() throws Exception {
    assertThat(run.versions().resolve("step-00000005/average.f32"))
        .hasSize(2 * (4 * (16 + 16) + 4 * (16 + 8)) * Float.BYTES);
    assertThat(base.resolve("model.safetensors")).hasBinaryContent(baseBefore);
  }

  @Test
  void savedAndExportedAdaptersAreTheLastPolicy() {
    float[] saved = logProbs(run.policy());
    Path exported = export("adapter", "--format", "adapter");
    Path average = export("average", "--format", "adapter", "--version", "average");

    assertThat(AdapterDirectory.read(run.policy()).baseModel()).isEqualTo(base.toString());
    assertThat(logProbs(exported)).isEqualTo(saved);
    assertThat(logProbs(average)).isNotEqualTo(saved);
    try (CausalLanguageModel untrained = CausalLanguageModel.open(base);
        CausalLanguageModel merged = CausalLanguageModel.open(export("full"))) {
      assertThat(merged.logProbs(TEXT, 1, 1).get(0)).containsExactly(saved, within(1e-4f));
      assertThat(untrained.logProbs(TEXT, 1, 1).get(0)).isNotEqualTo(saved);
    }
  }

  private static Path export(String name, String... more) {
    Path output = root.resolve("exported").resolve(name);
    List<String> arguments =
        new ArrayList<>(List.of("export", run.path().toString(), "--output", output.toString()));
    arguments.addAll(List.of(more));
    assertThat(ElasticResetCommand.execute(arguments.toArray(String[]::new))).isZero();
    return output;
  }

  private static float[] logProbs(Path adapter) {
    try (CausalLanguageModel model =
        CausalLanguageModel.openAdapter(base, AdapterDirectory.read(adapter), Precision.FLOAT32)) {
      return model.logProbs(TEXT, 1, 1).get(0);
    }
  }
}
