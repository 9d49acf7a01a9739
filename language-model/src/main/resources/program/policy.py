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
    # One optimizer step with the accumulated gradient, which is cleared. Returns its norm.
    with __torch__.no_grad():
      norm = __torch__.clip(gradient, limit)
      __torch__.adamw(p, gradient, m, v, step, rate, beta1, beta2, epsilon, decay)
      torch._foreach_zero_(gradient)
    return norm

  def log_probs(self, p: List[Tensor], heads: int, epsilon: float, dtype: int, tokens: Tensor, rows: Tensor, targets: Tensor, temperature: float) -> Tensor:
    # Of the targets [N] that follow the rows -> [N].
    with __torch__.no_grad():
      model = __torch__.Model(p, heads, epsilon, dtype)
      scores = model.logits(__torch__.right_padded(model, tokens, rows)) / temperature
      found = torch.log_softmax(scores, 1).gather(1, targets.unsqueeze(1)).squeeze(1)
    return found

  def generate(self, p: List[Tensor], heads: int, epsilon: float, dtype: int, prompts: Tensor, padding: Tensor, uniforms: Tensor, temperature: float, top_k: int, top_p: float, greedy: bool, stop: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    with __torch__.no_grad():
      model = __torch__.Model(p, heads, epsilon, dtype)
      result = __torch__.generate(model, prompts, padding, uniforms, temperature, top_k, top_p, greedy, stop)
    return result
