# What Java calls. Every method takes the policy as its weights w and the factors a of its adapters;
# dtype is the type it computes in. What is trained is a if there are adapters, else w; gradients
# stand in that order, the value head's behind them. The last file of the archive.


def frozen(w: List[Tensor], a: List[Tensor], dtype: int) -> __torch__.Model:
  return __torch__.Model(w, __torch__.Adapters(a, dtype, None), dtype)


def trained(w: List[Tensor], a: List[Tensor], dtype: int, seed: int) -> Tuple[__torch__.Model, List[Tensor]]:
  # The model and the leaves that its gradient is taken of.
  if len(a) > 0:
    leaves = __torch__.leaves(a)
    return (__torch__.Model(w, __torch__.Adapters(leaves, dtype, seed), dtype), leaves)
  leaves = __torch__.leaves(w)
  return (__torch__.Model(leaves, __torch__.Adapters([], dtype, None), dtype), leaves)


def add_gradients(forward: __torch__.Pass, output: __torch__.Head, by_log_probs: Tensor, by_entropies: Optional[Tensor], by_values: Optional[Tensor], a: List[Tensor], leaves: List[Tensor], gradient: List[Tensor]) -> NoneType:
  # From the gradients of a loss by log-probabilities, entropies and, through the values, the final
  # hidden states [N,D]: adds those by the leaves.
  projection = forward.model.output()
  found = [len(a) == 0 and i == projection for i in range(len(leaves))]
  by_hidden = output.back(by_log_probs, by_entropies, [gradient[projection]] if len(a) == 0 else gradient[:0])
  if by_values is not None:
    by_hidden = by_hidden + by_values
  forward.add_gradients(by_hidden, leaves, gradient, found)
  return None


def in_parts(hidden: Tensor, vocabulary: int) -> List[Tensor]:
  # hidden [N,D] in runs of rows whose logits are 2^25 numbers at most: without a gradient, nobody
  # needs those of all tokens at once.
  return torch.split(hidden, max(1, 33554432 // vocabulary))


class Program(Module):
  training : bool

  def language_model_gradient(self, w: List[Tensor], a: List[Tensor], gradient: List[Tensor], dtype: int, recompute: bool, seed: int, tokens: Tensor, rows: Tensor, targets: Tensor, temperature: float, scale: float) -> Tensor:
    # Adds the gradient of scale · Σ cross-entropy; targets [N] follow the rows. Returns the loss.
    with __torch__.with_grad():
      model, leaves = __torch__.trained(w, a, dtype, seed)
      forward = __torch__.Pass(model, tokens, recompute)
      output = __torch__.Head(model, forward.hidden(rows), targets, [], temperature)
      loss = output.log_probs.sum() * -scale
      __torch__.add_gradients(forward, output, torch.full_like(output.log_probs, -scale), None, None, a, leaves, gradient)
    return loss

  def pull_gradient(self, p: List[Tensor], to: List[Tensor], gradient: List[Tensor], coefficient: float) -> Tensor:
    # Adds the gradient of coefficient · ‖p − to‖². Returns the distance ‖p − to‖.
    with __torch__.no_grad():
      __torch__.pull(p, to, gradient, coefficient)
      far = __torch__.distance(p, to)
    return far

  def apply(self, p: List[Tensor], gradient: List[Tensor], m: List[Tensor], v: List[Tensor], step: int, rate: float, beta1: float, beta2: float, epsilon: float, decay: float, limit: float) -> Tensor:
    return __torch__.optimizer_step(p, gradient, m, v, step, rate, beta1, beta2, epsilon, decay, limit)

  def objective_gradient(self, w: List[Tensor], a: List[Tensor], mask: List[Tensor], mask_top_p: float, head: List[Tensor], gradient: List[Tensor], dtype: int, recompute: bool, seed: int, tokens: Tensor, rows: Tensor, targets: Tensor, old_log_probs: Tensor, reference_log_probs: Tensor, old_values: Tensor, advantages: Tensor, returns: Tensor, temperature: float, clipped: bool, clip: float, value_clip: float, value_coefficient: float, kl_coefficient: float, entropy_coefficient: float, tokens_of_minibatch: float) -> Tensor:
    # Adds the gradient of the objective by policy and value head, if there is one. Returns what
    # objective reports.
    outside = __torch__.outside(w, a, mask, mask_top_p, dtype, tokens, rows, targets, temperature)
    with __torch__.with_grad():
      model, leaves = __torch__.trained(w, a, dtype, seed)
      h = __torch__.leaves(head)
      forward = __torch__.Pass(model, tokens, recompute)
      output = __torch__.Head(model, forward.hidden(rows), targets, outside, temperature)
      if entropy_coefficient == 0.:
        # Not in the loss, and known from before the updates: not worth passes over [N,V].
        entropies = torch.full_like(output.log_probs, nan)
      else:
        entropies = output.entropies()
      # Where autograd ends: what follows is made of these and of the values.
      log_probs, entropies = output.log_probs.requires_grad_(True), entropies.requires_grad_(True)
      hidden = output.hidden.requires_grad_(True)
      values = __torch__.token_values(h, hidden)
      loss, reported = __torch__.objective(log_probs, values, entropies, old_log_probs, reference_log_probs, old_values, advantages, returns, clipped, clip, value_clip, value_coefficient, kl_coefficient, entropy_coefficient, tokens_of_minibatch)
      by = torch.grad([loss], [log_probs, entropies, hidden] + h, allow_unused=True)
      by_log_probs = by[0]
      assert by_log_probs is not None
      __torch__.add_gradients(forward, output, by_log_probs, by[1], by[2], a, leaves, gradient)
      __torch__.add_each(by[3:], gradient[len(leaves):], [False for t in h])
    return reported

  def evaluate(self, w: List[Tensor], a: List[Tensor], mask: List[Tensor], mask_top_p: float, head: List[Tensor], dtype: int, tokens: Tensor, rows: Tensor, targets: Tensor, temperature: float) -> Tuple[Tensor, Tensor, Tensor]:
    # Log-probabilities, values and entropies [N] of the targets that follow the rows.
    outside = __torch__.outside(w, a, mask, mask_top_p, dtype, tokens, rows, targets, temperature)
    with __torch__.no_grad():
      model = __torch__.frozen(w, a, dtype)
      hidden = __torch__.Pass(model, tokens, False).hidden(rows)
      values = __torch__.token_values(head, hidden)
      log_probs: List[Tensor] = []
      entropies: List[Tensor] = []
      first = 0
      for part in __torch__.in_parts(hidden, w[0].size(0)):
        scores = __torch__.without(model.logits(part), outside, first, -inf)
        all, found = __torch__.token_log_probs(scores, targets[first:first + part.size(0)], temperature)
        log_probs.append(found)
        entropies.append(__torch__.token_entropies(__torch__.without(all, outside, first, 0.)))
        first += part.size(0)
    return (torch.cat(log_probs), values, torch.cat(entropies))

  def log_probs(self, w: List[Tensor], a: List[Tensor], dtype: int, tokens: Tensor, rows: Tensor, targets: Tensor, temperature: float) -> Tensor:
    # Of the targets [N] that follow the rows -> [N].
    with __torch__.no_grad():
      model = __torch__.frozen(w, a, dtype)
      log_probs: List[Tensor] = []
      first = 0
      for part in __torch__.in_parts(__torch__.Pass(model, tokens, False).hidden(rows), w[0].size(0)):
        all, found = __torch__.token_log_probs(model.logits(part), targets[first:first + part.size(0)], temperature)
        log_probs.append(found)
        first += part.size(0)
    return torch.cat(log_probs)

  def generate(self, w: List[Tensor], a: List[Tensor], mask: List[Tensor], mask_top_p: float, dtype: int, prompts: Tensor, padding: Tensor, uniforms: Tensor, temperature: float, top_k: int, top_p: float, greedy: bool, stop: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    with __torch__.no_grad():
      masking: Optional[__torch__.Model] = None
      if len(mask) > 0:
        masking = __torch__.masking_model(w, a, mask, dtype)
      result = __torch__.generate(__torch__.frozen(w, a, dtype), masking, mask_top_p, prompts, padding, uniforms, temperature, top_k, top_p, greedy, stop)
    return result

  def merge(self, weight: Tensor, a: Tensor, b: Tensor, transposed: bool) -> Tensor:
    # The weight with its adapter in it.
    with __torch__.no_grad():
      result = __torch__.merged(weight, a, b, transposed)
    return result
