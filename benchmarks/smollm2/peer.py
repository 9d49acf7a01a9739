#!/usr/bin/env python3
"""What transformers makes of a model directory: greedy text, perplexity, generation speed, as one JSON object.

    pip install torch==2.7.1 transformers==4.57.6
    python peer.py DIRECTORY --prompts PROMPTS --texts TEXTS [--threads 2] [--dtype float32]

PROMPTS and TEXTS have one text a line. Nothing is added to a text: neither special tokens nor a chat template.
"""
import argparse
import json
import math
import statistics
import time
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

ROUNDS = 3


def lines(file):
    return [line for line in Path(file).read_text(encoding="utf-8").split("\n") if line]


def perplexity(model, texts):
    """exp of the mean loss of every token but the first of a text; longer texts in windows that overlap by one."""
    positions = model.config.max_position_embeddings
    loss, tokens = 0.0, 0
    for text in texts:
        for start in range(0, len(text) - 1, positions):
            window = torch.tensor([text[start : start + positions + 1]])
            # The last token is only predicted: a window may have one more than there are positions.
            logits = model(input_ids=window[:, :-1]).logits[0].float()
            loss += torch.nn.functional.cross_entropy(logits, window[0, 1:], reduction="sum").item()
            tokens += window.shape[1] - 1
    return math.exp(loss / tokens), tokens


def generate(model, tokenizer, prompts, new_tokens, ends):
    """Greedy continuations of prompts side by side."""
    batch = tokenizer.pad({"input_ids": prompts}, padding_side="left", return_tensors="pt")
    ends = {} if ends else {"eos_token_id": None}
    out = model.generate(**batch, do_sample=False, max_new_tokens=new_tokens, pad_token_id=tokenizer.pad_token_id, **ends)
    return out[:, batch["input_ids"].shape[1] :]


def tokens_per_second(model, tokenizer, prompts, new_tokens):
    """The median of some rounds after one to warm up; no token ends a text."""
    seconds = []
    for _ in range(ROUNDS + 1):
        start = time.perf_counter()
        generate(model, tokenizer, prompts, new_tokens, ends=False)
        seconds.append(time.perf_counter() - start)
    return len(prompts) * new_tokens / statistics.median(seconds[1:])


@torch.inference_mode()
def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory")
    parser.add_argument("--prompts", required=True)
    parser.add_argument("--texts", required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--dtype", choices=["float32", "bfloat16"], default="float32", help="to compute in")
    parser.add_argument("--batch", type=int, default=16, help="prompts whose generation is timed, side by side")
    parser.add_argument("--new-tokens", type=int, default=48)
    parser.add_argument("--prompt-tokens", type=int, default=64, help="longer prompts keep their last ones")
    arguments = parser.parse_args()

    torch.set_num_threads(arguments.threads)
    tokenizer = AutoTokenizer.from_pretrained(arguments.directory)
    model = AutoModelForCausalLM.from_pretrained(arguments.directory, dtype=getattr(torch, arguments.dtype)).eval()
    encode = lambda text: tokenizer(text, add_special_tokens=False)["input_ids"]
    prompts = [encode(prompt)[-arguments.prompt_tokens :] for prompt in lines(arguments.prompts)]

    greedy = [generate(model, tokenizer, [prompt], arguments.new_tokens, ends=True)[0] for prompt in prompts[:4]]
    value, tokens = perplexity(model, [encode(text) for text in lines(arguments.texts)])
    timed = [prompts[i % len(prompts)] for i in range(arguments.batch)]
    speed = tokens_per_second(model, tokenizer, timed, arguments.new_tokens)
    print(json.dumps({
        "greedy": [tokenizer.decode(row, skip_special_tokens=True) for row in greedy],
        "perplexity": value,
        "perplexity_tokens": tokens,
        "tokens_per_second": speed,
        "threads": arguments.threads,
        "dtype": arguments.dtype,
    }, indent=2, ensure_ascii=False))  # fmt: skip


if __name__ == "__main__":
    main()
