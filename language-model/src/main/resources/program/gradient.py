# The way from a loss back to the gradients of a decoder's weights.


class Pass:
  # One pass over tokens [B,S], padded on the right: no real token looks at padding, so no mask is
  # needed. With recompute only the input of each block is kept, and the way back computes one block
  # after the other again (Chen et al. 2016, arXiv 1604.06174): the memory of one block, and of L
  # hidden states, for a third more time.
  model : __torch__.Model
  tokens : Tensor
  positions : Tensor
  recompute : bool
  inputs : List[Tensor]
  rows : Tensor
  top : Tensor
  last : Tensor

  def __init__(self, model: __torch__.Model, tokens: Tensor, recompute: bool) -> NoneType:
    self.model = model
    self.tokens = tokens
    self.positions = torch.arange(tokens.size(1), device=tokens.device)
    self.recompute = recompute
    self.inputs = []
    self.rows = tokens
    self.top = tokens
    self.last = tokens

  def block(self, x: Tensor, layer: int) -> Tensor:
    return self.model.block(x, layer, None, self.rows if layer == __torch__.layers() - 1 else None)

  def hidden(self, rows: Tensor) -> Tensor:
    # rows [N] of the B·S positions -> final hidden states [N,D]
    self.rows = rows
    if self.recompute:
      with __torch__.no_grad():
        x = self.model.embed(self.tokens, self.positions, None, None)
        for layer in range(__torch__.layers()):
          self.inputs.append(x)
          x = self.block(x, layer)
      self.top = x.requires_grad_(True)
      self.last = self.model.final_norm(self.top).flatten(0, 1)
    else:
      self.last = self.model.hidden(self.tokens, self.positions, None, None, rows).flatten(0, 1)
    return self.last

  def add_gradients(self, by_hidden: Tensor, leaves: List[Tensor], gradient: List[Tensor], found: List[bool]) -> NoneType:
    # From the gradient by the final hidden states: adds those by the leaves to gradient, which stand
    # in one order. found says which leaves have been reached already.
    back: List[Optional[Tensor]] = [by_hidden]
    if self.recompute:
      self.add_gradients_of_blocks(back, leaves, gradient, found)
    else:
      _0 = __torch__.add_found(self.last, back, [], leaves, gradient, found)
    for i, reached in enumerate(found):
      assert reached, "parameter {} of {} has no gradient".format(i, len(leaves))
    return None

  def add_gradients_of_blocks(self, back: List[Optional[Tensor]], leaves: List[Tensor], gradient: List[Tensor], found: List[bool]) -> NoneType:
    back = __torch__.add_found(self.last, back, [self.top], leaves, gradient, found)
    for above in range(__torch__.layers()):
      layer = __torch__.layers() - 1 - above
      x = self.inputs.pop().requires_grad_(True)
      y = self.block(x, layer)
      back = __torch__.add_found(y, back, [x], leaves, gradient, found)
    e = self.model.embed(self.tokens, self.positions, None, None)
    if e.requires_grad:
      _0 = __torch__.add_found(e, back, [], leaves, gradient, found)
    return None


def add_found(y: Tensor, back: List[Optional[Tensor]], inputs: List[Tensor], leaves: List[Tensor], gradient: List[Tensor], found: List[bool]) -> List[Optional[Tensor]]:
  # One stage: from the gradient of y to those of its inputs, which are returned, and of the leaves it
  # is made of, which are added up.
  all = torch.grad([y], inputs + leaves, back, allow_unused=True)
  __torch__.add_each(all[len(inputs):], gradient, found)
  return all[:len(inputs)]


def add_each(all: List[Optional[Tensor]], gradient: List[Tensor], found: List[bool]) -> NoneType:
  with __torch__.no_grad():
    for i, g in enumerate(all):
      if g is not None:
        gradient[i].add_(g)
        found[i] = True
  return None
