package org.elasticreset.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.elasticreset.algorithm.DistinctNgrams;
import org.elasticreset.algorithm.SequenceKl;
import org.elasticreset.cli.EvaluationFigures.Sample;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.Generation;
import org.elasticreset.model.GenerationRequest;
import org.elasticreset.model.Precision;
import org.elasticreset.model.Sampling;
import org.elasticreset.model.TokenSequence;
import org.jspecify.annotations.Nullable;

/**
 * The figures of an evaluation line of {@code metrics.jsonl}, of one model, without a run.
 *
 * @param reference what the drift is measured from
 * @param batchSize sequences of one pass
 */
record Evaluation(
    CausalLanguageModel model,
    @Nullable CausalLanguageModel reference,
    @Nullable EvaluatedScorer reward,
    @Nullable EvaluatedScorer judge,
    Sampling sampling,
    boolean chat,
    long seed,
    int batchSize,
    Precision precision,
    Terminal terminal) {

  /** Either list may be empty: what it is for is absent then. */
  EvaluationFigures of(List<String> prompts, List<String> texts) {
    EvaluationFigures figures = prompts.isEmpty() ? EvaluationFigures.NONE : responses(prompts);
    if (texts.isEmpty()) {
      return figures;
    }
    terminal.status("reading " + texts.size() + " texts");
    List<int[]> tokens = texts.stream().map(model.tokenizer()::encodeWithSpecialTokens).toList();
    return figures.withPerplexity(model.perplexity(tokens, batchSize, precision));
  }

  private EvaluationFigures responses(List<String> prompts) {
    long start = System.nanoTime();
    List<Generation> generations = generate(prompts);
    double seconds = (System.nanoTime() - start) / 1e9;
    List<int[]> responses = generations.stream().map(Generation::responseTokens).toList();
    long tokens = responses.stream().mapToLong(response -> response.length).sum();
    List<String> spoken = generations.stream().map(each -> each.text(model.tokenizer())).toList();
    List<String> whole = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      whole.add(prompts.get(i) + spoken.get(i));
    }
    double @Nullable [] rewards = scores(reward, whole);
    double @Nullable [] judged = scores(judge, whole);
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      samples.add(
          new Sample(
              prompts.get(i),
              spoken.get(i),
              rewards == null ? null : rewards[i],
              judged == null ? null : judged[i]));
    }
    return new EvaluationFigures(
        prompts.size(),
        mean(rewards),
        mean(judged),
        reference == null ? null : drift(generations, reference),
        null,
        DistinctNgrams.share(responses, 1),
        DistinctNgrams.share(responses, 2),
        (double) tokens / prompts.size(),
        tokens / seconds,
        samples);
  }

  private List<Generation> generate(List<String> prompts) {
    SplittableRandom seeds = new SplittableRandom(seed);
    List<GenerationRequest> requests = new ArrayList<>();
    for (String prompt : prompts) {
      int[] tokens =
          chat
              ? model.tokenizer().encodeChatPrompt(prompt, sampling.maxPromptTokens())
              : model.tokenizer().encodePrompt(prompt, sampling.maxPromptTokens());
      requests.add(new GenerationRequest(tokens, seeds.nextLong()));
    }
    List<Generation> generations = new ArrayList<>();
    for (int from = 0; from < requests.size(); from += batchSize) {
      terminal.status("generated " + from + " of " + requests.size());
      int to = Math.min(requests.size(), from + batchSize);
      generations.addAll(model.generate(requests.subList(from, to), sampling, precision));
    }
    return generations;
  }

  /**
   * By a pass over all tokens for both: as drawn they are rounded, or of a distribution that top-k
   * or top-p cut.
   */
  private SequenceKl drift(List<Generation> generations, CausalLanguageModel from) {
    terminal.status("measuring the drift");
    double temperature = sampling.temperature();
    List<TokenSequence> sequences =
        generations.stream()
            .map(each -> new TokenSequence(each.promptTokens(), each.responseTokens()))
            .toList();
    return SequenceKl.of(
        model.logProbs(sequences, temperature, batchSize, precision),
        from.logProbs(sequences, temperature, batchSize, precision));
  }

  private double @Nullable [] scores(@Nullable EvaluatedScorer scorer, List<String> texts) {
    if (scorer == null) {
      return null;
    }
    terminal.status("scoring");
    return scorer.scores(texts);
  }

  private static @Nullable Double mean(double @Nullable [] scores) {
    return scores == null ? null : Arrays.stream(scores).average().orElseThrow();
  }
}
