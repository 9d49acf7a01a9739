# Dropout (Srivastava et al. 2014).


def scrambled(x: Tensor) -> Tensor:
  # int32: a hash in which every bit of x decides about every bit, with the constants of Wellons'
  # "lowbias32". A shift to the right copies the sign, which the masks take away again.
  x = (x ^ ((x >> 16) & 65535)) * 2146121005
  x = (x ^ ((x >> 15) & 131071)) * -2073254261
  return x ^ ((x >> 16) & 65535)


class Dropout:
  # Zeroes with the given rate. A hash of seed, call and place decides, not a generator, which
  # TorchScript makes for the CPU alone: so the same is dropped on every device, and in a block that
  # is computed again, whatever else the process draws.
  rate : float
  seed : int
  calls : int

  def __init__(self, rate: float, seed: int) -> NoneType:
    self.rate = rate
    self.seed = seed % 2147483647
    self.calls = 0

  def begin(self, seed: int) -> NoneType:
    # Drops from here on what it dropped before behind the same seed.
    self.seed = seed % 2147483647
    self.calls = 0

  def apply(self, x: Tensor) -> Tensor:
    if self.rate == 0.:
      return x
    self.calls += 1
    key = (self.seed * 65537 + self.calls * 40503) % 4294967296 - 2147483648
    place = torch.arange(x.numel(), dtype=3, device=x.device).view(x.size()) * -1640531527
    kept = __torch__.scrambled(place ^ key) >= int(self.rate * 4294967296.) - 2147483648
    return x * (kept.to(x.dtype) / (1. - self.rate))
