#!/usr/bin/env python3
"""A crowd of raters at the reward-service of a run, by HTTP, as the page calls it. Python's standard library only.

    benchmarks/raters/http_crowd.py --raters 500 --requests 2000 --median 2.0

Starts a run of one step in which people are asked about every prompt, and rates all of it: 5 % of the raters choose by
chance, 1 % choose what is wrong, 3 % of the answers are said twice or withdrawn and said again, and the time to an answer is
log-normal. What is right is the longer response; gold questions follow the same rule. Prints a table of Markdown.
"""
import argparse
import collections
import http.client
import json
import math
import pathlib
import random
import re
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.parse

HOME = pathlib.Path(__file__).resolve().parents[2]
SPREAD = 0.8  # of the logarithm of the time to an answer
GOLD = 40


class Rater(threading.Thread):
    def __init__(self, name, key, address, kind, median, seed, figures):
        super().__init__(daemon=True)
        self.name_, self.key, self.address, self.kind, self.median = name, key, address, kind, median
        self.random = random.Random(seed)
        self.accuracy = {"honest": self.random.uniform(0.85, 0.99), "random": 0.5, "adversary": 0.02}[kind]
        self.figures = figures
        self.revisions = collections.Counter()
        self.connection = None
        self.muted = False

    def call(self, method, path, body=None):
        begin = time.perf_counter()
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(self.address, timeout=30)
            self.connection.request(
                method, path, json.dumps(body) if body is not None else None,
                {"Authorization": "Bearer " + self.key, "Content-Type": "application/json"})
            response = self.connection.getresponse()
            text = response.read()
        except OSError:
            self.connection = None
            raise
        self.figures.call(method, response.status, time.perf_counter() - begin)
        return response.status, json.loads(text) if text else {}

    def say(self, request, answer):
        self.revisions[request] += 1
        body = {"requestId": request, "revision": self.revisions[request]} | answer
        status, _ = self.call("POST", "/api/ratings", body)
        if status == 202:
            self.figures.said()
        return body, status

    def answer(self, request):
        by_index = sorted(request["candidates"], key=lambda candidate: candidate["index"])
        first_is_right = len(by_index[0]["text"]) >= len(by_index[1]["text"])
        first = first_is_right == (self.random.random() < self.accuracy)
        ranks = {"ranks": [1, 2] if first else [2, 1]}
        body, status = self.say(request["requestId"], ranks)
        chance = self.random.random()
        if status == 202 and chance < 0.015:
            self.call("POST", "/api/ratings", body)
            self.figures.repeat()
        elif status == 202 and chance < 0.03:
            if self.say(request["requestId"], {"withdrawn": True})[1] == 202:
                self.say(request["requestId"], ranks)

    def run(self):
        time.sleep(self.random.uniform(0, self.median))
        while not self.figures.over:
            try:
                status, asked = self.call("GET", "/api/rating-requests?max=1")
                if status == 403:
                    self.muted = True
                    return
                if status != 200 or not asked["requests"]:
                    time.sleep(1)
                    continue
                time.sleep(self.median * math.exp(SPREAD * self.random.gauss(0, 1)))
                self.answer(asked["requests"][0])
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(0.5)


class Figures:
    def __init__(self):
        self.lock = threading.Lock()
        self.over = False
        self.times = {"GET": [], "POST": []}
        self.statuses = collections.Counter()
        self.ratings = self.repeated = 0
        self.first = self.last = None

    def call(self, method, status, seconds):
        with self.lock:
            self.times[method].append(seconds)
            self.statuses[status] += 1

    def said(self):
        with self.lock:
            self.ratings += 1
            self.last = time.perf_counter()
            self.first = self.first or self.last

    def repeat(self):
        with self.lock:
            self.repeated += 1


def kinds(count):
    adversaries, clickers = max(1, round(count * 0.01)), round(count * 0.05)
    return ["adversary"] * adversaries + ["random"] * clickers + ["honest"] * (count - adversaries - clickers)


def memory(pattern):
    """Resident now and at most, MiB, of the process whose command line has the pattern."""
    pids = subprocess.run(["pgrep", "-f", pattern], capture_output=True, text=True).stdout.split()
    for pid in pids:
        try:
            status = pathlib.Path(f"/proc/{pid}/status").read_text()
        except OSError:
            continue
        if "java" in status.split("\n")[0]:
            found = dict(re.findall(r"(VmRSS|VmHWM):\s+(\d+)", status))
            return int(found["VmRSS"]) // 1024, int(found["VmHWM"]) // 1024
    return 0, 0


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] * 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--raters", type=int, default=500)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--overlap", type=int, default=3)
    parser.add_argument("--median", type=float, default=2.0, help="seconds to an answer")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", default=tempfile.mkdtemp(prefix="crowd-"))
    options = parser.parse_args()
    words = ["a", "plain", "text", "of", "some", "words", "that", "says", "little"]
    gold = pathlib.Path(options.runs) / "gold.jsonl"
    with gold.open("w") as out:
        for i in range(GOLD):
            texts = [f" Number {i}.", f" Number {i}: " + " ".join(words) + "."]
            out.write(json.dumps({
                "prompt": f"Question {i}:", "responses": texts if i % 2 else texts[::-1],
                "ranks": [2, 1] if i % 2 else [1, 2]}) + "\n")
    names = ",".join(f"rater-{i}" for i in range(options.raters)) + ",boss:operator"
    rollouts = 2 * math.ceil(options.requests / 8) * 8
    settings = [
        "raters.share=1", "raters.fallback=wait", f"raters.overlap={options.overlap}", "raters.most-open=1000000",
        f"raters.gold={gold}", "raters.gold-share=0.15", "raters.ratings-per-minute=600",
        f"rollout.per-step={rollouts}", "evaluation.every=1000", "ppo.epochs=1"]
    command = [str(HOME / "elastic-reset"), "run", "--raters", names, "--name", "crowd", "--steps", "1",
               "--runs", options.runs, "--seed", str(options.seed)]
    for setting in settings:
        command += ["--set", setting]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    links, said = {}, []
    for line in run.stdout:
        said.append(line)
        link = re.match(r"(\S+) \(\w+\) rates at http://(\S+)/rate#(\S+)", line)
        if link:
            links[link[1]] = (link[2], link[3])
        if "services are ready" in line:
            break
    threading.Thread(target=lambda: said.extend(run.stdout), daemon=True).start()
    figures = Figures()
    boss = Rater("boss", links["boss"][1], links["boss"][0], "honest", 1, 0, Figures())
    before = memory("reward-service/service.properties")
    most = 0
    while most < options.requests * 0.9 and run.poll() is None:  # all of the step is asked at once
        status, counts = boss.call("GET", "/api/rating-requests/open")
        most = max(most, counts.get("open", 0)) if status == 200 else most
        time.sleep(0.5)
    raters = [
        Rater(f"rater-{i}", links[f"rater-{i}"][1], links[f"rater-{i}"][0], kind, options.median,
              options.seed * 100_003 + i, figures)
        for i, kind in enumerate(kinds(options.raters))]
    for rater in raters:
        rater.start()
    muted, after = {}, before
    while run.poll() is None:
        try:
            status, report = boss.call("GET", "/api/raters")
            if status == 200:
                muted = {rater["rater"] for rater in report["raters"] if rater["muted"]}
            after = max(after, memory("reward-service/service.properties"), key=lambda pair: pair[1])
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(2)
    figures.over = True
    if run.returncode != 0:
        raise SystemExit("the run ended with %d\n%s" % (run.returncode, "".join(said[-20:])))
    directory = pathlib.Path(options.runs) / "crowd"
    metrics = [json.loads(line) for line in (directory / "metrics.jsonl").open()]
    step = next(line for line in metrics if line["event"] == "step")
    ratings = [json.loads(line) for line in (directory / "ratings.jsonl").open()]
    receipts = collections.Counter(line["receipt"] for line in ratings)
    of_kind = {kind: [r.name_ for r in raters if r.kind == kind] for kind in ("adversary", "random", "honest")}
    seconds = figures.last - figures.first
    rows = [
        ("raters", options.raters),
        (f"requests, each of {options.overlap} raters", rollouts // 2),
        ("most open at once", most),
        ("ratings that were answered with 202", figures.ratings),
        ("the same said again", figures.repeated),
        ("time from the first to the last", f"{seconds:.0f} s"),
        ("ratings a second", f"{figures.ratings / seconds:.0f}"),
        ("calls a second", f"{sum(map(len, figures.times.values())) / seconds:.0f}"),
    ]
    for method, what in (("GET", "asking what waits"), ("POST", "a rating, until Kafka has it")):
        times = figures.times[method]
        rows.append((f"{what}: median, 95 %, 99 %",
                     f"{statistics.median(times) * 1000:.0f}, {percentile(times, .95):.0f}, {percentile(times, .99):.0f} ms"))
    rows += [
        ("resident memory of the reward-service: before, at most", f"{before[0]}, {after[1]} MiB"),
        ("adversaries muted", f"{len(muted.intersection(of_kind['adversary']))} of {len(of_kind['adversary'])}"),
        ("raters by chance muted", f"{len(muted.intersection(of_kind['random']))} of {len(of_kind['random'])}"),
        ("honest raters muted", f"{len(muted.intersection(of_kind['honest']))} of {len(of_kind['honest'])}"),
        ("rollouts trained on people's word", f"{step.get('rewarded_by_people', 0)} of {rollouts}"),
        ("receipts", ", ".join(f"{name} {count}" for name, count in sorted(receipts.items()))),
        ("answers of HTTP", ", ".join(f"{status}: {count}" for status, count in sorted(figures.statuses.items()))),
    ]
    print("| | |\n|---|---|")
    for name, figure in rows:
        print(f"| {name} | {figure} |")


if __name__ == "__main__":
    main()
