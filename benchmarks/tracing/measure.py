#!/usr/bin/env python3
"""Measures what tracing costs a run, the figures of docs/tracing.md: tokens a second, peak memory and core-seconds of the
services with every step traced, over those without, and whether metrics.jsonl is the same.

    mvn -Dquick -DskipTests package
    python3 benchmarks/tracing/measure.py PAIRS [OPTIONS OF run]       such as 5 --steps 20

The two are run in turn. A collector that takes all and keeps nothing listens on port 4318. Linux, standard library only.
"""
import http.server
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]
TICKS = os.sysconf('SC_CLK_TCK')
SERVICE = re.compile(r'/([a-z0-9-]+)/service\.properties')
COLLECTOR = 'http://127.0.0.1:4318'
# Who joins first, and so whether a batch is delivered twice, is a matter of time, too.
OF_THE_CLOCK = ('time', 'tokens_per_second', 'dropped')


class Collector(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    received = 0

    def do_POST(self):
        Collector.received += len(self.rfile.read(int(self.headers.get('Content-Length', 0))))
        self.send_response(200)
        self.send_header('Content-Length', '0')
        self.end_headers()

    def log_message(self, *arguments):
        pass


def look(runs, seen):
    """Peak MiB and core-seconds of each service, as far as it has come."""
    for process in Path('/proc').glob('[0-9]*'):
        try:
            command = (process / 'cmdline').read_text()
            service = SERVICE.search(command)
            if not service or str(runs) not in command:
                continue
            peak = int(re.search(r'VmHWM:\s+(\d+)', (process / 'status').read_text()).group(1)) / 1024
            fields = (process / 'stat').read_text().rsplit(')', 1)[1].split()
            seen[service.group(1)] = (peak, (int(fields[11]) + int(fields[12])) / TICKS)
        except (OSError, AttributeError):
            pass  # It has just ended.


def run(options):
    seen = {}
    with tempfile.TemporaryDirectory() as runs:
        launcher = subprocess.Popen(
            [HOME / 'elastic-reset', 'run', '--name', 'measured', '--runs', runs, *options],
            stdout=subprocess.DEVNULL)
        while launcher.poll() is None:
            look(runs, seen)
            time.sleep(0.5)
        if launcher.returncode != 0:
            sys.exit(f'elastic-reset run: exit code {launcher.returncode} (expected: 0)')
        lines = [json.loads(line) for line in Path(runs, 'measured', 'metrics.jsonl').open()]
    # The first steps are those of a JVM that compiles.
    tokens = [line['tokens_per_second'] for line in lines if line['event'] == 'step'][3:]
    figures = [{k: v for k, v in line.items() if k not in OF_THE_CLOCK} for line in lines]
    return statistics.median(tokens), seen, figures


def main(pairs, options):
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 4318), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    off, on = [], []
    for pair in range(pairs):
        for traced in (False, True) if pair % 2 == 0 else (True, False):
            (on if traced else off).append(run([*options, *(['--trace', COLLECTOR] if traced else [])]))
    ratios = [b[0] / a[0] for a, b in zip(off, on)]
    print(f'tokens a second, traced over not: median {statistics.median(ratios):.3f} of', [round(r, 3) for r in ratios])
    for service in sorted(off[0][1]):
        peak, cpu = ([statistics.median(r[1][service][i] for r in runs) for runs in (off, on)] for i in (0, 1))
        print(f'{service}: {peak[0]:.0f} MiB, traced {peak[1]:.0f}; {cpu[0]:.1f} core-seconds, traced {cpu[1]:.1f}')
    print('metrics are the same:', all(r[2] == off[0][2] for r in off + on))
    print('bytes of spans a traced run:', Collector.received // pairs)


if __name__ == '__main__':
    main(int(sys.argv[1]), sys.argv[2:])
