#!/usr/bin/env python3
"""Log-probabilities that transformers gives to responses, to be held against those of an exported model.

    pip install torch==2.7.1 transformers==4.57.6
    python transformers_check.py DIRECTORY SEQUENCES [--tolerance 1e-4]

SEQUENCES is a JSON object of rows: "prompts" and "responses" are tokens. With "log_probs" of the responses, of
another program, the exit status says whether all are within the tolerance; it prints those of transformers.
"""
import argparse
import json
import sys

import torch
from transformers import AutoModelForCausalLM


@torch.inference_mode()
def log_probs(model, prompt, response):
    logits = model(input_ids=torch.tensor([prompt + response])).logits[0, len(prompt) - 1 : -1].float()
    return logits.log_softmax(-1).gather(1, torch.tensor(response)[:, None])[:, 0].tolist()


def compare(model, sequences, tolerance):
    rows = [log_probs(model, p, r) for p, r in zip(sequences["prompts"], sequences["responses"], strict=True)]
    result, failed = {"log_probs": rows}, False
    if "log_probs" in sequences:
        pairs = [pair for ours, theirs in zip(rows, sequences["log_probs"], strict=True) for pair in zip(ours, theirs, strict=True)]
        result["largest_difference"] = max(abs(ours - theirs) for ours, theirs in pairs)
        # Not "larger than": a NaN is no agreement.
        failed = not result["largest_difference"] <= tolerance
    print(json.dumps(result))
    return failed


def arguments(what):
    parser = argparse.ArgumentParser(description=what, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory")
    parser.add_argument("sequences", type=argparse.FileType())
    parser.add_argument("--tolerance", type=float, default=1e-4)
    return parser


if __name__ == "__main__":
    given = arguments(__doc__).parse_args()
    model = AutoModelForCausalLM.from_pretrained(given.directory, dtype=torch.float32).eval()
    sys.exit(compare(model, json.load(given.sequences), given.tolerance))
