#!/usr/bin/env python3
"""Makes model directories with random weights: the shapes that benchmarks/gpu measures.

    python models.py DIRECTORY [NAME ...]
"""
import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM

LLAMA = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "hidden_act": "silu",
    "attention_bias": False,
    "mlp_bias": False,
    "max_position_embeddings": 2048,
    "rms_norm_eps": 1e-5,
    "rope_theta": 10000.0,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "dtype": "float32",
}

SHAPES = {
    # SmolLM2-135M
    "smollm2-135m": LLAMA
    | {
        "hidden_size": 576,
        "intermediate_size": 1536,
        "num_hidden_layers": 30,
        "num_attention_heads": 9,
        "num_key_value_heads": 3,
        "vocab_size": 49152,
        "tie_word_embeddings": True,
    },
    # GPT-2 small
    "gpt2-124m": {
        "architectures": ["GPT2LMHeadModel"],
        "model_type": "gpt2",
        "activation_function": "gelu_new",
        "n_embd": 768,
        "n_head": 12,
        "n_layer": 12,
        "n_positions": 1024,
        "layer_norm_epsilon": 1e-5,
        "attn_pdrop": 0.0,
        "embd_pdrop": 0.0,
        "resid_pdrop": 0.0,
        "bos_token_id": 1,
        "eos_token_id": 2,
        "dtype": "float32",
        "vocab_size": 50257,
    },
    # TinyLlama 1.1B
    "tinyllama-1.1b": LLAMA
    | {
        "hidden_size": 2048,
        "intermediate_size": 5632,
        "num_hidden_layers": 22,
        "num_attention_heads": 32,
        "num_key_value_heads": 4,
        "vocab_size": 32000,
        "tie_word_embeddings": False,
        "dtype": "bfloat16",
    },
}

# Larger than what is made if no name is given
LARGE = {
    # Llama 2 7B
    "llama2-7b": LLAMA
    | {
        "hidden_size": 4096,
        "intermediate_size": 11008,
        "num_hidden_layers": 32,
        "num_attention_heads": 32,
        "num_key_value_heads": 32,
        "max_position_embeddings": 4096,
        "vocab_size": 32000,
        "tie_word_embeddings": False,
        "dtype": "bfloat16",
    },
}

# Nothing is tokenized; a directory has a tokenizer.
TOKENIZER = {
    "version": "1.0",
    "truncation": None,
    "padding": None,
    "added_tokens": [],
    "normalizer": None,
    "pre_tokenizer": None,
    "post_processor": None,
    "decoder": None,
    "model": {"type": "BPE", "dropout": None, "unk_token": None, "vocab": {"a": 0, "b": 1}, "merges": []},
}


def main():
    parent = Path(sys.argv[1])
    for name in sys.argv[2:] or SHAPES:
        shape = (SHAPES | LARGE)[name]
        directory = parent / name
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "config.json").write_text(json.dumps(shape, indent=2))
        (directory / "tokenizer.json").write_text(json.dumps(TOKENIZER))
        torch.manual_seed(1)
        with torch.device("cuda" if torch.cuda.is_available() else "cpu"):
            model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(directory), dtype=getattr(torch, shape["dtype"]))
        tied = shape.get("tie_word_embeddings", True)
        tensors = {
            key: value.detach().cpu().contiguous()
            for key, value in model.state_dict().items()
            if not (tied and key == "lm_head.weight") and not key.endswith((".attn.bias", ".attn.masked_bias"))
        }
        save_file(tensors, directory / "model.safetensors", metadata={"format": "pt"})
        print(name, sum(value.numel() for value in tensors.values()), flush=True)


if __name__ == "__main__":
    main()
