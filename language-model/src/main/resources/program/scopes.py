# Scopes of the autograd mode, and gradients. Shared by every program.
# The dialect is TorchScript's; its integer codes of types: 4 int64, 6 float32, 7 float64, 11 bool,
# 15 bfloat16.


class no_grad:
  previous : bool
  def __init__(self) -> NoneType:
    self.previous = True
  def __enter__(self) -> NoneType:
    self.previous = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
  def __exit__(self, kind: Any, value: Any, trace: Any) -> NoneType:
    torch.set_grad_enabled(self.previous)


class with_grad:
  previous : bool
  def __init__(self) -> NoneType:
    self.previous = True
  def __enter__(self) -> NoneType:
    self.previous = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
  def __exit__(self, kind: Any, value: Any, trace: Any) -> NoneType:
    torch.set_grad_enabled(self.previous)


def only(x: Tensor, rows: Optional[Tensor]) -> Tensor:
  # x [B,S,D] -> [1,N,D], those of its B·S rows, which are in order; x if all are asked for
  if rows is None or rows.size(0) == x.size(0) * x.size(1):
    return x
  return x.flatten(0, 1).index_select(0, rows).unsqueeze(0)


def leaves(parameters: List[Tensor]) -> List[Tensor]:
  # Leaf views of the same storage: the caller's tensors never carry gradient state.
  return [t.detach().requires_grad_(True) for t in parameters]


def gradients(loss: Tensor, parameters: List[Tensor]) -> List[Tensor]:
  found: List[Tensor] = []
  for g in torch.grad([loss], parameters, allow_unused=True):
    assert g is not None, "parameter {} of {} has no gradient".format(len(found), len(parameters))
    found.append(g)
  return found


def add_all(found: List[Tensor], gradient: List[Tensor]) -> NoneType:
  with __torch__.no_grad():
    torch._foreach_add_(gradient, found)
  return None
