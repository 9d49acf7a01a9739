#!/usr/bin/env python3
"""Log-probabilities that PEFT gives to responses, to be held against those of an exported adapter.

    pip install torch==2.7.1 transformers==4.57.6 peft==0.18.0
    python peft_check.py ADAPTER SEQUENCES [--base DIRECTORY] [--tolerance 1e-4]

The base is the one that adapter_config.json names, unless told otherwise; SEQUENCES as in transformers_check.py.
"""
import json
import sys

import torch
from peft import PeftConfig, PeftModel
from transformers import AutoModelForCausalLM

from transformers_check import arguments, compare

if __name__ == "__main__":
    parser = arguments(__doc__)
    parser.add_argument("--base")
    given = parser.parse_args()
    base = given.base or PeftConfig.from_pretrained(given.directory).base_model_name_or_path
    model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32), given.directory).eval()
    sys.exit(compare(model, json.load(given.sequences), given.tolerance))
