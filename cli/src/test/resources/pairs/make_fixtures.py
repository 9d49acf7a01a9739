"""Writes the Parquet files beside it, as data sets of the Hub are written: pip install datasets pandas pyarrow.

Made with pyarrow 26.0.1, datasets 5.2.0 and pandas 3.1.1.
"""

import datasets
import pandas
import pyarrow
import pyarrow.parquet

STANDARD = {
    "prompt": ["What is 6 × 7?", "Say hello.", "Nothing?", "The same?"],
    "chosen": ["42", "Hello! 👋", " ", "yes"],
    "rejected": ["about 40", "no", "something", "yes"],
    "score": [0.9, 0.8, 0.7, 0.6],
}


def message(role, content):
    return {"role": role, "content": content}


question = message("user", "What is 6 × 7?")
CONVERSATIONS = [
    {
        "chosen": [question, message("assistant", "42")],
        "rejected": [question, message("assistant", "about 40")],
    },
    {
        "chosen": [question, message("assistant", "42"), message("user", "Sure?"), message("assistant", "Yes.")],
        "rejected": [question, message("assistant", "42"), message("user", "Sure?"), message("assistant", "No.")],
    },
]

table = pyarrow.table(STANDARD)
pyarrow.parquet.write_table(table, "standard-zstd.parquet", compression="zstd")
pyarrow.parquet.write_table(table, "standard-gzip.parquet", compression="gzip")
pyarrow.parquet.write_table(table, "standard-lz4.parquet", compression="lz4")
pandas.DataFrame(STANDARD).to_parquet("standard-snappy.parquet")
datasets.Dataset.from_list(CONVERSATIONS).to_parquet("conversations.parquet")
