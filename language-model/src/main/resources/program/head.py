# From final hidden states to the log-probabilities of tokens and the entropies of their distributions,
# and the way back.
#
# N tokens, V vocabulary, D width, T temperature. With h [N,D] the hidden states, W [V,D] the output
# projection, t the tokens, p = softmax z and z = h Wᵀ / T:
#
#   d log p(t) / d z = onehot(t) − p        d H / d z = −p ∘ (log p + H)
#
# so of a loss whose gradients by log-probabilities and entropies are a and b [N]:
#
#   q = p ∘ (a + b (log p + H)) / T         by h: a W[t] / T − q W         by W: a h / T added at t − qᵀ h
#
# By hand, since no tensor is larger than [N,V]: here it is one, and q is written over log p, where
# autograd keeps one and makes four.


def tempered(scores: Tensor, temperature: float) -> Tensor:
  # scores [N,V] of the caller's own, which are written over
  return scores if temperature == 1. else scores.div_(temperature)


def token_log_probs(scores: Tensor, targets: Tensor, temperature: float) -> Tuple[Tensor, Tensor]:
  # scores [N,V], which are written over, targets [N] -> log-probabilities of all tokens [N,V] and of
  # the targets [N]
  scores = __torch__.tempered(scores, temperature)
  all = torch.log_softmax(scores, 1, None, out=scores)
  return (all, all.gather(1, targets.unsqueeze(1)).squeeze(1))


def token_entropies(all: Tensor) -> Tensor:
  # log-probabilities [N,V] -> [N] in nats
  return -torch.exp(all).mul_(all).sum(1)


class Head:
  model : __torch__.Model
  hidden : Tensor
  targets : Tensor
  outside : List[Tensor]
  temperature : float
  all : Tensor
  log_probs : Tensor

  def __init__(self, model: __torch__.Model, hidden: Tensor, targets: Tensor, outside: List[Tensor], temperature: float) -> NoneType:
    # outside: what of the vocabulary is masked, as nlpo.py has it
    self.model = model
    self.hidden = hidden.detach()
    self.targets = targets
    self.outside = outside
    self.temperature = temperature
    with __torch__.no_grad():
      scores = __torch__.without(model.logits(self.hidden), outside, 0, -inf)
      self.all, self.log_probs = __torch__.token_log_probs(scores, targets, temperature)

  def entropies(self) -> Tensor:
    with __torch__.no_grad():
      entropies = __torch__.token_entropies(__torch__.without(self.all, self.outside, 0, 0.))
    return entropies

  def back(self, by_log_probs: Tensor, by_entropies: Optional[Tensor], gradient: List[Tensor]) -> Tensor:
    # -> the gradient by the hidden states [N,D]; that by W is added to gradient, if it is not empty.
    # Once: log p is gone afterwards.
    with __torch__.no_grad():
      factors = by_log_probs.unsqueeze(1) / self.temperature
      a = factors
      if by_entropies is not None:
        all = __torch__.without(self.all, self.outside, 0, 0.)
        factors = a + (all + self.entropies().unsqueeze(1)) * (by_entropies.unsqueeze(1) / self.temperature)
      weight = self.model.weights[self.model.output()].detach()
      q = self.all.exp_().mul_(factors).to(weight.dtype)
      a = a.to(weight.dtype)
      by_hidden = (a * weight.index_select(0, self.targets)).addmm_(q, weight, alpha=-1)
      for sum in gradient:
        sum.index_add_(0, self.targets, (a * self.hidden).to(sum.dtype))
        if sum.dtype == q.dtype:
          sum.addmm_(q.t(), self.hidden, alpha=-1)
        else:
          sum.sub_(torch.mm(q.t(), self.hidden))
    return by_hidden
