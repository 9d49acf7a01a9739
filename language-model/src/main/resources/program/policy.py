# What Java calls. Every method names the policy by its weights p and its settings heads, epsilon;
# dtype is the type it computes in. The last file of the archive.


def right_padded(model: __torch__.Model, tokens: Tensor, rows: Tensor) -> Tensor:
  # tokens [B,S], padded on the right: no real token looks at padding, so no mask is needed.
  # rows [N] of the B·S positions -> hidden states [N,D]
  positions = torch.arange(tokens.size(1), device=tokens.device)
  hidden = model.hidden(tokens, positions, None, None).flatten(0, 1)
  if rows.size(0) < hidden.size(0):
    hidden = hidden.index_select(0, rows)
  return hidden


class Program(Module):
  training : bool

  def language_model_gradient(self, p: List[Tensor], gradient: List[Tensor], heads: int, epsilon: float, dtype: int, tokens: Tensor, rows: Tensor, targets: Tensor, scale: float) -> Tensor:
    # Adds the gradient of scale · Σ cross-entropy; targets [N] follow the rows. Returns the loss.
    with __torch__.with_grad():
      w = __torch__.leaves(p)
      model = __torch__.Model(w, heads, epsilon, dtype)
      scores = model.logits(__torch__.right_padded(model, tokens, rows))
      loss = torch.cross_entropy_loss(scores, targets, None, 2, -100, 0.) * scale
      found = __torch__.gradients(loss, w)
    with __torch__.no_grad():
      torch._foreach_add_(gradient, found)
    return loss.detach()

  def apply(self, p: List[Tensor], gradient: List[Tensor], m: List[Tensor], v: List[Tensor], step: int, rate: float, beta1: float, beta2: float, epsilon: float, decay: float, limit: float) -> Tensor:
    # One optimizer step with the accumulated gradient, which is cleared. Returns its norm; if that is
    # not finite, nothing else changes.
    with __torch__.no_grad():
      norm = __torch__.clip(gradient, limit)
      if bool(torch.isfinite(norm)):
        __torch__.adamw(p, gradient, m, v, step, rate, beta1, beta2, epsilon, decay)
      torch._foreach_zero_(gradient)
    return norm

  def ppo_gradient(self, p: List[Tensor], head: List[Tensor], gradient: List[Tensor], heads: int, epsilon: float, dtype: int, tokens: Tensor, rows: Tensor, targets: Tensor, old_log_probs: Tensor, old_values: Tensor, advantages: Tensor, returns: Tensor, temperature: float, clip: float, value_clip: float, value_coefficient: float, entropy_coefficient: float, tokens_of_minibatch: float) -> Tensor:
    # Adds the gradient of the PPO loss by policy and value head. Returns what ppo_loss reports.
    with __torch__.with_grad():
      w = __torch__.leaves(p)
      h = __torch__.leaves(head)
      model = __torch__.Model(w, heads, epsilon, dtype)
      hidden = __torch__.right_padded(model, tokens, rows)
      values = __torch__.token_values(h, hidden)
      all, log_probs = __torch__.token_log_probs(model.logits(hidden), targets, temperature)
      if entropy_coefficient == 0.:
        entropies = __torch__.token_entropies(all.detach())
      else:
        entropies = __torch__.token_entropies(all)
      loss, reported = __torch__.ppo_loss(log_probs, values, entropies, old_log_probs, old_values, advantages, returns, clip, value_clip, value_coefficient, entropy_coefficient, tokens_of_minibatch)
      found = __torch__.gradients(loss, w + h)
    with __torch__.no_grad():
      torch._foreach_add_(gradient, found)
    return reported

  def evaluate(self, p: List[Tensor], head: List[Tensor], heads: int, epsilon: float, dtype: int, tokens: Tensor, rows: Tensor, targets: Tensor, temperature: float) -> Tuple[Tensor, Tensor, Tensor]:
    # Log-probabilities, values and entropies [N] of the targets that follow the rows.
    with __torch__.no_grad():
      model = __torch__.Model(p, heads, epsilon, dtype)
      hidden = __torch__.right_padded(model, tokens, rows)
      values = __torch__.token_values(head, hidden)
      all, log_probs = __torch__.token_log_probs(model.logits(hidden), targets, temperature)
      entropies = __torch__.token_entropies(all)
    return (log_probs, values, entropies)

  def log_probs(self, p: List[Tensor], heads: int, epsilon: float, dtype: int, tokens: Tensor, rows: Tensor, targets: Tensor, temperature: float) -> Tensor:
    # Of the targets [N] that follow the rows -> [N].
    with __torch__.no_grad():
      model = __torch__.Model(p, heads, epsilon, dtype)
      scores = model.logits(__torch__.right_padded(model, tokens, rows))
      all, found = __torch__.token_log_probs(scores, targets, temperature)
    return found

  def generate(self, p: List[Tensor], heads: int, epsilon: float, dtype: int, prompts: Tensor, padding: Tensor, uniforms: Tensor, temperature: float, top_k: int, top_p: float, greedy: bool, stop: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    with __torch__.no_grad():
      model = __torch__.Model(p, heads, epsilon, dtype)
      result = __torch__.generate(model, prompts, padding, uniforms, temperature, top_k, top_p, greedy, stop)
    return result
