# GPT-2: a pre-norm decoder with learned positions and tied embeddings, in nanoGPT's order.
#
# B batch, S tokens of this call, T tokens with the cached ones, D width, H heads, C = D / H,
# V vocabulary, P positions, L layers. Weights [in, out] are multiplied from the right (Conv1D).


def linear(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  # x [B,S,in], weight [in,out], bias [out] -> [B,S,out]
  return torch.addmm(bias, x.flatten(0, 1), weight).view([x.size(0), x.size(1), weight.size(1)])


class Cache:
  # Keys and values of the tokens so far, of every layer: L tensors [B,H,T,C], filled up to length.
  keys : List[Tensor]
  values : List[Tensor]
  length : int
  def __init__(self, layers: int, like: Tensor, batch: int, heads: int, tokens: int, size: int) -> NoneType:
    keys: List[Tensor] = []
    values: List[Tensor] = []
    for layer in range(layers):
      keys.append(like.new_empty([batch, heads, tokens, size]))
      values.append(like.new_empty([batch, heads, tokens, size]))
    self.keys = keys
    self.values = values
    self.length = 0
  def extend(self, layer: int, key: Tensor, value: Tensor) -> Tuple[Tensor, Tensor]:
    # key, value [B,H,S,C] -> all [B,H,T,C]
    end = self.length + key.size(2)
    self.keys[layer][:, :, self.length:end] = key
    self.values[layer][:, :, self.length:end] = value
    return (self.keys[layer][:, :, :end], self.values[layer][:, :, :end])


class Model:
  # weights: wte [V,D], wpe [P,D], L blocks of 12 tensors, ln_f weight and bias
  weights : List[Tensor]
  embeddings : Tensor
  heads : int
  epsilon : float

  def __init__(self, weights: List[Tensor], heads: int, epsilon: float, dtype: int) -> NoneType:
    # dtype is what is computed in; embeddings are looked up in the precision of the weights, so
    # that their gradient is summed in it.
    self.weights = [w.to(dtype) for w in weights]
    self.embeddings = weights[0]
    self.heads = heads
    self.epsilon = epsilon

  def norm(self, x: Tensor, i: int) -> Tensor:
    return torch.layer_norm(x, [x.size(-1)], self.weights[i], self.weights[i + 1], self.epsilon)

  def attention(self, x: Tensor, i: int, layer: int, mask: Optional[Tensor], cache: Optional[__torch__.Cache]) -> Tensor:
    # x [B,S,D]; mask [B,1,S,T] is added to the scores, None is causal
    B, S, D = x.size(0), x.size(1), x.size(2)
    qkv = __torch__.linear(x, self.weights[i], self.weights[i + 1])
    q, k, v = qkv.view([B, S, 3, self.heads, D // self.heads]).permute(2, 0, 3, 1, 4).unbind(0)
    if cache is not None:
      k, v = cache.extend(layer, k, v)
    a = torch.scaled_dot_product_attention(q, k, v, mask, 0., mask is None)
    a = a.transpose(1, 2).reshape([B, S, D])
    return __torch__.linear(a, self.weights[i + 2], self.weights[i + 3])

  def feed_forward(self, x: Tensor, i: int) -> Tensor:
    inner = torch.gelu(__torch__.linear(x, self.weights[i], self.weights[i + 1]), approximate="tanh")
    return __torch__.linear(inner, self.weights[i + 2], self.weights[i + 3])

  def block(self, x: Tensor, layer: int, mask: Optional[Tensor], cache: Optional[__torch__.Cache]) -> Tensor:
    i = 2 + 12 * layer
    x = x + self.attention(self.norm(x, i), i + 2, layer, mask, cache)
    return x + self.feed_forward(self.norm(x, i + 6), i + 8)

  def layers(self) -> int:
    return (len(self.weights) - 4) // 12

  def new_cache(self, batch: int, tokens: int) -> __torch__.Cache:
    return __torch__.Cache(self.layers(), self.weights[0], batch, self.heads, tokens, self.weights[0].size(1) // self.heads)

  def hidden(self, tokens: Tensor, positions: Tensor, mask: Optional[Tensor], cache: Optional[__torch__.Cache]) -> Tensor:
    # tokens [B,S], positions [B,S] or [S] -> final hidden states [B,S,D]
    x = torch.embedding(self.embeddings, tokens) + torch.embedding(self.weights[1], positions)
    x = x.to(self.weights[0].dtype)
    for layer in range(self.layers()):
      x = self.block(x, layer, mask, cache)
    if cache is not None:
      cache.length += tokens.size(1)
    return self.norm(x, len(self.weights) - 2)

  def logits(self, hidden: Tensor) -> Tensor:
    # hidden [N,D] -> [N,V], in float32 at least
    scores = torch.linear(hidden, self.weights[0])
    if scores.dtype == 15:
      scores = scores.to(6)
    return scores
