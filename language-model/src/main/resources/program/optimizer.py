# Gradient clipping and AdamW (Loshchilov and Hutter 2019). Everything happens in place.


def clip(gradients: List[Tensor], limit: float) -> Tensor:
  # Scales all gradients so that their common 2-norm is at most limit; returns the norm before.
  norm = torch.stack(torch._foreach_norm(gradients, 2)).norm()
  torch._foreach_mul_(gradients, (limit / (norm + 1e-06)).clamp(max=1.))
  return norm


def adamw_group(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], step: int, rate: float, beta1: float, beta2: float, epsilon: float, decay: float) -> NoneType:
  count = torch.full([], float(step), dtype=6, device=p[0].device)
  torch._fused_adamw_(p, g, m, v, [], [count for t in p], lr=rate, beta1=beta1, beta2=beta2, weight_decay=decay, eps=epsilon, amsgrad=False, maximize=False)
  return None


def adamw(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], step: int, rate: float, beta1: float, beta2: float, epsilon: float, decay: float) -> NoneType:
  # step counts from 1. Weights decay; biases and norms, which have one dimension, do not.
  for decayed in [True, False]:
    indices: List[int] = []
    for i, t in enumerate(p):
      if (t.dim() > 1) == decayed:
        indices.append(i)
    if len(indices) > 0:
      __torch__.adamw_group([p[i] for i in indices], [g[i] for i in indices], [m[i] for i in indices], [v[i] for i in indices], step, rate, beta1, beta2, epsilon, decay if decayed else 0.)
  return None


def optimizer_step(p: List[Tensor], gradient: List[Tensor], m: List[Tensor], v: List[Tensor], step: int, rate: float, beta1: float, beta2: float, epsilon: float, decay: float, limit: float) -> Tensor:
  # One step with the accumulated gradient, which is cleared. Returns its norm; if that is not finite,
  # nothing else changes.
  with __torch__.no_grad():
    norm = __torch__.clip(gradient, limit)
    if bool(torch.isfinite(norm)):
      __torch__.adamw(p, gradient, m, v, step, rate, beta1, beta2, epsilon, decay)
    torch._foreach_zero_(gradient)
  return norm
