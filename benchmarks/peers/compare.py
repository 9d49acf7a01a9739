#!/usr/bin/env python3
"""Times Elastic Reset beside its peers, in turn: A B A B ... on the same model files, inputs, threads and cores.

    python3 -m venv VENV && VENV/bin/pip install -r benchmarks/peers/requirements.txt
    VENV/bin/python benchmarks/peers/compare.py [--repetitions 7] [ROW ...]

Both programs of a row stay alive and wait for their turn, so that each repetition compares neighbours in time and
neither is measured while it starts. A ratio is the time of the peer's turn over that of ours; printed are the median
and, in brackets, the least and the greatest. Processor time says more than the clock where other work shares the cores.
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = HERE.parent.parent
GPT = HOME / "models/movie-review-gpt"
CLASSIFIER = HOME / "models/movie-sentiment-classifier"
PROMPTS = HOME / "presets/movie-sentiment/prompts.txt"
CLASS_PATH = f"{HOME}/ema-service/target/classes:{HOME}/learner-service/target/quarkus-app/lib/main/*"

WARM_UP_SECONDS = 8  # of processor time
# What `elastic-reset run` gives its services, for both sides: threads that do not spin, memory that is kept.
SETTINGS = {
    "OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "0",
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20), "MALLOC_TRIM_THRESHOLD_": str(256 << 20),
}


class Program:
    """One side of a row: waits for a line, works, answers with seconds."""

    def __init__(self, command, environment):
        self.process = subprocess.Popen(
            [str(word) for word in command], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def turn(self, calls):
        """Seconds of a call by the clock, and of all processors together."""
        before, seconds = self.processor_seconds(), 0
        for _ in range(calls):
            seconds += self.call()
        return seconds / calls, (self.processor_seconds() - before) / calls

    def warm_up(self, calls):
        """Loads, compiles, caches and allocates what a run does once."""
        self.turn(1)
        begin = self.processor_seconds()
        while self.processor_seconds() < begin + WARM_UP_SECONDS:
            self.turn(calls)

    def call(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        for answer in self.process.stdout:
            if answer[0].isdigit():
                return float(answer)
        sys.exit(f"ended with status {self.process.wait()}: {self.process.args}")

    def processor_seconds(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def middle(values, form):
    return f"{statistics.median(values):{form}} ({min(values):{form}}–{max(values):{form}})"


class Comparison:
    def __init__(self, classes, repetitions, threads):
        self.environment = os.environ | SETTINGS | {"OMP_NUM_THREADS": str(threads)}
        self.classes, self.repetitions = classes, repetitions
        subprocess.run(["javac", "-proc:none", "-d", classes, "-cp", CLASS_PATH, HERE / "Ours.java"], check=True)

    def java(self, *arguments):
        return ["java", "-Xmx4g", "-XX:+UseSerialGC", "-Dai.djl.offline=true", "-cp", f"{self.classes}:{CLASS_PATH}", "org.elasticreset.ema.Ours", *arguments]

    def python(self, *arguments):
        return [sys.executable, HERE / "peer.py", *arguments]

    def rollouts(self, model, size):
        path = Path(self.classes) / f"rollouts-{Path(model).name}"
        if not path.exists():
            subprocess.run([str(word) for word in self.java("rollouts", model, PROMPTS, size, path)], env=self.environment, check=True, stderr=subprocess.DEVNULL)
        return path

    def row(self, name, unit, amount, calls, ours, peer):
        sides = [Program(ours, self.environment), Program(peer, self.environment)]
        for side in sides:
            side.warm_up(calls)
        turns = [[side.turn(calls) for side in sides] for _ in range(self.repetitions)]
        for side in sides:
            side.close()
        rates = [statistics.median(amount / turn[side][0] for turn in turns) for side in (0, 1)]
        by_clock, by_processor = ([theirs[i] / ours[i] for ours, theirs in turns] for i in (0, 1))
        print(f"| {name} | {rates[0]:,.3g} | {rates[1]:,.3g} | {unit} | {middle(by_clock, '.2f')} | {middle(by_processor, '.2f')} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", help="those whose name begins so; default: all")
    parser.add_argument("--repetitions", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as classes:
        comparison = Comparison(classes, given.repetitions, given.threads)
        print("| | ours | peer | | by the clock | by processor time |\n|---|---|---|---|---|---|")
        for name, unit, amount, calls, task, peer, model, size in ROWS:
            if not given.rows or any(name.startswith(wanted) for wanted in given.rows):
                path = comparison.rollouts(GPT, 64)
                if task == "score":
                    path = f"{path}.txt"
                side = comparison.java if peer == "copy" else comparison.python
                comparison.row(name, unit, amount, calls, comparison.java(task, model, path, size), side(peer, model, path, size))


# Name, unit, amount of a call, calls of a turn, our task and the peer's, model, and size: a batch, or weights.
ROWS = [
    ("training step", "tokens trained on/s", 4 * 32 * 40, 1, "train", "train", GPT, 32),
    ("generation, batch 16", "new tokens/s", 16 * 48, 4, "generate", "generate", GPT, 16),
    ("generation, batch 64", "new tokens/s", 64 * 48, 2, "generate", "generate", GPT, 64),
    ("scoring, batch 16", "texts/s", 16, 20, "score", "score", CLASSIFIER, 16),
    ("scoring, batch 64", "texts/s", 64, 10, "score", "score", CLASSIFIER, 64),
    ("average of 2.6 M weights", "GB/s of weights", 4 * 2.6e-3, 50, "average", "average", GPT, 2_600_000),
    ("average of 124 M weights", "GB/s of weights", 4 * 124e-3, 2, "average", "average", GPT, 124_000_000),
    ("average of 124 M weights, a copy as peer", "GB/s of weights", 4 * 124e-3, 2, "average", "copy", GPT, 124_000_000),
]

if __name__ == "__main__":
    main()
