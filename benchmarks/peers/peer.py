#!/usr/bin/env python3
"""The peers' side of compare.py: does the task that its arguments name once for every line of its input, and answers
with the seconds that it took. Files of rollouts have one a line: prompt tokens, a bar, response tokens, a bar, the score.
"""
import os
import sys
import time
import warnings

os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false", TRL_EXPERIMENTAL_SILENCE="1")
warnings.filterwarnings("ignore")

import torch  # noqa: E402
import transformers  # noqa: E402

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
transformers.logging.set_verbosity_error()


def answer(task):
    for _ in sys.stdin:
        begin = time.perf_counter()
        task()
        print(time.perf_counter() - begin, flush=True)


def lines(path, size):
    with open(path) as file:
        return [line.rstrip("\n") for line in file][:size]


def rollouts(path, size):
    parts = [line.split(" | ") for line in lines(path, size)]
    tokens = lambda text: torch.tensor([int(token) for token in text.split()])
    return [tokens(p) for p, _, _ in parts], [tokens(r) for _, r, _ in parts], [torch.tensor(float(s)) for _, _, s in parts]


def train(model, path, size):
    """PPOTrainer.step of TRL 0.11: a value head on the policy's own hidden states, as ours has."""
    from trl import AutoModelForCausalLMWithValueHead, PPOConfig, PPOTrainer

    config = PPOConfig(
        batch_size=size, mini_batch_size=16, gradient_accumulation_steps=1, ppo_epochs=4, learning_rate=1e-6,
        init_kl_coef=0.02, gamma=1, lam=0.95, cliprange=0.2, cliprange_value=0.2, vf_coef=0.5, max_grad_norm=1.0,
    )
    load = lambda: AutoModelForCausalLMWithValueHead.from_pretrained(model, torch_dtype=torch.float32)
    tokenizer = transformers.AutoTokenizer.from_pretrained(model)
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    trainer = PPOTrainer(config, load(), load(), tokenizer)
    queries, responses, scores = rollouts(path, size)
    return lambda: trainer.step(queries, responses, scores)


def generate(model, path, size):
    """48 tokens for each prompt, in one batch, from the whole distribution, with cached keys and values."""
    policy = transformers.AutoModelForCausalLM.from_pretrained(model, torch_dtype=torch.float32).eval()
    prompts = [prompt[-24:] for prompt in rollouts(path, size)[0]]
    width = max(len(prompt) for prompt in prompts)
    left = lambda values, prompt: torch.cat([torch.zeros(width - len(prompt), dtype=torch.long), values])
    tokens = torch.stack([left(prompt, prompt) for prompt in prompts])
    mask = torch.stack([left(torch.ones_like(prompt), prompt) for prompt in prompts])
    config = transformers.GenerationConfig(
        do_sample=True, temperature=1.0, top_k=0, top_p=1.0, max_new_tokens=48, min_new_tokens=48, eos_token_id=None, pad_token_id=0
    )
    return lambda: policy.generate(input_ids=tokens, attention_mask=mask, generation_config=config)


def score(model, path, size):
    """Texts to probabilities, in one batch."""
    pipeline = transformers.pipeline(
        "text-classification", model=model, torch_dtype=torch.float32, device="cpu", batch_size=size, top_k=None
    )
    texts = lines(path, size)
    return lambda: pipeline(texts)


def average(model, path, size):
    """torch_ema on a hundred tensors."""
    from torch_ema import ExponentialMovingAverage

    parameters = [torch.nn.Parameter(torch.ones(size // 100)) for _ in range(100)]
    ema = ExponentialMovingAverage(parameters, decay=0.995)
    return lambda: ema.update(parameters)


if __name__ == "__main__":
    name, model, path, size = sys.argv[1:]
    tasks = {f.__name__: f for f in (train, generate, score, average)}
    answer(tasks[name](model, path, int(size)))
