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
  top : Tensor

  def __init__(self, model: __torch__.Model, tokens: Tensor, recompute: bool) -> NoneType:
    self.model = model
    self.tokens = tokens
    self.positions = torch.arange(tokens.size(1), device=tokens.device)
    self.recompute = recompute
    self.inputs = []
    self.top = tokens

  def hidden(self, rows: Tensor) -> Tensor:
    # rows [N] of the B·S positions -> final hidden states [N,D]
    if self.recompute:
      with __torch__.no_grad():
        x = self.model.embed(self.tokens, self.positions, None, None)
        for layer in range(__torch__.layers()):
          self.inputs.append(x)
          x = self.model.block(x, layer, None)
      self.top = x.requires_grad_(True)
      hidden = self.model.final_norm(self.top).flatten(0, 1)
    else:
      hidden = self.model.hidden(self.tokens, self.positions, None, None).flatten(0, 1)
    if rows.size(0) < hidden.size(0):
      hidden = hidden.index_select(0, rows)
    return hidden

  def add_gradients(self, loss: Tensor, leaves: List[Tensor], gradient: List[Tensor]) -> NoneType:
    # Adds d loss / d leaves to gradient, which stand in one order.
    if not self.recompute:
      __torch__.add_all(__torch__.gradients(loss, leaves), gradient)
      return None
    ones: List[Optional[Tensor]] = [torch.ones_like(loss)]
    found = [False for leaf in leaves]
    back = __torch__.add_found(loss, ones, [self.top], leaves, gradient, found)
    for above in range(__torch__.layers()):
      layer = __torch__.layers() - 1 - above
      x = self.inputs.pop().requires_grad_(True)
      y = self.model.block(x, layer, None)
      back = __torch__.add_found(y, back, [x], leaves, gradient, found)
    e = self.model.embed(self.tokens, self.positions, None, None)
    if e.requires_grad:
      _0 = __torch__.add_found(e, back, [], leaves, gradient, found)
    for i, reached in enumerate(found):
      assert reached, "parameter {} of {} has no gradient".format(i, len(leaves))
    return None


def add_found(y: Tensor, back: List[Optional[Tensor]], inputs: List[Tensor], leaves: List[Tensor], gradient: List[Tensor], found: List[bool]) -> List[Optional[Tensor]]:
  # One stage: from the gradient of y to those of its inputs, which are returned, and of the leaves it
  # is made of, which are added up.
  all = torch.grad([y], inputs + leaves, back, allow_unused=True)
  with __torch__.no_grad():
    for i, g in enumerate(all[len(inputs):]):
      if g is not None:
        gradient[i].add_(g)
        found[i] = True
  return all[:len(inputs)]
