# What is minimised over response tokens: PPO's clipped surrogate (Schulman et al. 2017, arXiv 1707.06347,
# eq. 7 and 9, the value clipped like the ratio) or the plain policy gradient (Williams 1992), and beside
# it a KL penalty (Shao et al. 2024, arXiv 2402.03300, eq. 4). Proved equal to the plain numbers of
# algorithm's PpoLoss, PolicyGradientLoss and KlLoss.
#
# N response tokens of a micro-batch. Every mean is a sum over them divided by the tokens of the whole
# minibatch, so that losses and gradients of micro-batches add up to those of the minibatch.


def token_values(head: List[Tensor], hidden: Tensor) -> Tensor:
  # hidden [N,D], head: weight [1,D] and bias [1], at least float32 -> [N]; zeros where there is no head
  if len(head) == 0:
    return torch.zeros([hidden.size(0)], dtype=6 if hidden.dtype == 15 else hidden.dtype, device=hidden.device)
  x = hidden.to(6) if hidden.dtype == 15 else hidden
  return torch.linear(x, head[0].to(x.dtype), head[1].to(x.dtype)).squeeze(1)


def clipped_surrogate(ratio: Tensor, advantages: Tensor, clip: float, tokens: float) -> Tensor:
  # PPO, and GRPO with the advantages of groups.
  unclipped = -advantages * ratio
  clipped = -advantages * ratio.clamp(1. - clip, 1. + clip)
  return torch.maximum(unclipped, clipped).sum() / tokens


def policy_gradient(log_probs: Tensor, advantages: Tensor, tokens: float) -> Tensor:
  # REINFORCE and RLOO: the gradient is that of -A log pi, whatever policy drew the tokens.
  return (-advantages * log_probs).sum() / tokens


def value_loss(values: Tensor, old_values: Tensor, returns: Tensor, value_clip: float, tokens: float) -> Tensor:
  near = old_values + (values - old_values).clamp(-value_clip, value_clip)
  errors = torch.maximum((values - returns) ** 2, (near - returns) ** 2)
  return errors.sum() / (2. * tokens)


def kl_to_reference(log_probs: Tensor, reference_log_probs: Tensor, tokens: float) -> Tensor:
  # k3, differentiated as GRPO does.
  inverse = reference_log_probs - log_probs
  return (torch.expm1(inverse) - inverse).sum() / tokens


def objective(log_probs: Tensor, values: Tensor, entropies: Tensor, old_log_probs: Tensor, reference_log_probs: Tensor, old_values: Tensor, advantages: Tensor, returns: Tensor, clipped: bool, clip: float, value_clip: float, value_coefficient: float, kl_coefficient: float, entropy_coefficient: float, tokens: float) -> Tuple[Tensor, Tensor]:
  # all [N] -> the loss, and what is reported: loss, policy loss, value loss, entropy, approximate
  # KL, clip fraction [6]
  log_ratio = log_probs - old_log_probs
  ratio = torch.exp(log_ratio)
  if clipped:
    policy_loss = __torch__.clipped_surrogate(ratio, advantages, clip, tokens)
    clip_fraction = ((ratio - 1.).abs() > clip).to(log_probs.dtype).sum() / tokens
  else:
    policy_loss = __torch__.policy_gradient(log_probs, advantages, tokens)
    clip_fraction = torch.zeros_like(policy_loss)
  value_loss = __torch__.value_loss(values, old_values, returns, value_clip, tokens)
  entropy = entropies.sum() / tokens

  loss = policy_loss + value_loss * value_coefficient
  if kl_coefficient != 0.:
    loss = loss + __torch__.kl_to_reference(log_probs, reference_log_probs, tokens) * kl_coefficient
  if entropy_coefficient != 0.:
    loss = loss - entropy * entropy_coefficient

  approximate_kl = (ratio - 1. - log_ratio).sum() / tokens
  reported = torch.stack([loss, policy_loss, value_loss, entropy, approximate_kl, clip_fraction])
  return (loss, reported.detach())
