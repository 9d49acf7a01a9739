# The PPO loss (Schulman et al. 2017, arXiv 1707.06347, eq. 7 and 9) over response tokens, with the
# value clipped like the ratio. Proved equal to the plain numbers of algorithm's PpoLoss.
#
# N response tokens of a micro-batch. Every mean is a sum over them divided by the tokens of the whole
# minibatch, so that losses and gradients of micro-batches add up to those of the minibatch.


def token_values(head: List[Tensor], hidden: Tensor) -> Tensor:
  # hidden [N,D], head: weight [1,D] and bias [1], at least float32 -> [N]
  x = hidden.to(6) if hidden.dtype == 15 else hidden
  return torch.linear(x, head[0].to(x.dtype), head[1].to(x.dtype)).squeeze(1)


def tempered(scores: Tensor, temperature: float) -> Tensor:
  # scores [N,V]: no tensor is larger, so it is not written again for a temperature of one
  return scores if temperature == 1. else scores / temperature


def token_log_probs(scores: Tensor, targets: Tensor, temperature: float) -> Tuple[Tensor, Tensor]:
  # scores [N,V], targets [N] -> log-probabilities of all tokens [N,V] and of the targets [N]
  all = torch.log_softmax(__torch__.tempered(scores, temperature), 1)
  return (all, all.gather(1, targets.unsqueeze(1)).squeeze(1))


def token_entropies(all: Tensor) -> Tensor:
  # log-probabilities [N,V] -> [N] in nats
  return -(torch.exp(all) * all).sum(1)


def ppo_loss(log_probs: Tensor, values: Tensor, entropies: Tensor, old_log_probs: Tensor, old_values: Tensor, advantages: Tensor, returns: Tensor, clip: float, value_clip: float, value_coefficient: float, entropy_coefficient: float, tokens: float) -> Tuple[Tensor, Tensor]:
  # all [N] -> the loss, and what is reported: loss, policy loss, value loss, entropy, approximate
  # KL, clip fraction [6]
  log_ratio = log_probs - old_log_probs
  ratio = torch.exp(log_ratio)
  unclipped = -advantages * ratio
  clipped = -advantages * ratio.clamp(1. - clip, 1. + clip)
  policy_loss = torch.maximum(unclipped, clipped).sum() / tokens

  near = old_values + (values - old_values).clamp(-value_clip, value_clip)
  errors = torch.maximum((values - returns) ** 2, (near - returns) ** 2)
  value_loss = errors.sum() / (2. * tokens)

  entropy = entropies.sum() / tokens
  loss = policy_loss + value_loss * value_coefficient
  if entropy_coefficient != 0.:
    loss = loss - entropy * entropy_coefficient

  approximate_kl = (ratio - 1. - log_ratio).sum() / tokens
  clip_fraction = ((ratio - 1.).abs() > clip).to(loss.dtype).sum() / tokens
  reported = torch.stack([loss, policy_loss, value_loss, entropy, approximate_kl, clip_fraction])
  return (loss, reported.detach())
