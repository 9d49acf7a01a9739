# GPT-2 (Radford et al. 2019): a pre-norm decoder with learned positions and tied embeddings, in
# nanoGPT's order.
#
# B batch, S tokens of this call, T tokens with the cached ones, D width, H heads, C = D / H,
# V vocabulary, P positions, L layers. Weights [in,out] are multiplied from the right (Conv1D).
#
# Settings, as functions: layers, heads, epsilon.


class Model:
  # weights: wte [V,D], wpe [P,D], L blocks of 12 tensors, ln_f weight and bias
  weights : List[Tensor]
  embeddings : Tensor
  adapters : __torch__.Adapters
  mask : Optional[Tensor]

  def __init__(self, weights: List[Tensor], adapters: __torch__.Adapters, dtype: int) -> NoneType:
    # dtype is what is computed in; embeddings are looked up in the precision of the weights, so
    # that their gradient is summed in it.
    self.weights = [w.to(dtype) for w in weights]
    self.embeddings = weights[0]
    self.adapters = adapters
    self.mask = None

  def norm(self, x: Tensor, i: int) -> Tensor:
    return torch.layer_norm(x, [x.size(-1)], self.weights[i], self.weights[i + 1], __torch__.epsilon())

  def linear(self, x: Tensor, i: int) -> Tensor:
    # x [B,S,in], weight [in,out], bias [out] -> [B,S,out]
    weight = self.weights[i]
    y = __torch__.linear(x.flatten(0, 1), weight.t(), self.weights[i + 1]).view([x.size(0), x.size(1), weight.size(1)])
    return self.adapters.add(y, x, i)

  def attention(self, x: Tensor, i: int, layer: int, cache: Optional[__torch__.Cache]) -> Tensor:
    # x [B,S,D] -> the weighted values of all heads [B,S,D]
    B, S, D = x.size(0), x.size(1), x.size(2)
    qkv = self.linear(x, i).view([B, S, 3, __torch__.heads(), D // __torch__.heads()])
    q, k, v = qkv.unbind(2)
    q, k, v = q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2)
    if cache is not None:
      k, v = cache.extend(layer, k, v)
    a = torch.scaled_dot_product_attention(q, k, v, self.mask, 0., self.mask is None)
    return a.transpose(1, 2).reshape([B, S, D])

  def feed_forward(self, x: Tensor, i: int) -> Tensor:
    return self.linear(torch.gelu(self.linear(x, i), approximate="tanh"), i + 2)

  def block(self, x: Tensor, layer: int, cache: Optional[__torch__.Cache], rows: Optional[Tensor]) -> Tensor:
    # Of the last block only rows [N] of the B·S positions need be read: what follows attention is
    # computed for them alone.
    i = 2 + 12 * layer
    self.adapters.begin(layer)
    a = self.attention(self.norm(x, i), i + 2, layer, cache)
    x = __torch__.only(x, rows) + self.linear(__torch__.only(a, rows), i + 4)
    return x + self.feed_forward(self.norm(x, i + 6), i + 8)

  def final_norm(self, x: Tensor) -> Tensor:
    return self.norm(x, len(self.weights) - 2)

  def embed(self, tokens: Tensor, positions: Tensor, mask: Optional[Tensor], cache: Optional[__torch__.Cache]) -> Tensor:
    # tokens [B,S], positions [B,S] or [S] -> [B,S,D]. The mask [B,1,S,T] is added to the scores of
    # every block that follows; None is causal.
    self.mask = mask
    x = torch.embedding(self.embeddings, tokens) + torch.embedding(self.weights[1], positions)
    return x.to(self.weights[0].dtype)

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
    return 0

  def logits(self, hidden: Tensor) -> Tensor:
    # hidden [N,D] -> [N,V], in float32 at least
    scores = __torch__.linear(hidden, self.weights[self.output()], None)
    return scores.to(6) if scores.dtype == 15 else scores

  def begin_decoding(self, batch: int, tokens: int) -> __torch__.Cache:
    # The weights of layers stay [in,out], and lie in memory as [out,in]: what linear reads along.
    for i in range(2, len(self.weights)):
      if __torch__.turns(self.weights[i], batch):
        self.weights[i] = self.weights[i].t().contiguous().t()
    heads = __torch__.heads()
    return __torch__.Cache(__torch__.layers(), self.weights[0], batch, heads, tokens, self.weights[0].size(1) // heads)
