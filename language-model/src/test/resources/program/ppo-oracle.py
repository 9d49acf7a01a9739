# The loss of program/ppo.py and its gradient by log-probabilities and values, on numbers of a test.


class Program(Module):
  training : bool
  def objective(self, log_probs: Tensor, values: Tensor, entropies: Tensor, old_log_probs: Tensor, reference_log_probs: Tensor, old_values: Tensor, advantages: Tensor, returns: Tensor, clipped: bool, clip: float, value_clip: float, value_coefficient: float, kl_coefficient: float, entropy_coefficient: float) -> Tuple[Tensor, Tensor, Tensor]:
    with __torch__.with_grad():
      w = __torch__.leaves([log_probs, values])
      loss, reported = __torch__.objective(w[0], w[1], entropies, old_log_probs, reference_log_probs, old_values, advantages, returns, clipped, clip, value_clip, value_coefficient, kl_coefficient, entropy_coefficient, float(values.size(0)))
      found = __torch__.gradients(loss, w)
    return (reported, found[0], found[1])
