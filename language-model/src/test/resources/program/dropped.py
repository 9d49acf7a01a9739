# What no program gives away: numbers after dropout.


class Program(Module):
  training : bool

  def dropped(self, x: Tensor, rate: float, seed: int, call: int) -> Tensor:
    # Of the call-th call, counted from 0.
    with __torch__.no_grad():
      dropout = __torch__.Dropout(rate, seed)
      y = dropout.apply(x)
      for repeated in range(call):
        y = dropout.apply(x)
    return y
