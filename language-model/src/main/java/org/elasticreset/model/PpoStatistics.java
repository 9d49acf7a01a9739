package org.elasticreset.model;

/**
 * One optimizer step, measured before it; means over the response tokens of the minibatch.
 *
 * @param policyLoss the clipped surrogate, or −Â log π
 * @param valueLoss half the clipped squared error, before its coefficient
 * @param entropy of the policy, nats a token; NaN if its coefficient is 0, where the step does not
 *     need it ({@link TokenEvaluation} has it)
 * @param clipFraction share of tokens whose ratio left 1 ± ε; 0 where nothing is clipped
 * @param approximateKl KL(old ‖ policy) by k3, nats a token
 * @param gradientNorm 2-norm of policy and value head together, before clipping
 */
public record PpoStatistics(
    double policyLoss,
    double valueLoss,
    double entropy,
    double clipFraction,
    double approximateKl,
    double gradientNorm) {}
