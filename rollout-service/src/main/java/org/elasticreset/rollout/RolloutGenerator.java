package org.elasticreset.rollout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.elasticreset.feed.ExactPolicy;
import org.elasticreset.feed.PolicyFollower;
import org.elasticreset.feed.PolicyUnavailableException;
import org.elasticreset.model.Generation;
import org.elasticreset.model.GenerationRequest;
import org.elasticreset.model.Sampling;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.proto.v1.Prompt;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.Rollout;
import org.elasticreset.proto.v1.RolloutBatch;
import org.elasticreset.tracing.Spans;

/**
 * Generates a batch of prompts with one policy version. The same batch and the same version give
 * the same rollouts, whoever generates them: every rollout draws from the seed in its prompt, and
 * the batch that goes through the model is the batch that was admitted.
 */
final class RolloutGenerator {

  private final String worker;
  private final PolicyModel model;
  private final PolicyFollower policies;
  private final ExactPolicy maskingPolicy;
  private final PromptBatchCheck check;
  private final Duration policyTimeout;
  private final LongSupplier nanoTime;
  private final RolloutMetrics metrics;

  RolloutGenerator(
      RolloutSettings settings,
      PolicyModel model,
      PolicyFollower policies,
      ExactPolicy maskingPolicy,
      LongSupplier nanoTime,
      RolloutMetrics metrics) {
    this.worker = settings.worker();
    this.model = model;
    this.policies = policies;
    this.maskingPolicy = maskingPolicy;
    this.check =
        new PromptBatchCheck(
            settings.runId(), model.vocabularySize(), model.positions(), settings.maxBatchSize());
    this.policyTimeout = settings.policyTimeout();
    this.nanoTime = nanoTime;
    this.metrics = metrics;
  }

  /**
   * One rollout for every prompt, in their order, all by the newest policy that is here and at
   * least the one asked for; or by the average behind exactly that one, if the batch says so.
   *
   * @throws RejectedBatch if the batch cannot be used
   */
  RolloutBatch generate(PromptBatch batch) throws InterruptedException {
    Sampling sampling = check.check(batch);
    List<GenerationRequest> requests = tokenise(batch, sampling.maxPromptTokens());
    PolicyVersion policy = Spans.within("adopt policy", () -> adopt(batch));
    long start = nanoTime.getAsLong();
    List<Generation> generations = run(requests, sampling, batch.getSampling());
    long nanos = nanoTime.getAsLong() - start;
    metrics.generated(generations, nanos);
    return answer(batch, policy, generations, nanos);
  }

  private PolicyVersion adopt(PromptBatch batch) throws InterruptedException {
    long version = batch.getMinimumPolicyVersion();
    long mask = batch.getSampling().getMaskPolicyVersion();
    try {
      if (mask != 0) {
        maskingPolicy.hold(mask, model.maskingPolicy(), policyTimeout);
      }
      return batch.getAverage()
          ? policies.adoptAverage(version, policyTimeout)
          : policies.adopt(version, policyTimeout);
    } catch (PolicyUnavailableException e) {
      throw new RejectedBatch(RejectReason.POLICY_UNAVAILABLE, String.valueOf(e.getMessage()), e);
    }
  }

  /** Lets a batch end that waits for its masking policy. */
  void close() {
    maskingPolicy.close();
  }

  private List<GenerationRequest> tokenise(PromptBatch batch, int limit) {
    var requests = new ArrayList<GenerationRequest>(batch.getPromptsCount());
    for (Prompt prompt : batch.getPromptsList()) {
      requests.add(new GenerationRequest(tokenise(prompt, limit), prompt.getSeed()));
    }
    return requests;
  }

  private int[] tokenise(Prompt prompt, int limit) {
    int[] tokens = model.encode(prompt.getText(), limit);
    if (tokens.length == 0) {
      throw new RejectedBatch(
          RejectReason.INVALID,
          "prompt of "
              + prompt.getRolloutId()
              + ": no tokens (expected: text; this vocabulary has no token that begins one)");
    }
    return tokens;
  }

  private List<Generation> run(
      List<GenerationRequest> requests,
      Sampling sampling,
      org.elasticreset.proto.v1.Sampling asked) {
    List<Generation> generations;
    try {
      generations =
          asked.getMaskPolicyVersion() == 0
              ? model.generate(requests, sampling)
              : model.generateMasked(requests, sampling, asked.getMaskTopP());
    } catch (RuntimeException e) {
      throw new RejectedBatch(RejectReason.GENERATION_FAILED, e.toString(), e);
    }
    if (generations.size() != requests.size()) {
      throw new RejectedBatch(
          RejectReason.GENERATION_FAILED,
          generations.size() + " generations (expected: " + requests.size() + ")");
    }
    return generations;
  }

  private RolloutBatch answer(
      PromptBatch batch, PolicyVersion policy, List<Generation> generations, long nanos) {
    var answer =
        RolloutBatch.newBuilder()
            .setRunId(batch.getRunId())
            .setBatchId(batch.getBatchId())
            .setPurpose(batch.getPurpose())
            .setTargetStep(batch.getTargetStep())
            .setWorker(worker)
            .setGenerationNanos(nanos);
    for (int i = 0; i < generations.size(); i++) {
      answer.addRollouts(rollout(batch.getPrompts(i), policy, generations.get(i)));
    }
    return answer.build();
  }

  private Rollout rollout(Prompt prompt, PolicyVersion policy, Generation generation) {
    var rollout =
        Rollout.newBuilder()
            .setRolloutId(prompt.getRolloutId())
            .setPrompt(prompt.getText())
            .putAllReferences(prompt.getReferencesMap())
            .setResponse(model.decodeResponse(generation))
            .setStopped(generation.stopped())
            .setPolicyVersion(policy.getVersion())
            .setResetEpoch(policy.getResetEpoch());
    for (int token : generation.promptTokens()) {
      rollout.addPromptTokens(token);
    }
    for (int token : generation.responseTokens()) {
      rollout.addResponseTokens(token);
    }
    for (float logProb : generation.logProbs()) {
      rollout.addBehaviourLogProbs(logProb);
    }
    return rollout.build();
  }
}
