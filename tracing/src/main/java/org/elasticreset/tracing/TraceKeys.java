package org.elasticreset.tracing;

import io.opentelemetry.api.common.AttributeKey;

/** Names of the attributes, which docs/tracing.md explains. No text of a prompt is among them. */
public final class TraceKeys {

  public static final AttributeKey<String> RUN_ID = text("run_id");

  /** {@code training} or {@code evaluation}. */
  public static final AttributeKey<String> PURPOSE = text("purpose");

  /** The step that is trained on the rollouts, or whose policy is evaluated. */
  public static final AttributeKey<Long> STEP = number("step");

  public static final AttributeKey<String> BATCH_ID = text("batch_id");

  public static final AttributeKey<Long> BATCHES = number("batches");

  public static final AttributeKey<Long> ROLLOUTS = number("rollouts");

  /** Response tokens. */
  public static final AttributeKey<Long> TOKENS = number("tokens");

  public static final AttributeKey<String> WORKER = text("worker");
  public static final AttributeKey<Long> POLICY_VERSION = number("policy_version");
  public static final AttributeKey<Long> RESET_EPOCH = number("reset_epoch");

  /** Whether the update led to a reset. */
  public static final AttributeKey<Boolean> RESET = flag("reset");

  /** Why a reset, a refusal, a retry. */
  public static final AttributeKey<String> REASON = text("reason");

  /** The batch had been issued before, by the same learner-service. */
  public static final AttributeKey<Boolean> REISSUED = flag("reissued");

  public static final AttributeKey<String> ROLLOUT_ID = text("rollout_id");

  /** Of the passes over the rollouts of a step, from 1. */
  public static final AttributeKey<Long> EPOCH = number("epoch");

  /** Of weights that travelled. */
  public static final AttributeKey<Long> BYTES = number("bytes");

  private TraceKeys() {}

  private static AttributeKey<String> text(String name) {
    return AttributeKey.stringKey("elastic_reset." + name);
  }

  private static AttributeKey<Long> number(String name) {
    return AttributeKey.longKey("elastic_reset." + name);
  }

  private static AttributeKey<Boolean> flag(String name) {
    return AttributeKey.booleanKey("elastic_reset." + name);
  }
}
