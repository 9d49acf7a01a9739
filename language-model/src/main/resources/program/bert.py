# BERT, RoBERTa and DistilBERT with a classification head: a post-norm encoder read at its first token,
# in nanoGPT's order (Devlin et al. 2019, Liu et al. 2019, Sanh et al. 2019). What tells them apart:
#
#               token types   positions               head, before the last layer
#   BERT        a table       0, 1, 2, ...            tanh
#   RoBERTa     a table       from padding + 1 on     tanh
#   DistilBERT  none          0, 1, 2, ...            relu
#
# B texts, S tokens of the longest, D width, H heads, C = D / H, V vocabulary, P positions, T token
# types, L layers, K labels. Weights are [out, in].
#
# Settings, as functions: layers, heads, epsilon, activation; token_types, whether there is a table;
# padding, the token that positions begin after, -1 for none; pooling, the activation of the head.


def activate(x: Tensor, name: str) -> Tensor:
  # x [B,S,D]. Of a contiguous tensor torch.gelu has oneDNN compile a kernel for each new shape, and texts
  # come in as many shapes as lengths; of one turned on its side PyTorch's own kernel takes it, in one pass.
  if name == "gelu":
    x = torch.gelu(x.transpose(1, 2)).transpose(1, 2)
  elif name == "gelu_tanh":
    x = torch.gelu(x.transpose(1, 2), approximate="tanh").transpose(1, 2)
  elif name == "tanh":
    x = torch.tanh(x)
  else:
    assert name == "relu", "activation {}".format(name)
    x = torch.relu(x)
  return x


class Encoder:
  # weights: words [V,D], positions [P,D], token types [T,D] if there are any, norm weight and bias;
  # L blocks of 16 tensors; head and classifier, weight and bias each
  weights : List[Tensor]
  words : Tensor
  dropout : Optional[__torch__.Dropout]

  def __init__(self, weights: List[Tensor], dtype: int, dropout: Optional[__torch__.Dropout]) -> NoneType:
    # dtype is what is computed in; words are looked up in the precision of the weights, so that
    # their gradient is summed in it.
    self.weights = [w.to(dtype) for w in weights]
    self.words = weights[0]
    self.dropout = dropout

  def drop(self, x: Tensor) -> Tensor:
    dropout = self.dropout
    if dropout is None:
      return x
    return dropout.apply(x)

  def linear(self, x: Tensor, i: int) -> Tensor:
    return torch.linear(x, self.weights[i], self.weights[i + 1])

  def norm(self, x: Tensor, i: int) -> Tensor:
    return torch.layer_norm(x, [x.size(-1)], self.weights[i], self.weights[i + 1], __torch__.epsilon())

  def split(self, x: Tensor) -> Tensor:
    # [B,S,D] -> [B,H,S,C]
    return x.view([x.size(0), x.size(1), __torch__.heads(), x.size(2) // __torch__.heads()]).transpose(1, 2)

  def attention(self, x: Tensor, mask: Tensor, i: int) -> Tensor:
    # x [B,S,D]; mask [B,1,1,S] is added to the scores
    q = self.split(self.linear(x, i))
    k = self.split(self.linear(x, i + 2))
    v = self.split(self.linear(x, i + 4))
    a = torch.scaled_dot_product_attention(q, k, v, mask, 0., False)
    return self.linear(a.transpose(1, 2).reshape(x.size()), i + 6)

  def first_attention(self, x: Tensor, mask: Tensor, i: int) -> Tensor:
    # What attention gives the first token, x [B,S,D] -> [B,1,D]. For one query it is cheaper to take the
    # query to hidden states, q (W x + b) = (q W) x + q b, than all of them to keys, and to sum them before
    # they become a value, as the shares sum to one.
    B, S, D, H = x.size(0), x.size(1), x.size(2), __torch__.heads()
    q = self.linear(x[:, 0], i).view([B, H, D // H]).transpose(0, 1) * float(D // H) ** -0.5
    constant = torch.bmm(q, self.weights[i + 3].view([H, D // H, 1]))
    q = torch.bmm(q, self.weights[i + 2].view([H, D // H, D]))  # [H,B,D]
    scores = torch.bmm(q.transpose(0, 1), x.transpose(1, 2)) + constant.transpose(0, 1) + mask.squeeze(1)
    a = torch.bmm(torch.softmax(scores, 2), x).transpose(0, 1)
    a = torch.bmm(a, self.weights[i + 4].view([H, D // H, D]).transpose(1, 2)).transpose(0, 1)
    return self.linear(a.reshape([B, 1, D]) + self.weights[i + 5], i + 6)

  def feed_forward(self, x: Tensor, i: int) -> Tensor:
    return self.drop(self.linear(__torch__.activate(self.linear(x, i), __torch__.activation()), i + 2))

  def block(self, x: Tensor, mask: Tensor, layer: int) -> Tensor:
    # Only the first token is read in the end, so the last block computes no other.
    i = self.first_block() + 16 * layer
    if layer + 1 == __torch__.layers():
      x = x[:, :1] + self.first_attention(x, mask, i)
    else:
      x = x + self.attention(x, mask, i)
    x = self.norm(x, i + 8)
    return self.norm(x + self.feed_forward(x, i + 10), i + 14)

  def first_block(self) -> int:
    return 5 if __torch__.token_types() else 4

  def positions(self, tokens: Tensor) -> Tensor:
    # [S], or [B,S] where padding has no position of its own, not even amid a text
    if __torch__.padding() < 0:
      return torch.arange(tokens.size(1), device=tokens.device)
    counted = (tokens != __torch__.padding()).to(4)
    return torch.cumsum(counted, 1) * counted + __torch__.padding()

  def embed(self, tokens: Tensor) -> Tensor:
    x = torch.embedding(self.words, tokens).to(self.weights[0].dtype)
    if __torch__.token_types():
      x = x + self.weights[2][0]  # a text alone is of the first type
    x = x + torch.embedding(self.weights[1], self.positions(tokens))
    return self.drop(self.norm(x, self.first_block() - 2))

  def first_state(self, tokens: Tensor, lengths: Tensor) -> Tensor:
    # tokens [B,S], padded on the right, lengths [B] -> last hidden state of the first token [B,D]
    padding = torch.arange(tokens.size(1), device=tokens.device) >= lengths.unsqueeze(1)
    x = self.embed(tokens)
    mask = x.new_zeros(tokens.size()).masked_fill(padding, -inf).unsqueeze(1).unsqueeze(1)
    for layer in range(__torch__.layers()):
      x = self.block(x, mask, layer)
    return x[:, 0]

  def logits(self, tokens: Tensor, lengths: Tensor) -> Tensor:
    # -> [B,K], in float32 at least
    head = len(self.weights) - 4
    pooled = self.linear(self.first_state(tokens, lengths), head)
    scores = self.linear(self.drop(__torch__.activate(pooled, __torch__.pooling())), head + 2)
    if scores.dtype == 15:
      scores = scores.to(6)
    return scores


class Program(Module):
  training : bool

  def logits(self, p: List[Tensor], dtype: int, tokens: Tensor, lengths: Tensor) -> Tensor:
    # -> [B,K]
    with __torch__.no_grad():
      scores = __torch__.Encoder(p, dtype, None).logits(tokens, lengths)
    return scores

  def gradient(self, p: List[Tensor], dtype: int, tokens: Tensor, lengths: Tensor, targets: Tensor, smoothing: float, dropout: float, seed: int) -> Tuple[Tensor, List[Tensor]]:
    # Mean cross-entropy against targets [B] with smoothed labels, and its gradient.
    with __torch__.with_grad():
      w = __torch__.leaves(p)
      model = __torch__.Encoder(w, dtype, __torch__.Dropout(dropout, seed))
      loss = torch.cross_entropy_loss(model.logits(tokens, lengths), targets, None, 1, -100, smoothing)
      found = __torch__.gradients(loss, w)
    return (loss.detach(), found)

  def train(self, p: List[Tensor], m: List[Tensor], v: List[Tensor], dtype: int, tokens: Tensor, lengths: Tensor, targets: Tensor, smoothing: float, dropout: float, seed: int, step: int, rate: float, decay: float, limit: float) -> Tensor:
    # One optimizer step; returns the loss before it.
    loss, found = self.gradient(p, dtype, tokens, lengths, targets, smoothing, dropout, seed)
    with __torch__.no_grad():
      _0 = __torch__.clip(found, limit)
      __torch__.adamw(p, found, m, v, step, rate, 0.9, 0.999, 1e-08, decay)
    return loss

  def pair_gradient(self, p: List[Tensor], gradient: List[Tensor], dtype: int, tokens: Tensor, lengths: Tensor, dropout: float, seed: int, scale: float) -> Tensor:
    # Adds the gradient of scale times the loss of pairs; tokens [2B,S] as preference.py orders them.
    # Returns that loss.
    with __torch__.with_grad():
      w = __torch__.leaves(p)
      model = __torch__.Encoder(w, dtype, __torch__.Dropout(dropout, seed))
      loss = __torch__.pair_loss(model.logits(tokens, lengths)) * scale
      __torch__.add_all(__torch__.gradients(loss, w), gradient)
    return loss.detach()

  def apply(self, p: List[Tensor], gradient: List[Tensor], m: List[Tensor], v: List[Tensor], step: int, rate: float, beta1: float, beta2: float, epsilon: float, decay: float, limit: float) -> Tensor:
    return __torch__.optimizer_step(p, gradient, m, v, step, rate, beta1, beta2, epsilon, decay, limit)
