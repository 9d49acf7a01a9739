"""The real services around a policy that is nothing but its time: `./elastic-reset simulate`, and what it writes."""
import json
import subprocess
from pathlib import Path

IN_FLIGHT = (64, 256, 1024)  # rollouts of a step, all of which are admitted at once
# Two workers with two batches each generate for a second, and the learner learns for one.
SLEEPS = ["--prompts-per-step", "64", "--batch", "16", "--latency", "generate=500ms", "learn=1s"]


def simulate(home, runs, name, options):
    command = [str(Path(home) / "elastic-reset"), "simulate", "--runs", str(runs), "--name", name, *options]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\nended with status {done.returncode} (expected: 0); it said:\n{done.stdout[-2000:]}")
    return json.loads((Path(runs) / name / "simulation.json").read_text())


def turn(home, runs, number, quick, log):
    """One of each: without compute for each number of rollouts, and with sleeps that do not or do overlap."""
    steps = ["--steps", "8", "--warm-up-steps", "3"] if quick else []
    sizes = IN_FLIGHT[:2] if quick else IN_FLIGHT
    log(f"simulations {number}")
    return {
        "in_flight": {str(size): simulate(home, runs, f"in-flight-{number}-{size}", ["--prompts-per-step", str(size), *steps]) for size in sizes},
        "staleness": [simulate(home, runs, f"staleness-{number}-{bound}", [*SLEEPS, "--max-staleness", str(bound), *steps]) for bound in (0, 1)],
    }


def rate(simulation):
    """Rollouts a second; each is a record of three topics, in batches or alone."""
    return simulation["measured"]["rollouts"] / simulation["measured"]["seconds"]


def milliseconds(simulation):
    """Of a step."""
    return 1000 * simulation["measured"]["seconds"] / simulation["measured"]["steps"]


def rows(turns):
    most = max(turns[0]["in_flight"], key=int)
    return [
        {
            "work": f"messages without compute, {int(most):,} rollouts a step", "unit": "rollouts/s", "peer_name": "", "peer": [],
            "ours": [rate(turn["in_flight"][most]) for turn in turns], "aim": None,
        },
        {
            "work": "`max-staleness: 1`, a second each of generating and learning", "unit": "rollouts/s", "peer_name": "`max-staleness: 0`; 2 is possible",
            "peer": [rate(turn["staleness"][0]) for turn in turns], "ours": [rate(turn["staleness"][1]) for turn in turns], "aim": None,
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
