# The loss of program/ppo.py and its gradient by log-probabilities and values, on numbers of a test.


class Program(Module):
  training : bool
  def ppo(self, log_probs: Tensor, values: Tensor, entropies: Tensor, old_log_probs: Tensor, old_values: Tensor, advantages: Tensor, returns: Tensor, clip: float, value_clip: float, value_coefficient: float, entropy_coefficient: float) -> Tuple[Tensor, Tensor, Tensor]:
    with __torch__.with_grad():
      w = __torch__.leaves([log_probs, values])
      loss, reported = __torch__.ppo_loss(w[0], w[1], entropies, old_log_probs, old_values, advantages, returns, clip, value_clip, value_coefficient, entropy_coefficient, float(values.size(0)))
      found = __torch__.gradients(loss, w)
    return (reported, found[0], found[1])
