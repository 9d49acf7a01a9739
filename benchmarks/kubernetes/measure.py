#!/usr/bin/env python3
"""Measures what the processes of a run take, the table of docs/kubernetes.md: peak resident memory, and core-seconds
a step behind the first one.

    ./elastic-reset --version   # builds
    python3 benchmarks/kubernetes/measure.py STEPS [OPTIONS OF run] such as
    python3 benchmarks/kubernetes/measure.py 13 --preset movie-sentiment
    python3 benchmarks/kubernetes/measure.py --gpt2 DIRECTORY    makes a model of GPT-2 small's shape, random weights

Linux, standard library only. Prints a row of the table for each process: the preset's name, the process, MiB, core-seconds.
"""
import array
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]
TICKS = os.sysconf('SC_CLK_TCK')
SERVICE = re.compile(r'/([a-z0-9-]+)/service\.properties')


def processes(run):
    """Services of the run that are alive: pid by name."""
    alive = {}
    for folder in Path('/proc').glob('[0-9]*'):
        try:
            command = (folder / 'cmdline').read_bytes().decode(errors='replace')
        except OSError:
            continue
        found = SERVICE.search(command)
        if found and str(run) in command:
            alive[found.group(1)] = int(folder.name)
    return alive


def peak_mebibytes(pid):
    status = Path(f'/proc/{pid}/status').read_text()
    return int(re.search(r'VmHWM:\s+(\d+) kB', status).group(1)) / 1024


def core_seconds(pid):
    fields = Path(f'/proc/{pid}/stat').read_text().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def steps_done(run):
    try:
        return (run / 'metrics.jsonl').read_text().count('"event":"step"')
    except OSError:
        return 0


def measure(steps, options):
    runs = Path(tempfile.mkdtemp(prefix='measure'))
    run = runs / 'measured'
    log = tempfile.TemporaryFile('w+')
    launcher = subprocess.Popen(
        [HOME / 'elastic-reset', 'run', '--runs', runs, '--name', 'measured', '--steps', str(steps), *options],
        stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
    peak, at_first, at_last, done = {}, {}, {}, 0
    try:
        while launcher.poll() is None:
            done = max(done, steps_done(run))
            for name, pid in processes(run).items():
                try:
                    peak[name] = max(peak.get(name, 0), peak_mebibytes(pid))
                    spent = core_seconds(pid)
                except (OSError, AttributeError):
                    continue  # It ended meanwhile.
                if done >= 1:
                    at_first.setdefault(name, (done, spent))
                    at_last[name] = (done, spent)
            time.sleep(0.2)
        if launcher.returncode != 0:
            log.seek(0)
            sys.exit(f'run ended with {launcher.returncode}: {log.read()[-2000:]}')
    finally:
        launcher.kill()
        shutil.rmtree(runs, ignore_errors=True)
    label = next((b for a, b in zip(options, options[1:]) if a in ('--preset', '--name')), 'run')
    for name in sorted(peak):
        (first, before), (last, after) = at_first[name], at_last[name]
        each = f'{(after - before) / (last - first):.2f}' if last > first else ''
        print(f'| {label} | {name} | {peak[name]:.0f} | {each} |', flush=True)


def random_gpt2(directory):
    """A directory with the tokenizer of a shipped model and random weights."""
    d, layers, vocabulary, positions = 768, 12, 50257, 1024
    directory.mkdir(parents=True, exist_ok=True)
    shipped = HOME / 'models/movie-review-gpt'
    for file in shipped.iterdir():
        if file.suffix in ('.json', '.txt') and not file.name.startswith('model'):
            shutil.copy(file, directory)
    config = json.loads((shipped / 'config.json').read_text())
    config.update(n_embd=d, n_head=12, n_layer=layers, n_positions=positions, n_ctx=positions, n_inner=4 * d,
                  vocab_size=vocabulary)
    (directory / 'config.json').write_text(json.dumps(config))
    shapes = {'wte.weight': [vocabulary, d], 'wpe.weight': [positions, d]}
    for layer in range(layers):
        shapes |= {
            f'h.{layer}.{name}': shape
            for name, shape in {
                'ln_1.weight': [d], 'ln_1.bias': [d],
                'attn.c_attn.weight': [d, 3 * d], 'attn.c_attn.bias': [3 * d],
                'attn.c_proj.weight': [d, d], 'attn.c_proj.bias': [d],
                'ln_2.weight': [d], 'ln_2.bias': [d],
                'mlp.c_fc.weight': [d, 4 * d], 'mlp.c_fc.bias': [4 * d],
                'mlp.c_proj.weight': [4 * d, d], 'mlp.c_proj.bias': [d],
            }.items()}
    shapes |= {'ln_f.weight': [d], 'ln_f.bias': [d]}
    header, offset = {}, 0
    for name, shape in shapes.items():
        size = 4 * shape[0] * (shape[1] if len(shape) > 1 else 1)
        header[f'transformer.{name}'] = {'dtype': 'F32', 'shape': shape, 'data_offsets': [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    text += b' ' * (-len(text) % 8)
    chance = random.Random(1)
    some = array.array('f', (chance.gauss(0, 0.02) for _ in range(99991)))
    ones = array.array('f', [1.0]) * d
    with open(directory / 'model.safetensors', 'wb') as out:
        out.write(len(text).to_bytes(8, 'little') + text)
        for name, shape in shapes.items():
            size = shape[0] * (shape[1] if len(shape) > 1 else 1)
            if re.search(r'ln_.*weight', name):
                ones.tofile(out)
            elif name.endswith('bias'):
                (array.array('f', [0.0]) * size).tofile(out)
            else:
                (some * (size // len(some) + 1))[:size].tofile(out)


if __name__ == '__main__':
    if len(sys.argv) == 3 and sys.argv[1] == '--gpt2':
        random_gpt2(Path(sys.argv[2]))
    elif len(sys.argv) > 1 and sys.argv[1].isdigit():
        measure(int(sys.argv[1]), sys.argv[2:])
    else:
        sys.exit(__doc__)
