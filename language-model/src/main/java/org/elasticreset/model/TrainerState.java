package org.elasticreset.model;

import ai.djl.ndarray.NDManager;

/**
 * A copy of everything a {@link PolicyTrainer} goes on from, in the engine's memory: policy, value
 * head, both moments of AdamW. Three times the size of the policy, for as long as it is open.
 */
public final class TrainerState implements AutoCloseable {

  private final NDManager scope;
  private final Parameters policy;
  private final Parameters valueHead;
  private final Parameters firstMoment;
  private final Parameters secondMoment;
  private int steps;

  TrainerState(Parameters policy, Parameters valueHead, AdamW optimizer) {
    this.scope = Engine.scope();
    this.policy = new Parameters(scope, policy.tensors());
    this.valueHead = new Parameters(scope, valueHead.tensors());
    this.firstMoment = new Parameters(scope, optimizer.firstMoment().tensors());
    this.secondMoment = new Parameters(scope, optimizer.secondMoment().tensors());
    take(policy, valueHead, optimizer);
  }

  /** Overwrites this copy. */
  void take(Parameters policy, Parameters valueHead, AdamW optimizer) {
    this.policy.copyFrom(policy);
    this.valueHead.copyFrom(valueHead);
    firstMoment.copyFrom(optimizer.firstMoment());
    secondMoment.copyFrom(optimizer.secondMoment());
    steps = optimizer.steps();
  }

  /** Puts this copy back; refused before anything changes if the architecture is another. */
  void giveBack(Parameters policy, Parameters valueHead, AdamW optimizer) {
    policy.copyFrom(this.policy);
    valueHead.copyFrom(this.valueHead);
    optimizer.firstMoment().copyFrom(firstMoment);
    optimizer.secondMoment().copyFrom(secondMoment);
    optimizer.continueFrom(steps);
  }

  @Override
  public void close() {
    scope.close();
  }
}
