# The masked action space of NLPO (Ramamurthy et al. 2022, arXiv 2210.01241, section 4): of every next
# token, only the fewest likeliest of a masking policy whose mass reaches p exist. What is left of the
# policy's distribution is renormalised, in generation as in training.
#
# The masking policy is what is trained of a policy: its adapters if there are any, else its weights. An
# empty list is no mask, and nothing is computed for it.
#
# B rows or N of a pass, V vocabulary.


def masking_model(w: List[Tensor], a: List[Tensor], mask: List[Tensor], dtype: int) -> __torch__.Model:
  return __torch__.frozen(w, mask, dtype) if len(a) > 0 else __torch__.frozen(mask, [], dtype)


def outside_top_p(scores: Tensor, top_p: float) -> Tensor:
  # scores [B,V] of the masking policy -> [B,V], true where a token is not among the fewest likeliest.
  mass, order = torch.sort(torch.softmax(scores, 1), 1, True)
  beyond = (mass.cumsum(1) - mass) >= top_p
  return torch.zeros_like(beyond).scatter(1, order, beyond)


def outside(w: List[Tensor], a: List[Tensor], mask: List[Tensor], top_p: float, dtype: int, tokens: Tensor, rows: Tensor, targets: Tensor, temperature: float) -> List[Tensor]:
  # One tensor [N,V], true where a token is masked, or none without a mask. The targets [N] were drawn,
  # so they are not masked, whatever rounding says of one at the edge.
  found: List[Tensor] = []
  if len(mask) > 0:
    with __torch__.no_grad():
      model = __torch__.masking_model(w, a, mask, dtype)
      parts: List[Tensor] = []
      for part in __torch__.in_parts(__torch__.Pass(model, tokens, False).hidden(rows), w[0].size(0)):
        parts.append(__torch__.outside_top_p(__torch__.tempered(model.logits(part), temperature), top_p))
      all = torch.cat(parts)
      found.append(all & (torch.arange(all.size(1), device=all.device) != targets.unsqueeze(1)))
  return found


def without(values: Tensor, outside: List[Tensor], first: int, value: float) -> Tensor:
  # values [n,V] of the rows from first on, with value where a token is masked.
  if len(outside) == 0:
    return values
  return values.masked_fill(outside[0][first:first + values.size(0)], value)
