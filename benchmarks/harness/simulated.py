"""The real services around a policy that is nothing but its time: `./elastic-reset simulate`, and what it writes."""
import json
import subprocess
from pathlib import Path

from harness import micro

IN_FLIGHT = (64, 256, 1024)  # rollouts of a step, all of which are admitted at once
# As in docs/scaling.md (a): nothing is computed and hardly a weight travels, so that messages are all there is. The
# compilers of five JVMs are about it for minutes: a quarter of the time after 200 steps still.
MESSAGES = [
    "--workers", "1", "--prompts-per-step", "4096", "--batch", "64", "--parameters", "1k", "--reset-every", "0", "--set", "checkpoint.every=100",
]
MESSAGES_STEPS = ["--steps", "800", "--warm-up-steps", "600"]
HOP_RECORDS = 200_000
# As in docs/scaling.md (b): a worker generates for two seconds and the learner learns for two. One worker, whose batch
# is the step: two seconds "on cores of their own" take five JVMs that are through with most of their compiling; of eight
# that had just begun each step had two seconds of processor besides. Weights go to the average and to the disk between
# two steps of the learner, so that next to a policy of 4 MB there is one of hardly any. By `max-staleness`, as long by
# the clock: two minutes of warming up, for the compilers are about it for so long.
SLEEPS = [
    "--workers", "1", "--partitions", "1", "--batch", "64", "--reset-every", "0", "--latency", "generate=2s", "learn=2s",
]
NO_WEIGHTS, MILLION_WEIGHTS = "1k", "1M"
SLEEPS_STEPS = {0: ["--steps", "40", "--warm-up-steps", "30"], 1: ["--steps", "70", "--warm-up-steps", "60"]}
QUICK_STEPS = ["--steps", "8", "--warm-up-steps", "3"]


def simulate(home, runs, name, options):
    command = [str(Path(home) / "elastic-reset"), "simulate", "--runs", str(runs), "--name", name, *options]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\nended with status {done.returncode} (expected: 0); it said:\n{done.stdout[-2000:]}")
    return json.loads((Path(runs) / name / "simulation.json").read_text())


def bare_hop(home, records):
    """As `measured` has it: so many records as long as a scored rollout from a producer to a consumer that do nothing else."""
    command = ["java", "-cp", micro.class_path(home), "org.elasticreset.benchmark.BareHop", str(records)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"BareHop ended with status {done.returncode} (expected: 0); it said:\n{done.stderr[-2000:]}")
    hop = json.loads(done.stdout.splitlines()[-1])
    return {"measured": hop | {"cpu": {"all": hop["processorSeconds"] / hop["rollouts"]}}}


def messages(home, runs, number, quick, log):
    """Nothing computed: as fast as it goes, and for each number of rollouts of a step."""
    sizes = IN_FLIGHT[:2] if quick else IN_FLIGHT
    log(f"messages {number}")
    return {
        "messages": simulate(home, runs, f"messages-{number}", [*MESSAGES, *(QUICK_STEPS if quick else MESSAGES_STEPS)]),
        "bare_hop": bare_hop(home, 1_000 if quick else HOP_RECORDS),
        "in_flight": {
            str(size): simulate(home, runs, f"in-flight-{number}-{size}", ["--prompts-per-step", str(size), *(QUICK_STEPS if quick else [])])
            for size in sizes
        },
    }


def overlap(weights, home, runs, number, quick, log):
    """Sleeps that do not overlap, and such that do."""
    log(f"overlap of {weights} weights {number}")
    options = [*SLEEPS, "--parameters", weights]
    return [
        simulate(home, runs, f"staleness-{weights}-{number}-{bound}", [*options, "--max-staleness", str(bound), *(QUICK_STEPS if quick else steps)])
        for bound, steps in SLEEPS_STEPS.items()
    ]


def rate(simulation):
    """Rollouts a second; each is a record of three topics, in batches or alone."""
    return simulation["measured"]["rollouts"] / simulation["measured"]["seconds"]


def processor(simulation):
    """Seconds a rollout, of all processes."""
    return sum(simulation["measured"]["cpu"].values())


def milliseconds(simulation):
    """Of a step."""
    return 1000 * simulation["measured"]["seconds"] / simulation["measured"]["steps"]


def message_rows(turns):
    return [
        {
            "work": "messages through prompts, rollouts and scored-rollouts, nothing computed", "unit": "rollouts/s",
            "peer_name": "one bare Kafka hop", "peer": [rate(turn["bare_hop"]) for turn in turns], "ours": [rate(turn["messages"]) for turn in turns],
            "by_processor": [processor(turn["bare_hop"]) / processor(turn["messages"]) for turn in turns], "aim": {"of": "ours", "at_least": 10_000},
        },
    ]


def overlap_rows(weights, turns):
    return [
        {
            "work": f"`max-staleness: 1`, two seconds each of generating and learning, {weights} weights", "unit": "rollouts/s", "peer_name": "`max-staleness: 0`; 2 is possible",
            "peer": [rate(apart) for apart, _ in turns], "ours": [rate(at_once) for _, at_once in turns], "aim": {"of": "ratio", "at_least": 1.95},
        },
    ]


def curves(turns):
    sizes = sorted(turns[0]["in_flight"], key=int)
    return [
        {
            "work": "a step without compute", "unit": "ms", "grows": "rollouts in flight", "amounts": [int(size) for size in sizes],
            "costs": [[milliseconds(turn["in_flight"][size]) for turn in turns] for size in sizes],
        }
    ]
