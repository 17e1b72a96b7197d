"""Speeds of relaxation/master_curve, spectrum, fit and of the KWW transform beside the same done with SciPy, in one run.

The SciPy side does less than the own one: the master curve without resampling, the spectrum with one smoothing by generalised
cross-validation and no credible band, the fit from given start values and without profile intervals. Rounds alternate, so that a slow machine slows both; the ratio is the median over rounds.

    /usr/bin/python3 bench/relaxation.py build/release/bin/heteroglass_bench
"""

import json
import math
import os
import statistics
import subprocess
import sys
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
from scipy.integrate import quad
from scipy.interpolate import BSpline
from scipy.optimize import least_squares, nnls


def isotherms(rng):
    """21 isotherms of Havriliak-Negami moduli, 10 frequencies each, 1 % noise: those of master_curve_bench.cpp."""
    curves = []
    for k in range(21):
        shift = 900 / (60 + 3 * k) - 10
        w = 10 ** (-1 + np.arange(10) / 3)
        m = 1 - (1 + (1j * w * np.exp(shift)) ** 0.8) ** -0.6
        curves.append((np.log(w), np.log(m.real) + 0.01 * rng.normal(size=10), np.log(m.imag) + 0.01 * rng.normal(size=10), shift))
    return curves


def master_curve():
    """Joint fit of all shifts and a penalised cubic spline for each modulus by scipy.optimize.least_squares."""
    curves = isotherms(np.random.default_rng(1))
    reference = 10
    start = np.array([c[3] + 0.3 * math.sin(k) for k, c in enumerate(curves)])
    start -= start[reference]
    low = min(c[0][0] + s for c, s in zip(curves, start)) - 1
    high = max(c[0][-1] + s for c, s in zip(curves, start)) + 1
    inner = np.linspace(low, high, int((high - low) / 0.6) + 1)
    step = inner[1] - inner[0]
    knots = np.concatenate([inner[0] - step * np.arange(3, 0, -1), inner, inner[-1] + step * np.arange(1, 4)])
    size = len(knots) - 4
    others = [k for k in range(21) if k != reference]

    def residuals(p):
        shift = np.zeros(21)
        shift[others] = p[:20]
        parts = []
        for channel in (1, 2):
            c = p[20 + (channel - 1) * size : 20 + channel * size]
            u = np.concatenate([curves[k][0] + shift[k] for k in range(21)])
            y = np.concatenate([curves[k][channel] for k in range(21)])
            parts += [(y - BSpline(knots, c, 3, extrapolate=True)(u)) / 0.01, 0.3 * np.diff(c, 2) / 0.01]
        return np.concatenate(parts)

    first = np.concatenate([start[others], np.full(2 * size, -1.0)])
    fit = least_squares(residuals, first, method="trf", max_nfev=30)
    np.linalg.inv(fit.jac.T @ fit.jac)


def spectrum(points):
    """Tikhonov with x >= 0 over 37 strengths, the one of least GCV."""
    rng = np.random.default_rng(1)
    w = np.logspace(-5, 5, points)
    chi = (1 + (1j * w) ** 0.8) ** -0.6
    data = np.concatenate([(1 + 9 * (1 - chi.real)), -9 * chi.imag]) * (1 + 0.01 * rng.normal(size=2 * points))
    tau = np.logspace(-6, 6, 97)
    x = np.outer(w, tau)
    step = math.log(tau[1] / tau[0])
    a = np.vstack([x**2 / (1 + x**2), x / (1 + x**2)]) * step / data[:, None]
    d = np.diff(np.eye(97), 2, axis=0) / step**1.5
    normal = a.T @ a
    best = None
    for strength in np.logspace(-6, 6, 37):
        solution, _ = nnls(np.vstack([a, math.sqrt(strength) * d]), np.concatenate([np.ones(len(data)), np.zeros(len(d))]), maxiter=3000)
        trace = np.trace(np.linalg.solve(normal + strength * d.T @ d, normal))
        gcv = np.sum((a @ solution - 1) ** 2) / (len(data) - trace) ** 2
        if best is None or gcv < best[0]:
            best = gcv, strength


def kww_pairs():
    """Cosine and sine integrals of exp(-sqrt t) at 100 frequencies over 16 decades by QUADPACK's Fourier quadrature."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it does not reach the tolerance everywhere
        for w in np.logspace(-8, 8, 100):
            for weight in ("cos", "sin"):
                quad(lambda t: math.exp(-math.sqrt(t)), 0, math.inf, weight=weight, wvar=w, epsabs=1e-13, limlst=500)


def kww(wt, beta):
    """chi of exp(-t^beta), 0 < beta <= 1, by the trapezoidal rule on a slanted ray, for all frequencies at once; about 1e-10."""
    theta = min(math.pi, math.pi / (2 * beta)) / 2
    x = np.arange(-38, 4, 2 * math.pi * theta / 32)
    a = 1j * np.exp(x - 1j * theta)  # i w t with t scaled by 1/w
    t = np.exp(x - 1j * theta)[:, None] / wt
    return (a * np.exp(-a)) @ -np.expm1(-(t**beta)) * (x[1] - x[0])


def moduli_fit():
    """Havriliak-Negami + KWW to 500 points from good start values, covariance, no profiles."""
    rng = np.random.default_rng(1)
    w = 1e-4 * 1e9 ** (np.arange(500) / 499)

    def model(p):
        hn = (1 + (1j * w * math.exp(p[2])) ** p[3]) ** -p[4]
        m = p[0] + p[1] * (1 - hn) + p[5] * (1 - kww(w * math.exp(p[6]), p[7]))
        return np.concatenate([m.real, m.imag])

    truth = np.array([1, 25, math.log(50), 0.9, 0.5, 5, math.log(0.01), 0.5])
    error = np.repeat([0.003, 0.01], 500) * model(truth)
    data = model(truth) + error * rng.normal(size=1000)
    low, high = [0, 0, -30, 0.02, 0.02, 0, -30, 0.1], [100, 100, 30, 1, 1, 100, 30, 1]
    fit = least_squares(lambda p: (model(p) - data) / error, truth * [1.2, 0.9, 1.1, 0.9, 1.1, 1.2, 0.9, 1.1], bounds=(low, high), x_scale="jac")
    np.linalg.inv(fit.jac.T @ fit.jac)


TASKS = [
    ("KWW, 100 cos + sin pairs, 16 decades", "kww_all/50", kww_pairs, 100 / 150e3),
    ("Havriliak-Negami + KWW fit, 500 points", "relaxation_fit", moduli_fit, 1.0),
    ("master curve, 21 isotherms, 1 thread", "master_curve/threads:1/vertical:0/real_time", master_curve, 1.0),
    ("spectrum with band, 80 points", "spectrum/tikhonov/80", lambda: spectrum(80), 1.0),
    ("spectrum with band, 200 points", "spectrum/tikhonov/200", lambda: spectrum(200), 1.0),
]


def own(program, name):
    command = [program, f"--benchmark_filter=^{name}$", "--benchmark_format=json", "--benchmark_min_time=0.3"]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return json.loads(out)["benchmarks"][0]["cpu_time"] * {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1}[json.loads(out)["benchmarks"][0]["time_unit"]]


def peer(task):
    before = time.process_time()
    task()
    return time.process_time() - before


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: relaxation.py PATH/heteroglass_bench")
    print(f"{'task':40} {'own s':>8} {'target s':>8} {'SciPy s':>8} {'ratio':>6}")
    for title, name, task, target in TASKS:
        times = [(own(sys.argv[1], name), peer(task)) for _ in range(3)]
        mine, theirs = (statistics.median(t[i] for t in times) for i in (0, 1))
        ratio = statistics.median(b / a for a, b in times)
        print(f"{title:40} {mine:8.2g} {target:8.2g} {theirs:8.2g} {ratio:6.1f}")


if __name__ == "__main__":
    main()
