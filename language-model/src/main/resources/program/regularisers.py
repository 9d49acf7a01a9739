# What holds a policy back besides its objective. Each adds a gradient of its own before the optimizer
# step, so it goes with any objective.


def distance(p: List[Tensor], other: List[Tensor]) -> Tensor:
  # The 2-norm of the difference of all tensors together [].
  norms: List[Tensor] = []
  for i, t in enumerate(p):
    norms.append((t - other[i]).norm())
  return torch.stack(norms).norm()


def pull(p: List[Tensor], to: List[Tensor], gradient: List[Tensor], coefficient: float) -> NoneType:
  # coefficient · ‖p − to‖² (L2-SP: Li et al. 2018, arXiv 1802.01483, eq. 3, whose α is twice our
  # coefficient): adds 2 · coefficient · (p − to).
  for i, t in enumerate(p):
    gradient[i].add_(t - to[i], alpha=2. * coefficient)
  return None
