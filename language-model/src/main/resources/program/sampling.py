# Generation of a batch with cached keys and values.
#
# B rows, S prompt tokens padded on the left, N new tokens at most, V vocabulary.


def truncate(scores: Tensor, top_k: int, top_p: float) -> Tensor:
  # Scores [B,V] that leave the k likeliest tokens (0: all), and of those the fewest likeliest whose
  # mass reaches p (1: all); the others become -inf.
  if top_k > 0 and top_k < scores.size(1):
    least = torch.topk(scores, top_k, 1)[0][:, -1:]
    scores = scores.masked_fill(scores < least, -inf)
  if top_p < 1.:
    mass, order = torch.sort(torch.softmax(scores, 1), 1, True)
    beyond = (mass.cumsum(1) - mass) >= top_p
    kept = scores.gather(1, order).masked_fill(beyond, -inf)
    scores = scores.scatter(1, order, kept)
  return scores


def draw(log_probs: Tensor, uniforms: Tensor) -> Tensor:
  # The inverse of the cumulative distribution [B,V] at uniforms [B] in [0, 1) -> tokens [B]; never one
  # of probability zero, whatever rounding does.
  cumulative = torch.exp(log_probs).cumsum(1, dtype=7)
  total = cumulative[:, -1:].contiguous()
  last = torch.searchsorted(cumulative, total)
  drawn = torch.searchsorted(cumulative, uniforms.unsqueeze(1) * total, right=True)
  return torch.minimum(drawn, last).squeeze(1)


def prompt_mask(padding: Tensor, size: int, like: Tensor) -> Tensor:
  # padding [B] -> [B,1,S,S], added to scores: 0 where a query may look, else -inf. A query that is
  # padding sees itself, so that no row of the softmax is empty.
  s = torch.arange(size, device=padding.device)
  query = s.view([1, size, 1])
  key = s.view([1, 1, size])
  seen = ((key <= query) & (key >= padding.view([-1, 1, 1]))) | (key == query)
  return like.new_zeros([padding.size(0), size, size]).masked_fill(~seen, -inf).unsqueeze(1)


def generate(model: __torch__.Model, masking: Optional[__torch__.Model], mask_top_p: float, prompts: Tensor, padding: Tensor, uniforms: Tensor, temperature: float, top_k: int, top_p: float, greedy: bool, stop: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
  # prompts [B,S], padding [B] tokens at the left, uniforms [B,N] float64, stop [any number].
  # -> tokens [B,N], their log-probabilities as sampled [B,N], tokens generated [B]; the first stop
  # token of a row is its last. With a masking policy, only what is in its top p is drawn.
  B, S, N = prompts.size(0), prompts.size(1), uniforms.size(1)
  tokens = torch.zeros([B, N], dtype=4, device=prompts.device)
  log_probs = torch.zeros([B, N], dtype=6, device=prompts.device)
  lengths = torch.full([B], N, dtype=4, device=prompts.device)
  done = torch.zeros([B], dtype=11, device=prompts.device)
  cache = model.begin_decoding(B, S + N)
  like = cache.keys[0]
  left = padding.unsqueeze(1)
  visible = torch.arange(S + N, device=prompts.device) >= left
  visible_mask = like.new_zeros([B, S + N]).masked_fill(~visible, -inf).view([B, 1, 1, S + N])
  positions = (torch.arange(S, device=prompts.device) - left).clamp(min=0)
  hidden = model.hidden(prompts, positions, __torch__.prompt_mask(padding, S, like), cache)
  mask_cache: Optional[__torch__.Cache] = None
  mask_hidden = hidden
  if masking is not None:
    mask_cache = masking.begin_decoding(B, S + N)
    mask_hidden = masking.hidden(prompts, positions, __torch__.prompt_mask(padding, S, like), mask_cache)
  for n in range(N):
    scores = __torch__.tempered(model.logits(hidden[:, -1]), temperature)
    if masking is not None:
      mask_scores = __torch__.tempered(masking.logits(mask_hidden[:, -1]), temperature)
      scores = scores.masked_fill(__torch__.outside_top_p(mask_scores, mask_top_p), -inf)
    if greedy:
      distribution = torch.log_softmax(scores, 1)
      token = distribution.argmax(1)
    else:
      distribution = torch.log_softmax(__torch__.truncate(scores, top_k, top_p), 1)
      token = __torch__.draw(distribution, uniforms[:, n])
    tokens[:, n] = token
    log_probs[:, n] = distribution.gather(1, token.unsqueeze(1)).squeeze(1)
    if stop.size(0) > 0:
      stops = (token.unsqueeze(1) == stop).any(1) & ~done
      lengths = lengths.masked_fill(stops, n + 1)
      done = done | stops
      if bool(done.all()):
        break
    if n + 1 < N:
      hidden = model.hidden(token.unsqueeze(1), S + n - left, visible_mask[:, :, :, :S + n + 1], cache)
      if masking is not None:
        mask_hidden = masking.hidden(token.unsqueeze(1), S + n - left, visible_mask[:, :, :, :S + n + 1], mask_cache)
  return (tokens, log_probs, lengths)
