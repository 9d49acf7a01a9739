# LoRA (Hu et al. 2021, arXiv 2106.09685, section 4.1): a linear map W x of a frozen model becomes
# W x + scale · B A dropout(x).
#
# r rank. A [r,in], B [out,r], as PEFT keeps them, whichever way round W is.
#
# Settings, as functions: adapted_weights (the indices of the weights that have an adapter, in the
# order of the adapters), adapter_scale, adapter_dropout.


class Adapters:
  # factors: A and B of each adapter in turn; none is a model without adapters
  factors : List[Tensor]
  places : Dict[int, int]
  seed : int
  dropout : Optional[__torch__.Dropout]

  def __init__(self, factors: List[Tensor], dtype: int, seed: Optional[int]) -> NoneType:
    # With a seed there is dropout, as in training.
    self.factors = [f.to(dtype) for f in factors]
    places: Dict[int, int] = {}
    if len(factors) > 0:
      for place, weight in enumerate(__torch__.adapted_weights()):
        places[weight] = 2 * place
    self.places = places
    self.seed = 0
    dropout: Optional[__torch__.Dropout] = None
    if seed is not None:
      self.seed = seed
      if len(factors) > 0 and __torch__.adapter_dropout() > 0.:
        dropout = __torch__.Dropout(__torch__.adapter_dropout(), seed)
    self.dropout = dropout

  def begin(self, layer: int) -> NoneType:
    # A block that is computed again to find its gradient drops what it dropped before.
    dropout = self.dropout
    if dropout is not None:
      dropout.begin(self.seed * 1009 + layer)

  def add(self, y: Tensor, x: Tensor, i: int) -> Tensor:
    # y [...,out] is the map of weight i at x [...,in]
    if i not in self.places:
      return y
    place = self.places[i]
    dropout = self.dropout
    if dropout is not None:
      x = dropout.apply(x)
    low = torch.linear(x, self.factors[place])
    return y + torch.linear(low, self.factors[place + 1]) * __torch__.adapter_scale()


def merged(weight: Tensor, a: Tensor, b: Tensor, transposed: bool) -> Tensor:
  # The weight of the same map without an adapter, float32 in main memory; transposed is [in,out].
  change = torch.mm(b.to(7), a.to(7)) * __torch__.adapter_scale()
  if transposed:
    change = change.t()
  return (weight.to(7) + change).to(6).cpu().contiguous()
