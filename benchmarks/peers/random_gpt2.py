"""Model directories of GPT-2's layout with random weights, the same bytes for the same shape. Never committed: made where
they are measured, with nothing but the standard library.
"""
import array
import json
import random
import shutil
import struct
import sys
from pathlib import Path

SMALL = {"n_layer": 12, "n_head": 12, "n_embd": 768, "n_positions": 1024, "vocab_size": 50257}
BLOCK = 65537  # a prime: rows of a matrix begin at different places of it


def tensors(shape):
    """Names and shapes, in the order in which the shipped model has them."""
    d, layers = shape["n_embd"], shape["n_layer"]
    yield "transformer.wte.weight", [shape["vocab_size"], d]
    yield "transformer.wpe.weight", [shape["n_positions"], d]
    for layer in range(layers):
        for name, size in (
            ("ln_1.weight", [d]), ("ln_1.bias", [d]), ("attn.c_attn.weight", [d, 3 * d]), ("attn.c_attn.bias", [3 * d]),
            ("attn.c_proj.weight", [d, d]), ("attn.c_proj.bias", [d]), ("ln_2.weight", [d]), ("ln_2.bias", [d]),
            ("mlp.c_fc.weight", [d, 4 * d]), ("mlp.c_fc.bias", [4 * d]), ("mlp.c_proj.weight", [4 * d, d]), ("mlp.c_proj.bias", [d]),
        ):
            yield f"transformer.h.{layer}.{name}", size
    yield "transformer.ln_f.weight", [d]
    yield "transformer.ln_f.bias", [d]


def count(size):
    product = 1
    for length in size:
        product *= length
    return product


def parameters(shape):
    return sum(count(size) for _, size in tensors(shape))


def values(name, amount, noise):
    """Ones for what norms multiply by, zeros for biases, 0.02 times a normal number for matrices, as GPT-2 begins."""
    if name.endswith("bias"):
        return bytes(4 * amount)
    if ".ln_" in name:
        return array.array("f", [1.0]) * amount
    return (noise * (amount // len(noise) + 1))[:amount]


def make(directory, shape, tokenizer_of, seed=1):
    """Writes the directory unless it is there, with the tokenizer of another model, whose tokens must be fewer."""
    directory = Path(directory)
    if (directory / "config.json").exists():
        return directory
    directory.mkdir(parents=True, exist_ok=True)
    for name in ("tokenizer.json", "tokenizer_config.json", "generation_config.json"):
        shutil.copy(Path(tokenizer_of) / name, directory / name)
    generator = random.Random(seed)
    noise = array.array("f", [generator.gauss(0, 0.02) for _ in range(BLOCK)])
    if sys.byteorder != "little":
        noise.byteswap()
    header, offset = {}, 0
    for name, size in tensors(shape):
        end = offset + 4 * count(size)
        header[name] = {"dtype": "F32", "shape": size, "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(directory / "model.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name, size in tensors(shape):
            file.write(values(name, count(size), noise))
    config = {
        "model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "n_ctx": shape["n_positions"], "n_inner": 4 * shape["n_embd"],
        "activation_function": "gelu_new", "layer_norm_epsilon": 1e-5, "attn_pdrop": 0.0, "embd_pdrop": 0.0, "resid_pdrop": 0.0,
        "tie_word_embeddings": True, "bos_token_id": 0, "eos_token_id": 0,
    }
    (directory / "config.json").write_text(json.dumps(config | shape))  # last: who finds it finds all of it
    return directory


def training_flops(config, lengths, epochs):
    """Multiplications and additions that a PPO step cannot do without: matrix products alone.

    One pass over the rollouts for the policy, one for the reference, and for every epoch one forward and twice as much
    backward. lengths: (prompt tokens, response tokens) of each rollout; logits are of the response alone.
    """
    d, layers, inner = config["n_embd"], config["n_layer"], config.get("n_inner") or 4 * config["n_embd"]
    forward = 0
    for prompt, response in lengths:
        tokens = prompt + response
        forward += layers * tokens * (2 * 4 * d * d + 2 * 2 * d * inner)
        forward += layers * 2 * d * tokens * (tokens + 1)  # scores and their sums of values, half of the square
        forward += response * 2 * d * config["vocab_size"]
    return forward * (2 + 3 * epochs)
