# Dropout (Srivastava et al. 2014).


class Dropout:
  # Zeroes with the given rate, from a random stream of its own: a step is reproducible from its seed
  # whatever else the process draws.
  rate : float
  source : Generator
  def __init__(self, rate: float, seed: int, device: Device) -> NoneType:
    self.rate = rate
    self.source = torch.Generator(device=device)
    _0 = self.source.manual_seed(seed)
  def begin(self, seed: int) -> NoneType:
    # Draws from here on what it drew before behind the same seed.
    _0 = self.source.manual_seed(seed)
  def apply(self, x: Tensor) -> Tensor:
    if self.rate == 0.:
      return x
    draws = torch.rand(x.size(), generator=self.source, dtype=6, layout=None, device=x.device)
    return x * ((draws >= self.rate).to(x.dtype) / (1. - self.rate))
