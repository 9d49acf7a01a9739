# Tensors as Java keeps them: views of one flat tensor, in the order of the model file.


class Program(Module):
  training : bool

  def zeros(self, like: Tensor, count: int, dtype: int) -> Tensor:
    # Where like is. Java cannot name bfloat16.
    with __torch__.no_grad():
      flat = torch.zeros([count], dtype=dtype, device=like.device)
    return flat

  def view(self, flat: Tensor, offset: int, shape: List[int]) -> Tensor:
    # Elements offset .. offset + product of shape; shares the storage of flat.
    count = 1
    for size in shape:
      count *= size
    with __torch__.no_grad():
      view = flat.narrow(0, offset, count).view(shape)
    return view

  def read(self, flat: Tensor, offset: int, count: int) -> Tensor:
    # A copy in main memory.
    with __torch__.no_grad():
      copy = torch.empty([count], dtype=6).copy_(flat.narrow(0, offset, count))
    return copy

  def write(self, flat: Tensor, offset: int, values: Tensor) -> int:
    with __torch__.no_grad():
      flat.narrow(0, offset, values.numel()).copy_(values)
    return values.numel()

  def clear(self, flat: Tensor) -> int:
    with __torch__.no_grad():
      flat.zero_()
    return flat.numel()

  def add_and_clear(self, flat: Tensor, other: Tensor) -> int:
    with __torch__.no_grad():
      flat.add_(other)
      other.zero_()
    return flat.numel()

  def first_not_finite(self, tensors: List[Tensor]) -> int:
    # The index of the first with an infinity or a NaN, which minimum and maximum let through; -1 if
    # none has. Needs no memory, unlike isfinite.
    found = -1
    with __torch__.no_grad():
      for i, t in enumerate(tensors):
        if found < 0:
          low, high = torch.aminmax(t)
          if not (bool(torch.isfinite(low)) and bool(torch.isfinite(high))):
            found = i
    return found
