# A decoder that is read at the last token of a text, by one linear map: what
# ...ForSequenceClassification of Hugging Face's transformers does. The last file of the archive.


class Program(Module):
  training : bool

  def logits(self, w: List[Tensor], score: Tensor, dtype: int, tokens: Tensor, rows: Tensor) -> Tensor:
    # tokens [B,S], padded on the right: no real token looks at padding, so no mask is needed.
    # rows [B], the place of each text's last token among the B·S; score [K,D] -> [B,K], in float32
    # at least
    with __torch__.no_grad():
      model = __torch__.Model(w, __torch__.Adapters([], dtype, None), dtype)
      positions = torch.arange(tokens.size(1), device=tokens.device)
      hidden = model.hidden(tokens, positions, None, None).flatten(0, 1).index_select(0, rows)
      scores = torch.linear(hidden, score.to(dtype))
      if scores.dtype == 15:
        scores = scores.to(6)
    return scores

  def pair_gradient(self, p: List[Tensor], gradient: List[Tensor], dtype: int, tokens: Tensor, rows: Tensor, dropout: float, seed: int, scale: float) -> Tensor:
    # Adds the gradient of scale times the loss of pairs; tokens [2B,S] as preference.py orders them,
    # score the last of p. A decoder has no dropout. Returns that loss.
    with __torch__.with_grad():
      w = __torch__.leaves(p)
      model = __torch__.Model(w[:-1], __torch__.Adapters([], dtype, None), dtype)
      positions = torch.arange(tokens.size(1), device=tokens.device)
      hidden = model.hidden(tokens, positions, None, None).flatten(0, 1).index_select(0, rows)
      scores = torch.linear(hidden, w[-1].to(dtype))
      if scores.dtype == 15:
        scores = scores.to(6)
      loss = __torch__.pair_loss(scores) * scale
      __torch__.add_all(__torch__.gradients(loss, w), gradient)
    return loss.detach()

  def apply(self, p: List[Tensor], gradient: List[Tensor], m: List[Tensor], v: List[Tensor], step: int, rate: float, beta1: float, beta2: float, epsilon: float, decay: float, limit: float) -> Tensor:
    return __torch__.optimizer_step(p, gradient, m, v, step, rate, beta1, beta2, epsilon, decay, limit)
