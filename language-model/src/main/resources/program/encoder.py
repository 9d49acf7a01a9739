# DistilBERT with a classification head: a post-norm encoder read at its first token, in nanoGPT's
# order (Sanh et al. 2019; tensors as Hugging Face's DistilBertForSequenceClassification names them).
#
# B texts, S tokens of the longest, D width, H heads, C = D / H, V vocabulary, P positions, L layers,
# K labels. Weights are [out, in].


class Dropout:
  # Zeroes with the given rate, from a random stream of its own: a step is reproducible from its seed
  # whatever else the process draws.
  rate : float
  source : Generator
  def __init__(self, rate: float, seed: int, device: Device) -> NoneType:
    self.rate = rate
    self.source = torch.Generator(device=device)
    _0 = self.source.manual_seed(seed)
  def apply(self, x: Tensor) -> Tensor:
    if self.rate == 0.:
      return x
    draws = torch.rand(x.size(), generator=self.source, dtype=6, layout=None, device=x.device)
    return x * ((draws >= self.rate).to(x.dtype) / (1. - self.rate))


def gelu(x: Tensor) -> Tensor:
  # The exact one. Written out, because torch.gelu has oneDNN compile a kernel for each new shape, and
  # texts come in as many shapes as lengths; this costs the same time and compiles nothing.
  return x * (0.5 + 0.5 * torch.erf(x * 0.7071067811865476))


class Encoder:
  # weights: words [V,D], positions [P,D], norm weight and bias; L blocks of 16 tensors;
  # pre-classifier and classifier, weight and bias each
  weights : List[Tensor]
  words : Tensor
  heads : int
  dropout : Optional[__torch__.Dropout]

  def __init__(self, weights: List[Tensor], heads: int, dtype: int, dropout: Optional[__torch__.Dropout]) -> NoneType:
    # dtype is what is computed in; words are looked up in the precision of the weights, so that
    # their gradient is summed in it.
    self.weights = [w.to(dtype) for w in weights]
    self.words = weights[0]
    self.heads = heads
    self.dropout = dropout

  def drop(self, x: Tensor) -> Tensor:
    dropout = self.dropout
    if dropout is None:
      return x
    return dropout.apply(x)

  def linear(self, x: Tensor, i: int) -> Tensor:
    return torch.linear(x, self.weights[i], self.weights[i + 1])

  def norm(self, x: Tensor, i: int) -> Tensor:
    return torch.layer_norm(x, [x.size(-1)], self.weights[i], self.weights[i + 1], 1e-12)

  def split(self, x: Tensor) -> Tensor:
    # [B,S,D] -> [B,H,S,C]
    return x.view([x.size(0), x.size(1), self.heads, x.size(2) // self.heads]).transpose(1, 2)

  def attention(self, x: Tensor, context: Tensor, mask: Tensor, i: int) -> Tensor:
    # x [B,Q,D] looks at context [B,S,D]; mask [B,1,1,S] is true where a key is a real token
    q = self.split(self.linear(x, i))
    k = self.split(self.linear(context, i + 2))
    v = self.split(self.linear(context, i + 4))
    a = torch.scaled_dot_product_attention(q, k, v, mask.expand([-1, -1, x.size(1), -1]), 0., False)
    return self.linear(a.transpose(1, 2).reshape(x.size()), i + 6)

  def feed_forward(self, x: Tensor, i: int) -> Tensor:
    return self.drop(self.linear(__torch__.gelu(self.linear(x, i)), i + 2))

  def block(self, x: Tensor, context: Tensor, mask: Tensor, i: int) -> Tensor:
    x = self.norm(x + self.attention(x, context, mask, i), i + 8)
    return self.norm(x + self.feed_forward(x, i + 10), i + 14)

  def layers(self) -> int:
    return (len(self.weights) - 8) // 16

  def first_state(self, tokens: Tensor, lengths: Tensor) -> Tensor:
    # tokens [B,S], padded on the right, lengths [B] -> last hidden state of the first token [B,D]
    positions = torch.arange(tokens.size(1), device=tokens.device)
    mask = (positions.unsqueeze(0) < lengths.unsqueeze(1)).unsqueeze(1).unsqueeze(1)
    x = torch.embedding(self.words, tokens).to(self.weights[0].dtype)
    x = self.drop(self.norm(x + torch.embedding(self.weights[1], positions), 2))
    for layer in range(self.layers()):
      # Only the first token is read in the end, so the last block computes no other.
      queries = x[:, :1] if layer + 1 == self.layers() else x
      x = self.block(queries, x, mask, 4 + 16 * layer)
    return x[:, 0]

  def logits(self, tokens: Tensor, lengths: Tensor) -> Tensor:
    # -> [B,K], in float32 at least
    head = len(self.weights) - 4
    pooled = self.drop(torch.relu(self.linear(self.first_state(tokens, lengths), head)))
    scores = self.linear(pooled, head + 2)
    if scores.dtype == 15:
      scores = scores.to(6)
    return scores


class Program(Module):
  training : bool

  def probabilities(self, p: List[Tensor], heads: int, dtype: int, tokens: Tensor, lengths: Tensor) -> Tensor:
    # -> [B,K], rows sum to 1
    with __torch__.no_grad():
      scores = torch.softmax(__torch__.Encoder(p, heads, dtype, None).logits(tokens, lengths), -1)
    return scores

  def gradient(self, p: List[Tensor], heads: int, dtype: int, tokens: Tensor, lengths: Tensor, targets: Tensor, smoothing: float, dropout: float, seed: int) -> Tuple[Tensor, List[Tensor]]:
    # Mean cross-entropy against targets [B] with smoothed labels, and its gradient.
    with __torch__.with_grad():
      w = __torch__.leaves(p)
      model = __torch__.Encoder(w, heads, dtype, __torch__.Dropout(dropout, seed, tokens.device))
      loss = torch.cross_entropy_loss(model.logits(tokens, lengths), targets, None, 1, -100, smoothing)
      found = __torch__.gradients(loss, w)
    return (loss.detach(), found)

  def train(self, p: List[Tensor], m: List[Tensor], v: List[Tensor], heads: int, dtype: int, tokens: Tensor, lengths: Tensor, targets: Tensor, smoothing: float, dropout: float, seed: int, step: int, rate: float, decay: float, limit: float) -> Tensor:
    # One optimizer step; returns the loss before it.
    loss, found = self.gradient(p, heads, dtype, tokens, lengths, targets, smoothing, dropout, seed)
    with __torch__.no_grad():
      _0 = __torch__.clip(found, limit)
      __torch__.adamw(p, found, m, v, step, rate, 0.9, 0.999, 1e-08, decay)
    return loss
