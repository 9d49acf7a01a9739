package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.elasticreset.cli.RunConfig.IteratedLearningConfig;
import org.elasticreset.cli.RunConfig.LoraConfig;
import org.elasticreset.cli.RunConfig.NlpoConfig;
import org.elasticreset.cli.RunConfig.RehearsalConfig;
import org.elasticreset.cli.RunConfig.ScorerConfig;
import org.elasticreset.model.tokenizer.BpeTrainer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunConfigTest {
  @TempDir private Path root;
  private InstallationFixture fixture;

  @BeforeEach
  void createInstallation() throws IOException {
    fixture = InstallationFixture.create(root);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          ema.decay=1.5                           ~ ema.decay: 1.5 (expected: 0 < decay < 1)
          ema.decay=high                          ~ ema.decay: high (expected: a number)
          ema.decay=NaN                           ~ ema.decay: NaN (expected: a number)
          ema.dekay=0.9                           ~ ema.dekay: unknown setting (did you mean ema.decay?)
          decay=0.9                               ~ decay: unknown setting (did you mean ema.decay?)
          sampling.max_new_tokens=4               ~ sampling.max_new_tokens: unknown setting (did you mean sampling.max-new-tokens?)
          colour=blue                             ~ colour: unknown setting
          ema=0.9                                 ~ ema: 0.9 (expected: a group of settings: decay, update-every, keep-versions, http-port, grpc-port)
          steps=0                                 ~ steps: 0 (expected: steps >= 1)
          steps=2.5                               ~ steps: 2.5 (expected: a whole number)
          steps=99999999999                       ~ steps: 99999999999 (expected: a whole number)
          seed=                                   ~ seed: '' (expected: a whole number)
          steps                                   ~ --set: steps (expected: key=value, such as ema.decay=0.9)
          policy=null                             ~ policy: missing (expected: a Hugging Face model directory, or a name of the Hub)
          reissue-after=soon                      ~ reissue-after: soon (expected: a time such as 500ms, 60s or 5m)
          ppo.whiten-advantages=maybe             ~ ppo.whiten-advantages: maybe (expected: true or false)
          reset.trigger=sometimes                 ~ reset.trigger: sometimes (expected: every-n-updates | drift-budget | reward-plateau | marginal-value | on-request)
          reset.approval=true                     ~ reset.approval: unknown setting (did you mean reset.approvals?)
          reset.trigger=reward-plateau            ~ reset.plateau-gain-per-nat: missing (expected: plateau-gain-per-nat >= 0, since reset.trigger is reward-plateau)
          reset.rearm-below-nats=3                ~ reset.rearm-below-nats: 3.0 (expected: at most reset.drift-budget-nats)
          reset.plateau-window=5                  ~ reset.plateau-window: 5 (expected: an even number, at least 4)
          reset.trigger=drift-budget              ~ reset.drift-budget-nats: missing (expected: drift-budget-nats > 0, since reset.trigger is drift-budget)
          reset.approvals=-1                      ~ reset.approvals: -1 (expected: approvals >= 0)
          sampling.top-p=0                        ~ sampling.top-p: 0 (expected: 0 < top-p <= 1)
          iterated-learning.every=1               ~ iterated-learning.every: 1 (expected: every >= 2)
          nlpo.top-p=0                            ~ nlpo.top-p: 0 (expected: 0 < top-p <= 1)
          pull-to-initial=-1                      ~ pull-to-initial: -1 (expected: pull-to-initial >= 0)
          rehearsal.coefficient=0.1               ~ rehearsal.texts: missing (expected: a text file, one text a line)
          rehearsal.coefficient=0                 ~ rehearsal.coefficient: 0 (expected: coefficient > 0)
          ppo.gae-lambda=-1                       ~ ppo.gae-lambda: -1 (expected: 0 <= gae-lambda <= 1)
          rollout.batch-size=24                   ~ rollout.per-step: 64 (expected: a multiple of rollout.batch-size, 24)
          algorithm=rloo                          ~ rollout.samples-per-prompt: 1 (expected: samples-per-prompt >= 2, for rloo compares responses to the same prompt)
          algorithm=trpo                          ~ algorithm: trpo (expected: ppo | reinforce | rloo | grpo)
          rollout.samples-per-prompt=5            ~ rollout.per-step: 64 (expected: a multiple of rollout.samples-per-prompt, 5)
          algorithm=reinforce                     ~ ppo.epochs: 4 (expected: 1, for the gradient of reinforce has no ratio, and is right for rollouts of the policy itself only)
          reinforce.baseline-decay=1              ~ reinforce.baseline-decay: 1 (expected: 0 <= baseline-decay < 1)
          kl.in=both                              ~ kl.in: both (expected: reward | loss)
          ppo.minibatch-size=48                   ~ rollout.per-step: 64 (expected: a multiple of ppo.minibatch-size, 48)
          ppo.micro-batch-size=5                  ~ ppo.minibatch-size: 32 (expected: a multiple of ppo.micro-batch-size, 5)
          base-weights=bfloat16                   ~ base-weights: bfloat16 (expected: float32, in which weights are trained; or lora.rank)
          precision=int8                          ~ precision: int8 (expected: float32 | bfloat16)
          device=tpu                              ~ device: tpu (expected: auto, cpu or cuda:n)
          lora.rank=0                             ~ lora.rank: 0 (expected: 1 <= rank <= 4096)
          lora.target-modules=c_attn,q_proj       ~ lora.target-modules: [q_proj] (expected: all-linear, or one or more of [c_attn, c_proj, c_fc])
          lora.target-modules=,                   ~ lora.target-modules: , (expected: a list)
          kafka.port=70000                        ~ kafka.port: 70000 (expected: 0 <= port <= 65535)
          name=../up                              ~ name: ../up (expected: letters, digits, '.', '_' and '-', at most 100)
          sampling.max-new-tokens=120             ~ sampling.max-new-tokens: 120 (expected: max-prompt-tokens + max-new-tokens <= 128, the positions of the policy; they are 144)
          reward.scorers=null                     ~ reward.scorers: none (expected: at least one scorer)
          reward.scorers.sentiment.type=oracle    ~ reward.scorers.sentiment.type: oracle (expected: classifier | regex | receiver | learned | length)
          reward.scorers.short.target-tokens=9    ~ reward.scorers.short.type: missing (expected: classifier | regex | receiver | learned | length)
          reward.scorers.sentiment.pattern=x      ~ reward.scorers.sentiment.pattern: unknown setting
          reward.scorers.sentiment.output=odds    ~ reward.scorers.sentiment.output: odds (expected: probability | logit)
          reward.scorers.sentiment.weight=heavy   ~ reward.scorers.sentiment.weight: heavy (expected: a number)
          """)
  void badSettingIsAnsweredByNameValueAndExpectation(String assignment, String message) {
    assertThatThrownBy(() -> fixture.resolve(assignment))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(message);
  }

  @Test
  void badPatternIsAnsweredByItsMistake() {
    assertThatThrownBy(
            () ->
                fixture.resolve(
                    "reward.scorers.word.type=regex", "reward.scorers.word.pattern=(good"))
        .hasMessage(
            "reward.scorers.word.pattern: (good (expected: a regular expression of RE2: missing"
                + " closing ))");
  }

  @Test
  void labelThatTheClassifierDoesNotHaveIsAnsweredWithTheOnesItHas() {
    assertThatThrownBy(() -> fixture.resolve("reward.scorers.sentiment.label=HAPPY"))
        .hasMessage(
            "reward.scorers.sentiment.label: HAPPY (expected: NEGATIVE | POSITIVE, the labels of "
                + root.resolve("models/classifier")
                + ")");
  }

  @Test
  void adaptersAreThePapersUnlessTheirSettingsSayElse() throws IOException {
    assertThat(fixture.resolve().lora()).isNull();
    assertThat(fixture.resolve("lora.rank=16").lora())
        .isEqualTo(new LoraConfig(16, null, 0.05, null));

    RunConfig config = fixture.resolveFile("lora: {rank: 8, target-modules: [c_attn, c_fc]}");

    assertThat(config.lora()).isEqualTo(new LoraConfig(8, null, 0.05, List.of("c_attn", "c_fc")));
    assertThat(fixture.resolveFile(SettingsText.yaml(config))).isEqualTo(config);
  }

  @Test
  void flagTurnsAdaptersOnAndLeavesWhatTheRunFileSaysOfThem() throws IOException {
    assertThat(withLora("seed: 3")).isEqualTo(new LoraConfig(16, null, 0.05, null));
    assertThat(withLora("lora: {dropout: 0.5}")).isEqualTo(new LoraConfig(16, null, 0.5, null));
    assertThat(withLora("lora: {rank: 4}")).isEqualTo(new LoraConfig(4, null, 0.05, null));
  }

  private @Nullable LoraConfig withLora(String yaml) throws IOException {
    Path file = fixture.write("lora.yaml", yaml);
    return new RunConfigSources("movie-sentiment", file, List.of(), null, null, null, true, null)
        .read(new Installation(root), fixture.models())
        .lora();
  }

  @Test
  void whatNeedsTheNewestPolicysOwnRolloutsIsRefusedWithStaleness() throws IOException {
    assertThat(fixture.resolveFile("iterated-learning: {every: 3}").iteratedLearning())
        .isEqualTo(new IteratedLearningConfig(3, 4, 1e-4));
    assertThat(fixture.resolveFile("nlpo: {top-p: 0.8}").nlpo()).isEqualTo(new NlpoConfig(0.8, 5));
    assertThatThrownBy(() -> fixture.resolve("nlpo.top-p=0.8", "max-staleness=1"))
        .hasMessage(
            "max-staleness: 1 (expected: 0 with nlpo, which takes the newest policy's own rollouts)");
    assertThatThrownBy(() -> fixture.resolve("iterated-learning.every=3", "max-staleness=2"))
        .hasMessageContaining("(expected: 0 with iterated-learning, ");
  }

  @Test
  void rehearsedTextsAreOthersThanTheEvaluations() throws IOException {
    Path texts = fixture.write("texts.txt", "one\ntwo\n");
    String rehearsal = "rehearsal.texts=" + texts;

    assertThat(fixture.resolve(rehearsal, "rehearsal.batch-size=2").rehearsal())
        .isEqualTo(new RehearsalConfig(0.1, texts, 2));
    assertThatThrownBy(() -> fixture.resolve(rehearsal))
        .hasMessage(
            "rehearsal.batch-size: 16 (expected: at most 2, the texts of %s)".formatted(texts));
    assertThatThrownBy(() -> fixture.resolve(rehearsal, "evaluation.human-text=" + texts))
        .hasMessageContaining("(expected: another file than evaluation.human-text, ");
  }

  @Test
  void llamaIsAPolicy() throws IOException {
    fixture.model(
        "models/llama",
        """
        {"model_type": "llama", "vocab_size": 290, "max_position_embeddings": 64,
         "hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 1,
         "num_attention_heads": 2, "rms_norm_eps": 1e-5, "eos_token_id": 2}
        """);
    String llama = "policy=" + root.resolve("models/llama");

    assertThat(fixture.resolve(llama, "sampling.max-new-tokens=40").policy())
        .isEqualTo(root.resolve("models/llama"));
    assertThatThrownBy(() -> fixture.resolve(llama, "sampling.max-new-tokens=41"))
        .hasMessageContaining("max-prompt-tokens + max-new-tokens <= 64, the positions");
  }

  @Test
  void theOnlyLabelNeedNotBeNamed() throws IOException {
    String model = "reward.scorers.sentiment.model=";
    Path one = root.resolve("models/one");
    fixture.model("models/one", "{\"id2label\": {\"0\": \"LABEL_0\"}}");
    RunConfig config =
        fixture.resolve(
            model + one,
            "reward.scorers.sentiment.label=null",
            "reward.scorers.sentiment.output=logit");
    assertThat(config.reward().scorers().get("sentiment"))
        .isEqualTo(new ScorerConfig.Classifier(one, null, ScorerConfig.Classifier.Output.LOGIT, 1));

    // What transformers writes for two labels without names.
    Path two = root.resolve("models/two");
    fixture.model("models/two", "{\"architectures\": [\"BertForSequenceClassification\"]}");
    assertThatThrownBy(() -> fixture.resolve(model + two, "reward.scorers.sentiment.label=null"))
        .hasMessage(
            "reward.scorers.sentiment.label: missing (expected: LABEL_0 | LABEL_1, the labels of "
                + two
                + ")");
  }

  @Test
  void missingModelDirectoryIsNamed() {
    assertThatThrownBy(() -> fixture.resolve("policy=/nowhere/gpt"))
        .hasMessage("policy: /nowhere/gpt (expected: a model directory; it does not exist)");
  }

  @Test
  void incompleteModelDirectoryIsNamedWithTheMissingFile() throws IOException {
    Files.delete(root.resolve("models/gpt/tokenizer.json"));

    assertThatThrownBy(fixture::resolve)
        .hasMessage(
            "policy: "
                + root.resolve("models/gpt")
                + " (expected: a model directory; tokenizer.json is missing)");
  }

  @Test
  void chattingNeedsAChatTemplate() throws IOException {
    assertThatThrownBy(() -> fixture.resolve("chat=true"))
        .hasMessage(
            "chat: true (expected: false, for "
                + root.resolve("models/gpt")
                + " has no chat template)");

    chatTemplate("{{ messages[0].content }}");
    assertThat(fixture.resolve("chat=true").chat()).isTrue();
  }

  @Test
  void chatTemplateThatLeavesNoRoomForAPromptIsRefused() throws IOException {
    chatTemplate("a long system prompt, as of an assistant{{ messages[0].content }}");

    assertThatThrownBy(() -> fixture.resolve("chat=true", "sampling.max-prompt-tokens=24"))
        .hasMessageMatching(
            "sampling.max-prompt-tokens: 24 \\(expected: at least \\d+, what the chat template of"
                + " .* takes around a prompt of one letter\\)");
    assertThat(fixture.resolve("chat=true", "sampling.max-prompt-tokens=80").chat()).isTrue();
  }

  private void chatTemplate(String template) throws IOException {
    Path model = root.resolve("models/gpt");
    Files.writeString(model.resolve("chat_template.jinja"), template);
    new BpeTrainer(290).train(Stream.of("a text"), model.resolve("tokenizer.json"));
  }

  @Test
  void classifierAsAPolicyIsRefused() {
    assertThatThrownBy(() -> fixture.resolve("policy=" + root.resolve("models/classifier")))
        .hasMessageStartingWith("policy: " + root.resolve("models/classifier"))
        .hasMessageContaining("model_type: missing (expected: a string)");
  }

  @Test
  void stoppingNeedsATokenToStopAt() throws IOException {
    fixture.model("models/endless", InstallationFixture.GPT.formatted("\"n_inner\": null"));
    Path endless = root.resolve("models/endless");

    assertThatThrownBy(() -> fixture.resolve("policy=" + endless))
        .hasMessage(
            "sampling.stop-at-eos: true (expected: false, for config.json of "
                + endless
                + " names no eos_token_id)");
    assertThat(fixture.resolve("policy=" + endless, "sampling.stop-at-eos=false").policy())
        .isEqualTo(endless);
  }

  @Test
  void linearClassifierNeedsNoTokenizer() throws IOException {
    fixture.model(
        "models/judge",
        "{\"model_type\": \"hashed-ngram\", \"id2label\": {\"0\": \"BAD\", \"1\": \"GOOD\"}}");
    Files.delete(root.resolve("models/judge/tokenizer.json"));

    RunConfig config =
        fixture.resolve(
            "reward.judge.model=" + root.resolve("models/judge"), "reward.judge.label=GOOD");

    assertThat(config.reward().judge()).isInstanceOf(ScorerConfig.Classifier.class);
  }

  @Test
  void promptsWithoutAPromptAreRefused() throws IOException {
    Path empty = fixture.write("empty.txt", "# nothing but a comment\n");

    assertThatThrownBy(() -> fixture.resolve("prompts=" + empty))
        .hasMessage("prompts: " + empty + " (expected: at least one line of text; it has none)");
  }

  @Test
  void busyPortIsNamed() throws IOException {
    try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> fixture.resolve("kafka.port=" + busy.getLocalPort()))
          .hasMessage(
              "kafka.port: "
                  + busy.getLocalPort()
                  + " (expected: a free port; another program listens there, 0 picks a free one)");
    }
  }

  @Test
  void portGivenTwiceIsNamed() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    assertThatThrownBy(() -> fixture.resolve("kafka.port=" + port, "ema.grpc-port=" + port))
        .hasMessage(
            "ema.grpc-port: " + port + " (expected: a port of its own; kafka.port has this one)");
  }

  @Test
  void unknownPresetIsAnsweredWithTheOnesThereAre() {
    assertThatThrownBy(
            () ->
                new RunConfigSources("films", null, List.of(), null, null, null, false, null)
                    .read(new Installation(root), fixture.models()))
        .hasMessage("--preset: films (expected: movie-sentiment)");
  }

  @Test
  void unreadableYamlIsNamedWithItsLine() {
    assertThatThrownBy(() -> fixture.resolveFile("steps: 5\nema: [unclosed\n"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(root.resolve("user/run.yaml") + ", line ")
        .hasMessageEndingWith("(expected: YAML)");
  }

  @Test
  void keyGivenTwiceInAFileIsRefused() {
    assertThatThrownBy(() -> fixture.resolveFile("steps: 5\nsteps: 6\n"))
        .hasMessageContaining("steps");
  }

  @Test
  void runNameThatExistsIsRefused() throws IOException {
    Path runs = root.resolve("runs");
    Files.createDirectories(runs.resolve("first"));

    assertThatThrownBy(() -> RunDirectory.requireNew(runs, "first"))
        .hasMessage(
            "name: first (expected: a new run; "
                + runs.resolve("first")
                + " exists, choose another --name)");
  }

  @Test
  void flagsWinOverAssignmentsOverFileOverPreset() throws IOException {
    Path file =
        fixture.write("run.yaml", "steps: 2\nseed: 2\nrollout.workers: 2\nema: {decay: 0.2}");
    RunConfig config =
        new RunConfigSources(
                "movie-sentiment",
                file,
                List.of("steps=3", "seed=3", "rollout.workers=3"),
                4L,
                null,
                null,
                false,
                null)
            .read(new Installation(root), fixture.models());

    assertThat(config.seed()).isEqualTo(4);
    assertThat(config.steps()).isEqualTo(3);
    assertThat(config.rollout().workers()).isEqualTo(3);
    assertThat(config.ema().decay()).isEqualTo(0.2);
    assertThat(config.evaluation().every()).isEqualTo(10);
    assertThat(config.reissueAfter()).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void pathsOfAFileStartFromItsFolder() throws IOException {
    Files.createDirectories(root.resolve("user"));
    fixture.write("user/own.txt", "My prompt\n");

    assertThat(fixture.resolveFile("prompts: own.txt").prompts())
        .isEqualTo(root.resolve("user/own.txt"));
  }

  @Test
  void scorersOfARunFileReplaceThoseOfThePreset() throws IOException {
    RunConfig config =
        fixture.resolveFile("reward: {scorers: {short: {type: length, target-tokens: 5}}}");

    assertThat(config.reward().scorers())
        .containsOnlyKeys("short")
        .containsEntry("short", new ScorerConfig.Length(5, 1));
    assertThat(config.reward().judge()).isInstanceOf(ScorerConfig.Classifier.class);
  }

  @Test
  void resolvedConfigurationGivesItselfWhenReadAgain() throws IOException {
    RunConfig config =
        fixture.resolve("kl.target=1.5", "reset.trigger=on-request", "name=again", "seed=-7");

    assertThat(fixture.resolveFile(SettingsText.yaml(config))).isEqualTo(config);
  }

  @Test
  void shippedDefaultsNameEverySettingThatPresetsNeedNot() {
    assertThat(fixture.resolve().kl().target()).isNull();
    assertThat(fixture.resolve().evaluation().humanText()).isNull();
  }
}
