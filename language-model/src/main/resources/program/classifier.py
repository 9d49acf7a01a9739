# A decoder that is read at the last token of a text, by one linear map: what
# ...ForSequenceClassification of Hugging Face's transformers does. The last file of the archive.


class Program(Module):
  training : bool

  def logits(self, w: List[Tensor], score: Tensor, dtype: int, tokens: Tensor, rows: Tensor) -> Tensor:
    # tokens [B,S], padded on the right: no real token looks at padding, so no mask is needed.
    # rows [B], the place of each text's last token among the B·S; score [K,D] -> [B,K], in float32
    # at least
    with __torch__.no_grad():
      model = __torch__.Model(w, __torch__.Adapters([], dtype, None), dtype)
      positions = torch.arange(tokens.size(1), device=tokens.device)
      hidden = model.hidden(tokens, positions, None, None).flatten(0, 1).index_select(0, rows)
      scores = torch.linear(hidden, score.to(dtype))
      if scores.dtype == 15:
        scores = scores.to(6)
    return scores
