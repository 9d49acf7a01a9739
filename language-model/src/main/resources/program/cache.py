# Keys and values of the tokens so far.


class Cache:
  # Of every layer: L tensors [B,H,T,C], filled up to length.
  keys : List[Tensor]
  values : List[Tensor]
  length : int
  def __init__(self, layers: int, like: Tensor, batch: int, heads: int, tokens: int, size: int) -> NoneType:
    keys: List[Tensor] = []
    values: List[Tensor] = []
    for layer in range(layers):
      keys.append(like.new_empty([batch, heads, tokens, size]))
      values.append(like.new_empty([batch, heads, tokens, size]))
    self.keys = keys
    self.values = values
    self.length = 0
  def extend(self, layer: int, key: Tensor, value: Tensor) -> Tuple[Tensor, Tensor]:
    # key, value [B,H,S,C] -> all [B,H,T,C]
    end = self.length + key.size(2)
    self.keys[layer][:, :, self.length:end] = key
    self.values[layer][:, :, self.length:end] = value
    return (self.keys[layer][:, :, :end], self.values[layer][:, :, :end])


def turns(weight: Tensor, rows: int) -> bool:
  # Whether MKL takes W xᵀ in less time than x Wᵀ: of a few rows, the next tokens of a batch, and of
  # weights beyond a core's cache.
  return weight.dim() == 2 and weight.numel() > 500000 and weight.dtype == 6 and not weight.is_cuda and rows <= 64


def linear(x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
  # x [N,in], weight [out,in], bias [out] -> [N,out]
  if not torch.is_grad_enabled() and __torch__.turns(weight, x.size(0)):
    if bias is None:
      return torch.mm(weight, x.t()).t()
    return torch.addmm(bias.unsqueeze(1), weight, x.t()).t()
  if bias is None:
    return torch.linear(x, weight)
  return torch.addmm(bias, x, weight.t())
