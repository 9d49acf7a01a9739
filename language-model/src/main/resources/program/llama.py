# Llama (Touvron et al. 2023, arXiv 2302.13971) and the models made like it (Mistral, Qwen2, SmolLM2):
# a pre-norm decoder with rotary positions, grouped queries and a gated feed-forward, in nanoGPT's
# order.
#
# B batch, S tokens of this call, T tokens with the cached ones, D width, H query heads, G key-value
# heads, C size of a head, F inner width, V vocabulary, L layers. Weights are [out,in].
#
# Settings, as functions: layers, heads, key_value_heads, head_size, epsilon, query_bias (of queries,
# keys and values), output_bias (of attention's output), tied, inverse_frequencies [C/2], window (0:
# none), first_windowed_layer.


class Model:
  # weights: embed_tokens [V,D]; L blocks of norm [D], q [HC,D], k [GC,D], v [GC,D], o [D,HC],
  # norm [D], gate [F,D], up [F,D], down [D,F], and the biases of q, k, v and o that there are;
  # norm [D]; lm_head [V,D] if it is not tied to the embeddings
  weights : List[Tensor]
  embeddings : Tensor
  adapters : __torch__.Adapters
  frequencies : Tensor
  cosines : Tensor
  sines : Tensor
  mask : Optional[Tensor]
  window_mask : Optional[Tensor]

  def __init__(self, weights: List[Tensor], adapters: __torch__.Adapters, dtype: int) -> NoneType:
    # dtype is what is computed in; embeddings are looked up in the precision of the weights, so
    # that their gradient is summed in it.
    self.weights = [w.to(dtype) for w in weights]
    self.embeddings = weights[0]
    self.adapters = adapters
    wide = 6 if dtype == 15 else dtype
    self.frequencies = torch.tensor(__torch__.inverse_frequencies(), dtype=wide, device=weights[0].device)
    self.cosines = self.weights[0]
    self.sines = self.weights[0]
    self.mask = None
    self.window_mask = None

  def norm(self, x: Tensor, i: int) -> Tensor:
    # Root mean square (Zhang and Sennrich 2019), in float32 at least.
    return torch.rms_norm(x, [x.size(-1)], self.weights[i], __torch__.epsilon())

  def linear(self, x: Tensor, i: int, bias: Optional[Tensor]) -> Tensor:
    # x [B,S,in] -> [B,S,out]
    y = __torch__.linear(x.flatten(0, 1), self.weights[i], bias).view([x.size(0), x.size(1), -1])
    return self.adapters.add(y, x, i)

  def rotate(self, x: Tensor) -> Tensor:
    # x [B,heads,S,C]: each pair (c, c + C/2) turned by its angle (Su et al. 2021, RoFormer).
    return torch.addcmul(x * self.cosines, torch.roll(x, [x.size(-1) // 2], [-1]), self.sines)

  def attend(self, q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor]) -> Tensor:
    # q [B,H,S,C], k and v [B,G,T,C]: H / G queries share a key -> [B,S,HC]
    B, H, S, G = q.size(0), q.size(1), q.size(2), k.size(1)
    if S == 1:
      # The queries of a group stand side by side, so that no key is copied.
      a = torch.scaled_dot_product_attention(q.view([B, G, H // G, -1]), k, v, mask, 0., False)
      return a.reshape([B, 1, -1])
    if G < H:
      k = k.repeat_interleave(H // G, 1)
      v = v.repeat_interleave(H // G, 1)
    a = torch.scaled_dot_product_attention(q, k, v, mask, 0., mask is None)
    return a.transpose(1, 2).reshape([B, S, -1])

  def attention(self, x: Tensor, i: int, layer: int, cache: Optional[__torch__.Cache]) -> Tensor:
    # x [B,S,D]; i of the norm before -> the weighted values of all heads [B,S,HC]
    B, S, C = x.size(0), x.size(1), __torch__.head_size()
    bias: List[Optional[Tensor]] = [None, None, None]
    if __torch__.query_bias():
      for n in range(3):
        bias[n] = self.weights[i + 9 + n]
    q = self.linear(x, i + 1, bias[0]).view([B, S, -1, C]).transpose(1, 2)
    k = self.linear(x, i + 2, bias[1]).view([B, S, -1, C]).transpose(1, 2)
    v = self.linear(x, i + 3, bias[2]).view([B, S, -1, C]).transpose(1, 2)
    q, k = self.rotate(q), self.rotate(k)
    if cache is not None:
      k, v = cache.extend(layer, k, v)
    mask = self.window_mask if layer >= __torch__.first_windowed_layer() else self.mask
    return self.attend(q, k, v, mask)

  def feed_forward(self, x: Tensor, i: int) -> Tensor:
    inner = torch.silu(self.linear(x, i + 6, None)) * self.linear(x, i + 7, None)
    return self.linear(inner, i + 8, None)

  def block(self, x: Tensor, layer: int, cache: Optional[__torch__.Cache], rows: Optional[Tensor]) -> Tensor:
    # Of the last block only rows [N] of the B·S positions need be read: what follows attention is
    # computed for them alone.
    i = 1 + layer * ((9 + 3 * int(__torch__.query_bias())) + int(__torch__.output_bias()))
    self.adapters.begin(layer)
    bias: Optional[Tensor] = None
    if __torch__.output_bias():
      bias = self.weights[i + 12]
    a = self.attention(self.norm(x, i), i, layer, cache)
    x = __torch__.only(x, rows) + self.linear(__torch__.only(a, rows), i + 4, bias)
    return x + self.feed_forward(self.norm(x, i + 5), i)

  def final_norm(self, x: Tensor) -> Tensor:
    return self.norm(x, len(self.weights) - 1 - int(not __torch__.tied()))

  def window_of(self, mask: Optional[Tensor], S: int, T: int) -> Optional[Tensor]:
    # The mask that also hides what is a window or more behind: [B,1,S,T] or [1,1,S,T].
    window = __torch__.window()
    if window == 0 or T <= window:
      return mask
    key = torch.arange(T, device=self.embeddings.device)
    query = torch.arange(T - S, T, device=self.embeddings.device).unsqueeze(1)
    hidden = (key > query) | (key <= query - window)
    if mask is None:
      return self.weights[0].new_zeros([1, 1, S, T]).masked_fill(hidden, -inf)
    return mask.masked_fill(hidden, -inf)

  def embed(self, tokens: Tensor, positions: Tensor, mask: Optional[Tensor], cache: Optional[__torch__.Cache]) -> Tensor:
    # tokens [B,S], positions [B,S] or [S] -> [B,S,D]. The mask [B,1,S,T] is added to the scores of
    # every block that follows; None is causal.
    S = tokens.size(1)
    T = S if cache is None else S + cache.length
    self.mask = mask
    self.window_mask = self.window_of(mask, S, T)
    dtype = self.weights[0].dtype
    angles = positions.to(self.frequencies.dtype).unsqueeze(-1) * self.frequencies
    if angles.dim() == 3:
      angles = angles.unsqueeze(1)
    cosines, sines = torch.cos(angles), torch.sin(angles)
    self.cosines = torch.cat([cosines, cosines], -1).to(dtype)
    self.sines = torch.cat([-sines, sines], -1).to(dtype)
    return torch.embedding(self.embeddings, tokens).to(dtype)

  def hidden(self, tokens: Tensor, positions: Tensor, mask: Optional[Tensor], cache: Optional[__torch__.Cache], rows: Optional[Tensor]=None) -> Tensor:
    # -> final hidden states [B,S,D], or of rows [N] alone [1,N,D]
    x = self.embed(tokens, positions, mask, cache)
    for layer in range(__torch__.layers()):
      x = self.block(x, layer, cache, rows if layer == __torch__.layers() - 1 else None)
    if cache is not None:
      cache.length += tokens.size(1)
    return self.final_norm(x)

  def output(self) -> int:
    # which of the weights is the output projection [V,D]
    return 0 if __torch__.tied() else len(self.weights) - 1

  def logits(self, hidden: Tensor) -> Tensor:
    # hidden [N,D] -> [N,V], in float32 at least
    scores = __torch__.linear(hidden, self.weights[self.output()], None)
    return scores.to(6) if scores.dtype == 15 else scores

  def begin_decoding(self, batch: int, tokens: int) -> __torch__.Cache:
    return __torch__.Cache(__torch__.layers(), self.weights[0], batch, __torch__.key_value_heads(), tokens, __torch__.head_size())
