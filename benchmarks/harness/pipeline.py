"""A whole run by the launcher, measured from outside: what its services count, log and record, and what they take of memory.

The pipeline's tax is (loop − computing) / loop. The loop is the learner's time in all phases but starting, paused and ended.
Computing is optimising and evaluating, generation of the busier worker, and scoring, as if these two never overlapped; so
the tax is at least what is told here. The latency of a reset is from the ema-service's decision, as its audit trail
records it, to the end of the first batch that is generated with the new epoch, as workers log it; a training step is from
one step's event to the next, where neither an evaluation nor a reset lies between.
"""
import json
import os
import re
import statistics
import subprocess
import time
import urllib.request
from datetime import datetime, timezone
from pathlib import Path

from harness import results

POLL_SECONDS = 1  # more often, five services that print all their meters take a share of the cores that can be seen
COMPUTING, LOOP = ("optimising", "evaluating"), ("optimising", "evaluating", "waiting", "uploading", "checkpointing")
SAMPLE = re.compile(r'^(\w+)(?:\{(.*)\})? ([-+.\deE]+|NaN)$', re.MULTILINE)
GENERATED = re.compile(r"^(\S+ \S+?),(\d{3}) .* batch generated .*\bepoch=(\d+)\b", re.MULTILINE)


def counters(text):
    """Prometheus text as a dictionary of name, or name and the value of its one label."""
    found = {}
    for name, labels, value in SAMPLE.findall(text):
        label = re.fullmatch(r'\w+="([^"]*)",?', labels)
        found[name, label.group(1) if label else labels] = float(value)
    return found


def tax(learner, workers, scorer):
    """From the counters of a learner, of each worker and of the reward-service."""
    phases = {phase: learner["learner_phase_seconds_total", phase] for phase in LOOP}
    generating = max(worker["rollout_generation_seconds_sum", ""] for worker in workers)
    computing = sum(phases[phase] for phase in COMPUTING) + generating + scorer["reward_scoring_seconds_sum", ""]
    loop = sum(phases.values())
    return {"share": (loop - computing) / loop, "loop": loop, "computing": computing, "generating": generating, **phases}


def instant(text):
    return datetime.fromisoformat(re.sub(r"(\.\d{6})\d*Z$|Z$", r"\1+00:00", text)).timestamp()


def lines(text):
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def first_of_epochs(log, zone=None):
    """When a worker's first batch of each epoch was there; its log has the local time of the machine."""
    first = {}
    for at, millis, epoch in GENERATED.findall(log):
        when = datetime.strptime(at, "%Y-%m-%d %H:%M:%S").replace(tzinfo=zone).timestamp() + int(millis) / 1000
        first[int(epoch)] = min(first.get(int(epoch), when), when)
    return first


def resets(audit, logs, zone=None):
    """Seconds from each decision to the first batch of the new epoch, where there was one."""
    firsts = [first_of_epochs(log, zone) for log in logs]
    latencies = []
    for entry in lines(audit):
        if entry["action"] == "reset-done":
            arrived = [first[entry["reset_epoch"]] for first in firsts if entry["reset_epoch"] in first]
            if arrived:
                latencies.append(min(arrived) - instant(entry["time"]))
    return latencies


def steps(metrics):
    """Seconds of the steps that are nothing but steps."""
    events = lines(metrics)
    return [
        instant(event["time"]) - instant(before["time"])
        for before, event in zip(events, events[1:])
        if before["event"] == event["event"] == "step"
    ]


class Run:
    """One run of the preset; scraped while it goes on, read when it has ended."""

    SERVICES = ("ema-service", "learner-service", "reward-service", "rollout-service")

    def __init__(self, home, runs, name, settings, base_port):
        self.directory = Path(runs) / name
        self.ports = dict(zip(self.SERVICES, range(base_port, base_port + len(self.SERVICES))))
        self.ports["rollout-service 2"] = base_port + len(self.SERVICES)
        self.scraped, self.peaks = {}, {}
        keys = {"ema.http-port": "ema-service", "learner.http-port": "learner-service", "reward.http-port": "reward-service", "rollout.http-port": "rollout-service"}
        chosen = {"rollout.workers": 2, "max-staleness": 0, **{key: self.ports[service] for key, service in keys.items()}, **settings}
        words = [word for key, value in chosen.items() for word in ("--set", f"{key}={value}")]
        self.command = [str(Path(home) / "elastic-reset"), "run", "--name", name, "--runs", str(runs), *words]

    def go(self):
        with open(self.directory.parent / f"{self.directory.name}.out", "w") as out:
            launcher = subprocess.Popen(self.command, stdout=out, stderr=subprocess.STDOUT)
            while launcher.poll() is None:
                self.look(launcher.pid)
                time.sleep(POLL_SECONDS)
        if launcher.returncode:
            raise SystemExit(f"{' '.join(self.command)}\nended with status {launcher.returncode} (expected: 0); it said:\n{Path(out.name).read_text()[-2000:]}")

    def look(self, launcher):
        for service, port in self.ports.items():
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/q/metrics", timeout=1) as answer:
                    self.scraped[service] = counters(answer.read().decode())
            except OSError:
                pass  # not there yet, or not any more: what it said last counts
        for pid, name in descendants(launcher).items():
            try:
                peak = results.peak_mib(Path(f"/proc/{pid}/status").read_text())
            except OSError:
                continue
            self.peaks[name] = max(self.peaks.get(name, 0), peak)

    def figures(self):
        workers = [self.scraped[name] for name in ("rollout-service", "rollout-service 2")]
        logs = [path.read_text() for path in sorted((self.directory / "logs").glob("rollout-service-*.log"))]
        metrics = (self.directory / "metrics.jsonl").read_text()
        return {
            "tax": tax(self.scraped["learner-service"], workers, self.scraped["reward-service"]),
            "resets": resets((self.directory / "audit.jsonl").read_text(), logs),
            "steps": steps(metrics),
            "memory": self.peaks,
        }


def descendants(launcher):
    """Java processes of a launcher and of what it started, by what they are."""
    children, names = {}, {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                parent = int(Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry))
            except OSError:
                pass
    waiting = [launcher]
    while waiting:
        pid = waiting.pop()
        waiting += children.get(pid, [])
        try:
            words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
        except OSError:
            continue
        service = next((service for service in Run.SERVICES if any(f"/{service}/" in word for word in words)), None)
        if service or "org.elasticreset.cli.ElasticResetCommand" in words:
            names[pid] = service or "launcher, with the broker"
    return names


def rows(runs):
    """Of the figures of several runs."""
    step = [statistics.median(run["steps"]) for run in runs if run["steps"]]
    latency = [statistics.median(run["resets"]) for run in runs if run["resets"]]
    made = [
        {
            "work": "pipeline tax, movie preset, `max-staleness: 0`", "unit": "", "peer_name": "0", "peer": [],
            "ours": [run["tax"]["share"] for run in runs], "aim": {"of": "ours", "at_most": 0.03},
        }
    ]
    if latency and len(latency) == len(step):
        made.append(
            {
                "work": "reset: from the decision to the first rollouts of the new epoch", "unit": "s", "peer_name": "a training step",
                "ours": latency, "peer": step, "aim": {"of": "ratio", "at_most": 1},
            }
        )
    return made


def memory(runs):
    """Peaks of each kind of process, one for each run."""
    names = sorted({name for run in runs for name in run["memory"]})
    return {name: [run["memory"][name] for run in runs if name in run["memory"]] for name in names}
