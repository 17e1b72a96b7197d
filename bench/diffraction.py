"""Transforms of diffraction beside the same sums by numpy and scipy on one core, in one run: 4000 points of Q to 2000 of r.

Rounds alternate, so that a slow machine slows both; the ratio is the median over rounds of processor times.

    /usr/bin/python3 bench/diffraction.py build/release/bin/heteroglass_bench
"""

import json
import os
import statistics
import subprocess
import sys
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
from scipy.special import spherical_jn

Q = 0.005 * np.arange(1, 4001)
F = Q * np.exp(-0.01 * Q * Q)
R = 0.01 * np.arange(1, 2001)


def sine():
    return np.sin(np.outer(R, Q)) @ F


def bessel():
    return spherical_jn(2, np.outer(R, Q)) @ F


TASKS = {"sine_transform/1": (sine, 10), "bessel_transform_2/1": (bessel, 30)}


def own(program):
    out = subprocess.run(
        [program, "--benchmark_filter=(sine_transform|bessel_transform_2)/1", "--benchmark_format=json", "--benchmark_min_time=0.2"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return {b["name"].removesuffix("/real_time"): b["cpu_time"] for b in json.loads(out)["benchmarks"]}


def main(program, rounds=5):
    mine = {name: [] for name in TASKS}
    peers = {name: [] for name in TASKS}
    for _ in range(rounds):
        for name, ms in own(program).items():
            mine[name].append(ms)
        for name, (peer, _) in TASKS.items():
            start = time.process_time()
            peer()
            peers[name].append(1e3 * (time.process_time() - start))
    print(f"{'task':24}{'own / ms':>10}{'target':>8}{'peer / ms':>11}{'ratio':>8}")
    for name, (_, target) in TASKS.items():
        ratio = statistics.median(p / m for p, m in zip(peers[name], mine[name]))
        print(f"{name:24}{statistics.median(mine[name]):10.2f}{target:8}{statistics.median(peers[name]):11.1f}{ratio:8.1f}")


if __name__ == "__main__":
    main(sys.argv[1])
