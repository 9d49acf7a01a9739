"""The JMH benchmarks of benchmarks/jmh, in rounds: every benchmark once, then every one again, so that a repetition
compares neighbours in time. From their figures come rows, parts and curves."""
import json
import subprocess
from pathlib import Path

SHIPPED, MIDDLE, SMALL = 2_600_000, 40_000_000, 124_000_000
NANOS = 1e9

# What is measured: names (a pattern of JMH), parameters, and those of a quick run.
PLAN = [
    ("WeightsBenchmark|UploadBenchmark", {"weights": [SHIPPED, SMALL]}, {"weights": [300_000, 600_000]}),
    ("FanOutBenchmark", {"weights": [MIDDLE], "workers": [1, 2, 4, 8]}, {"weights": [300_000], "workers": [1, 2]}),
    ("StepCollectorBenchmark", {"rollouts": [32, 512, 8192]}, {"rollouts": [32, 64]}),
    ("MessagesBenchmark|AdvantagesBenchmark", {"rollouts": [16, 64, 512]}, {"rollouts": [16, 64]}),
    ("TokenizerBenchmark", {}, {}),
]


class Micro:
    """Figures by benchmark and parameters: nanoseconds of a call, one for each round."""

    def __init__(self, figures):
        self.figures = figures

    def nanos(self, benchmark, **parameters):
        return self.figures[key(benchmark, parameters)]

    def amounts(self, benchmark, name, **fixed):
        """Values of a parameter that were measured, in order."""
        found = [dict(parameters) for at, parameters in self.figures if at == benchmark]
        return sorted(p[name] for p in found if all(p.get(k) == v for k, v in fixed.items()))


def key(benchmark, parameters):
    return benchmark, tuple(sorted(parameters.items()))


def read(rounds):
    """From what JMH wrote in each round."""
    figures = {}
    for written in rounds:
        for result in written:
            benchmark = ".".join(result["benchmark"].split(".")[-2:])
            parameters = {name: int(value) for name, value in result.get("params", {}).items()}
            unit = result["primaryMetric"]["scoreUnit"]
            if unit != "ns/op":
                raise ValueError(f"{benchmark}: {unit} (expected: ns/op)")
            figures.setdefault(key(benchmark, parameters), []).append(result["primaryMetric"]["score"])
    return Micro(figures)


def class_path(home):
    """Of the benchmarks in Java, as a build left them."""
    built = Path(home) / "benchmarks/jmh/target"
    return f"{built}/test-classes:{(built / 'class-path').read_text()}"


def run(home, work, repetitions, quick, log):
    module, classes = Path(home) / "benchmarks/jmh", class_path(home)
    length = ["-wi", "0", "-i", "1", "-r", "20ms", "-f", "0"] if quick else []
    rounds = []
    for repetition in range(repetitions):
        written = []
        for pattern, parameters, little in PLAN:
            log(f"JMH {repetition + 1} of {repetitions}: {pattern}")
            out = Path(work) / "jmh.json"
            chosen = little if quick else parameters
            options = [word for name, values in chosen.items() for word in ("-p", f"{name}={','.join(map(str, values))}")]
            done = subprocess.run(
                ["java", "-Xmx8g", "-cp", classes, "org.openjdk.jmh.Main", pattern, "-foe", "true", "-rf", "json", "-rff", out, *options, *length],
                cwd=module, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            )
            if done.returncode:
                raise SystemExit(f"JMH {pattern}: status {done.returncode} (expected: 0); it said:\n{done.stdout[-2000:]}")
            written += json.loads(out.read_text())
        rounds.append(written)
    return read(rounds)


def gigabytes(weights, nanos, times=1):
    """GB/s of so many float32 weights."""
    return [4 * weights * times / taken for taken in nanos]


def rows(micro):
    """What has an aim."""
    made = []
    for weights in micro.amounts("WeightsBenchmark.average", "weights"):
        average = micro.nanos("WeightsBenchmark.average", weights=weights)
        copy = micro.nanos("WeightsBenchmark.copy", weights=weights)
        made.append(row(f"average of {millions(weights)} weights, by weights", gigabytes(weights, average), gigabytes(weights, copy), "a copy of them", None))
        moved = [figure * 3 for figure in gigabytes(weights, average)], [figure * 2 for figure in gigabytes(weights, copy)]
        made.append(row("… by bytes that move: 12 a weight, of a copy 8", *moved, "a copy of them", ratio(0.9)))
    for weights in micro.amounts("UploadBenchmark.update", "weights"):
        raw = gigabytes(weights, micro.nanos("UploadBenchmark.raw", weights=weights))
        aim = {"of": "ours", "at_least": 1.5}
        made.append(row(f"upload of an update, {millions(weights)}", gigabytes(weights, micro.nanos("UploadBenchmark.update", weights=weights)), raw, "raw gRPC", aim))
        made.append(row(f"… with its snapshot, {millions(weights)}", gigabytes(weights, micro.nanos("UploadBenchmark.checkpointed", weights=weights)), raw, "raw gRPC", None))
    for weights in sorted(set(micro.amounts("FanOutBenchmark.fetch", "weights"))):
        most = max(micro.amounts("FanOutBenchmark.fetch", "workers", weights=weights))
        fetched = lambda what, workers: gigabytes(weights, micro.nanos(f"FanOutBenchmark.{what}", weights=weights, workers=workers), workers)  # noqa: E731
        made.append(row(f"fan-out to {most} workers, {millions(weights)}", fetched("fetch", most), fetched("fetch", 1), "one reader", ratio(4)))
        made.append(row(f"… next to raw gRPC, {millions(weights)}", fetched("fetch", most), fetched("raw", most), f"{most} raw readers", None))
    return made


def ratio(bound):
    return {"of": "ratio", "at_least": bound}


def row(work, ours, peer, peer_name, aim):
    return {"work": work, "unit": "GB/s", "ours": ours, "peer": peer, "peer_name": peer_name, "aim": aim}


def millions(weights):
    return f"{weights / 1e6:g} M"


def parts(micro):
    """Every other figure, in microseconds."""
    shown = []
    for (benchmark, parameters), nanos in sorted(micro.figures.items()):
        if not benchmark.startswith(("UploadBenchmark", "FanOutBenchmark")):
            words = ", ".join(f"{value:,} {name}" for name, value in parameters)
            shown.append({"work": f"`{benchmark}`" + (f", {words}" if words else ""), "unit": "µs", "ours": [taken / 1000 for taken in nanos]})
    return shown


def curves(micro):
    """How cost grows with parameters, workers and rollouts in flight."""
    grown = [
        ("averaging", "WeightsBenchmark.average", "weights", {}),
        ("digesting", "WeightsBenchmark.digest", "weights", {}),
        ("uploading an update", "UploadBenchmark.update", "weights", {}),
        ("collecting a step", "StepCollectorBenchmark.collect", "rollouts", {}),
        ("parsing a batch", "MessagesBenchmark.parse", "rollouts", {}),
        ("advantages", "AdvantagesBenchmark.generalizedEstimation", "rollouts", {}),
    ]
    for weights in sorted(set(micro.amounts("FanOutBenchmark.fetch", "weights"))):
        grown.append((f"fetching {millions(weights)} at once", "FanOutBenchmark.fetch", "workers", {"weights": weights}))
    return [
        {
            "work": work, "unit": "ms", "grows": name,
            "amounts": micro.amounts(benchmark, name, **fixed),
            "costs": [[taken / 1e6 for taken in micro.nanos(benchmark, **{name: amount}, **fixed)] for amount in micro.amounts(benchmark, name, **fixed)],
        }
        for work, benchmark, name, fixed in grown
    ]
