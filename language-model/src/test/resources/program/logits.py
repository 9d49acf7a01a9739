# What no program gives away: all logits of one sequence.


class Program(Module):
  training : bool

  def logits(self, w: List[Tensor], a: List[Tensor], tokens: Tensor) -> Tensor:
    # tokens [1,S] -> [S,V]
    with __torch__.no_grad():
      model = __torch__.Model(w, __torch__.Adapters(a, 6, None), 6)
      positions = torch.arange(tokens.size(1), device=tokens.device)
      found = model.logits(model.hidden(tokens, positions, None, None).flatten(0, 1))
    return found
