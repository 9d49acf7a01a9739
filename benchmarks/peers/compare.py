#!/usr/bin/env python3
"""Times Elastic Reset beside its peers, in turn: A B A B ... on the same model files, inputs, threads and cores.

    python3 -m venv VENV && VENV/bin/pip install -r benchmarks/peers/requirements.txt
    VENV/bin/python benchmarks/peers/compare.py [--repetitions 7] [ROW ...]

Both programs of a row stay alive and wait for their turn, so that each repetition compares neighbours in time and
neither is measured while it starts. A ratio is the time of the peer's turn over that of ours; printed are the median
and, in brackets, the least and the greatest. Processor time says more than the clock where other work shares the cores.
benchmarks/run-all takes the same rows into the tables of docs/performance.md.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = HERE.parent.parent
sys.path.insert(0, str(HERE.parent))

from harness import results  # noqa: E402
from peers import random_gpt2  # noqa: E402

GPT = HOME / "models/movie-review-gpt"
SMALL = "gpt2-124m"  # made where it is measured
CLASSIFIER = HOME / "models/movie-sentiment-classifier"
PROMPTS = HOME / "presets/movie-sentiment/prompts.txt"
CLASS_PATH = f"{HOME}/ema-service/target/classes:{HOME}/learner-service/target/quarkus-app/lib/main/*"

EPOCHS = 4
MULTIPLIED = 2048  # rows and columns of the plain product
WARM_UP_SECONDS = 8  # of processor time
# What `elastic-reset run` gives its services, for both sides: threads that do not spin, memory that is kept.
SETTINGS = {
    "OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "0",
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20), "MALLOC_TRIM_THRESHOLD_": str(256 << 20),
}


@dataclass(frozen=True)
class Row:
    """What is timed. A call of ours does `amount` of the unit, one of the peer's `peer_amount`, the same if it is None."""

    work: str
    unit: str
    amount: float
    calls: int
    task: str
    model: object
    size: int
    peer: str
    peer_name: str
    aim: object
    peer_amount: float = None
    peer_is_ours: bool = False  # runs in a program of ours, and needs no Python packages
    products: object = None  # the aim of a second row: its arithmetic by the same turns, next to a plain product


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

    def warm_up(self, calls, processor_seconds):
        """Loads, compiles, caches and allocates what a run does once."""
        self.turn(1)
        begin = self.processor_seconds()
        while self.processor_seconds() < begin + processor_seconds:
            self.turn(calls)

    def call(self):
        try:
            self.process.stdin.write("\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # it says below with what it ended
        for answer in self.process.stdout:
            if answer[0].isdigit():
                return float(answer)
        sys.exit(f"ended with status {self.process.wait()} (expected: seconds on its output; run it by hand to see why): {' '.join(self.process.args)}")

    def processor_seconds(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self):
        """Ends it; the most memory that it had, in MiB."""
        peak = results.peak_mib(Path(f"/proc/{self.process.pid}/status").read_text())
        self.process.stdin.close()
        self.process.wait()
        return peak


class Comparison:
    """Rows, one after the other. Without `python` our sides alone."""

    def __init__(self, work, repetitions, threads, python=None, warm_up=WARM_UP_SECONDS, log=print):
        self.work, self.repetitions, self.python, self.warm_up, self.log = Path(work), repetitions, python, warm_up, log
        self.environment = os.environ | SETTINGS | {"OMP_NUM_THREADS": str(threads)}
        self.classes = self.work / "classes"
        self.classes.mkdir(exist_ok=True)
        subprocess.run(["javac", "-proc:none", "-d", self.classes, "-cp", CLASS_PATH, HERE / "Ours.java"], check=True)

    def java(self, *arguments):
        return ["java", "-Xmx4g", "-XX:+UseSerialGC", "-Dai.djl.offline=true", "-cp", f"{self.classes}:{CLASS_PATH}", "org.elasticreset.ema.Ours", *arguments]

    def model(self, model):
        return random_gpt2.make(self.work / SMALL, random_gpt2.SMALL, GPT) if model == SMALL else model

    def rollouts(self, size):
        """Of the shipped model, for every model: its tokens are tokens of the larger one, too."""
        path = self.work / f"rollouts-{size}"
        if not path.exists():
            subprocess.run([str(word) for word in self.java("rollouts", GPT, PROMPTS, size, path)], env=self.environment, check=True, stderr=subprocess.DEVNULL)
        return path

    def training_gflop(self, model, size):
        """What a training step takes, in 10⁹ multiplications and additions."""
        config = json.loads((self.model(model) / "config.json").read_text())
        lines = self.rollouts(64).read_text().splitlines()[:size]
        lengths = [[len(part.split()) for part in line.split(" | ")[:2]] for line in lines]
        return random_gpt2.training_flops(config, lengths, EPOCHS) / 1e9

    def measure(self, row):
        """The row as the results have it, and the one of its products if it has that."""
        self.log(row.work)
        rollouts, model = self.rollouts(64), self.model(row.model)
        path = f"{rollouts}.txt" if row.task == "score" else rollouts
        sides = {"ours": Program(self.java(row.task, model, path, row.size), self.environment)}
        if row.peer_is_ours:
            sides["peer"] = Program(self.java(row.peer, model, path, row.size), self.environment)
        elif self.python:
            sides["peer"] = Program([self.python, HERE / "peer.py", row.peer, model, path, row.size], self.environment)
        if row.products:
            sides["product"] = Program(self.java("multiply", model, path, MULTIPLIED), self.environment)
        for side in sides.values():
            side.warm_up(row.calls, self.warm_up)
        turns = [{name: side.turn(row.calls) for name, side in sides.items()} for _ in range(self.repetitions)]
        memory = {name: side.close() for name, side in sides.items()}
        measured = [self.beside(row.work, row.unit, row.amount, row.peer_name, row.aim, turns, memory, row.peer_amount)]
        if row.products:
            multiplied = [{"ours": turn["ours"], "peer": turn["product"]} for turn in turns]
            amounts = self.training_gflop(row.model, row.size), 2 * MULTIPLIED**3 / 1e9
            measured.append(self.beside(f"… its matrix products, {row.work.rpartition(', ')[2]}", "GFLOP/s", amounts[0], f"a product of {MULTIPLIED}²", row.products, multiplied, {}, amounts[1]))
        return measured

    @staticmethod
    def beside(work, unit, amount, peer_name, aim, turns, memory, peer_amount=None):
        """A row from turns of two sides, or of ours alone."""
        amounts = {"ours": amount, "peer": peer_amount or amount}
        rates = {name: [amounts[name] / turn[name][0] for turn in turns if name in turn] for name in amounts}
        made = {
            "work": work, "unit": unit, "peer_name": peer_name, "aim": aim, **rates,
            "peak_mib": [memory[name] for name in amounts if name in memory],
        }
        if rates["peer"]:
            processor = {name: [turn[name][1] / amounts[name] for turn in turns] for name in amounts}
            made["by_processor"] = [theirs / ours for ours, theirs in zip(processor["ours"], processor["peer"])]
        return made

    def grow(self, work, grows, points, calls=1):
        """A curve: a program for each point (amount, task, model, size), which take turns like the sides of a row."""
        self.log(f"{work}, by {grows}")
        programs = [Program(self.java(task, self.model(model), self.rollouts(64), size), self.environment) for _, task, model, size in points]
        for program in programs:
            program.warm_up(calls, self.warm_up)
        turns = [[1000 * program.turn(calls)[0] for program in programs] for _ in range(self.repetitions)]
        for program in programs:
            program.close()
        return {"work": work, "unit": "ms", "grows": grows, "amounts": [amount for amount, *_ in points], "costs": [list(costs) for costs in zip(*turns)]}


# Of GPT-2's layout, each about four times the one before it.
GROWING = [
    {"n_layer": layers, "n_head": width // 64, "n_embd": width, "n_positions": 256, "vocab_size": 8192}
    for layers, width in ((4, 192), (6, 384), (9, 640))
]
TOKENS = (16, 32, 64, 128, 224)  # with a prompt of 24 they fit the shipped model


def curves(comparison, quick):
    """How generation and a training step of 16 rollouts, a minibatch, grow with tokens and parameters."""
    tokens, shapes = (TOKENS[:2], GROWING[:2]) if quick else (TOKENS, GROWING)
    yield comparison.grow("generating 16 responses", "new tokens", [(amount, "generate-tokens", GPT, amount) for amount in tokens])
    yield comparison.grow("training on 16 responses", "tokens of a response", [(amount, "train-tokens", GPT, amount) for amount in tokens])
    for work, task in (("generating 16 responses of 40 tokens", "generate-tokens"), ("training on 16 responses of 40 tokens", "train-tokens")):
        models = [random_gpt2.make(comparison.work / f"gpt2-{shape['n_embd']}", shape, GPT) for shape in shapes]
        yield comparison.grow(work, "parameters", [(random_gpt2.parameters(shape), task, model, 40) for shape, model in zip(shapes, models)])


def at_least(ratio):
    return {"of": "ratio", "at_least": ratio}


def training(name, model, size):
    return Row(f"PPO training step, {name}", "tokens trained on/s", EPOCHS * size * 40, 1, "train", model, size, "train", "TRL 0.11.4", at_least(2), products=at_least(0.8))


def generation(name, model, size, calls, aim):
    return Row(f"generation, batch {size}, {name}", "new tokens/s", size * 48, calls, "generate", model, size, "generate", "transformers 4.57.6", at_least(aim))


SHIPPED_ROWS = [
    training("2.6 M", GPT, 32),
    generation("2.6 M", GPT, 16, 4, 3),
    generation("2.6 M", GPT, 64, 2, 3),
    *(Row(f"scoring, batch {size}", "texts/s", size, calls, "score", CLASSIFIER, size, "score", "transformers' pipeline", at_least(2)) for size, calls in ((16, 20), (64, 10))),
    Row("average of 2.6 M weights", "GB/s of weights", 4 * 2.6e-3, 50, "average", GPT, 2_600_000, "average", "torch_ema 0.3", at_least(2)),
]
LARGE_ROWS = [
    generation("124 M", SMALL, 16, 1, 2),
    generation("124 M", SMALL, 64, 1, 2),
    Row("average of 124 M weights", "GB/s of weights", 4 * 124e-3, 2, "average", GPT, 124_000_000, "average", "torch_ema 0.3", at_least(2)),
    # By bytes that move: an average reads two arrays and writes one, a copy reads one and writes one.
    Row("… next to a copy", "GB/s moved", 12 * 124e-3, 2, "average", GPT, 124_000_000, "copy", "a copy of them", at_least(0.9), 8 * 124e-3, True),
    training("124 M", SMALL, 16),  # last: as long as all the others together
]
ROWS = SHIPPED_ROWS + LARGE_ROWS


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", help="those whose name begins so; default: all")
    parser.add_argument("--repetitions", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        comparison = Comparison(work, given.repetitions, given.threads, sys.executable, log=lambda _: None)
        print(results.table_head())
        for row in ROWS:
            if not given.rows or any(row.work.startswith(wanted) for wanted in given.rows):
                print("\n".join(results.table_line(measured) for measured in comparison.measure(row)), flush=True)


if __name__ == "__main__":
    main()
