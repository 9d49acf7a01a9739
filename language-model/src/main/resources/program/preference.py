# The loss of preferences: Bradley and Terry (1952), as reward models are trained (Christiano et al.
# 2017, arXiv 1706.03741; Stiennon et al. 2020, arXiv 2009.01325, section 3.4).


def pair_loss(scores: Tensor) -> Tensor:
  # scores [2B,1], of B chosen answers and then of the B rejected ones in their order
  #   -> the sum of -log sigmoid(r_chosen - r_rejected) = softplus(r_rejected - r_chosen)
  chosen, rejected = torch.chunk(scores.squeeze(1), 2)
  return torch.softplus(rejected - chosen).sum()
