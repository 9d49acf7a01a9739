#!/usr/bin/env python3
"""The same of transformers and PEFT that GpuBenchmark measures: training and generation a second, peak memory.

    python peer.py DIRECTORY whole|lora float32|bfloat16 keep|recompute [DIRECTORY ...]
"""
import statistics
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM

SEQUENCE, SEQUENCES, PROMPT, NEW_TOKENS, ROLLOUTS = 512, 8, 64, 64, 32


def tokens(rows, length, vocabulary):
    row = torch.arange(rows).unsqueeze(1)
    i = torch.arange(length).unsqueeze(0)
    return ((row * 7919 + i * i * 31 + i * 1009 + 17) % vocabulary).cuda()


def median(work, rounds=3):
    """Of some rounds after two to warm up."""
    seconds = []
    for _ in range(rounds + 2):
        torch.cuda.synchronize()
        start = time.perf_counter()
        work()
        torch.cuda.synchronize()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds[2:])


def measure(directory, trained, precision, kept):
    torch.cuda.empty_cache()
    torch.cuda.reset_peak_memory_stats()
    label = " ".join([Path(directory).name, trained, precision, kept])
    dtype = getattr(torch, precision)
    model = AutoModelForCausalLM.from_pretrained(directory, dtype=dtype if trained == "lora" else torch.float32).cuda()
    vocabulary = model.config.vocab_size
    if trained == "lora":
        from peft import LoraConfig, get_peft_model

        lora = LoraConfig(r=16, lora_alpha=32, lora_dropout=0.0, target_modules=["q_proj", "v_proj"])
        if kept == "recompute":
            model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
            model.enable_input_require_grads()
        model = get_peft_model(model, lora)
    model.train()
    weights = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=1e-4, weight_decay=0.0, fused=True)
    cast = torch.autocast("cuda", torch.bfloat16) if dtype == torch.bfloat16 else nullcontext()
    texts = tokens(SEQUENCES, SEQUENCE + 1, vocabulary)
    losses = []

    def step():
        with cast:
            logits = model(input_ids=texts[:, :-1], use_cache=False).logits
            loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1).float(), texts[:, 1:].flatten())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(loss.item())

    seconds = median(step)
    print(
        f"{label}: peer trains {seconds * 1e3:.1f} ms a step of {SEQUENCES * SEQUENCE} tokens,"
        f" {SEQUENCES * SEQUENCE / seconds:.0f} tokens/s, losses {[round(loss, 5) for loss in losses]},"
        f" peak {torch.cuda.max_memory_allocated() / 1e6:.0f} MB allocated,"
        f" {torch.cuda.max_memory_reserved() / 1e6:.0f} MB reserved",
        flush=True,
    )

    if kept == "recompute":
        return
    model.eval()
    if trained == "whole":
        model.to(dtype)
    prompts = tokens(ROLLOUTS, PROMPT, vocabulary)

    @torch.inference_mode()
    def generate():
        out = model.generate(
            input_ids=prompts,
            attention_mask=torch.ones_like(prompts),
            do_sample=True,
            top_k=0,
            max_new_tokens=NEW_TOKENS,
            min_new_tokens=NEW_TOKENS,
            pad_token_id=0,
        )
        assert out.shape[1] == PROMPT + NEW_TOKENS, out.shape

    seconds = median(generate)
    print(
        f"{label}: peer generates {ROLLOUTS * NEW_TOKENS / seconds:.0f} tokens/s,"
        f" {seconds * 1e3 / NEW_TOKENS:.2f} ms a token",
        flush=True,
    )


if __name__ == "__main__":
    for first in range(1, len(sys.argv), 4):
        measure(*sys.argv[first : first + 4])
