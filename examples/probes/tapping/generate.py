"""Writes the maps and the curve of this example. They are generated, not measured.

    python3 examples/probes/tapping/generate.py build/release/bin/heteroglass        # needs numpy

Maps: random Gaussian fields of the phase with the correlation exp(-r/xi), before and after annealing, with the lengths and spreads that
tapping found on a Zr55Cu30Ni5Al10 film: xi 2.5 and 4.2 nm, spread of the dissipation 12 % and 8 % (Liu et al., Phys. Rev. Lett. 106, 125504
(2011), doi:10.1103/PhysRevLett.106.125504). Curve: `probes/tapping-oscillator` with a viscous contact, and 2 % of noise.
"""

import json
import pathlib
import subprocess
import sys

import numpy as np

HERE = pathlib.Path(__file__).parent
PIXELS, PIXEL = 128, 0.7e-9  # m
LEVER = ["--spring-constant", "42N/m", "--quality", "500", "--free-amplitude", "30nm"]


def field(xi, rng):
    """A cut from a field of twice the size, which repeats; standard deviation 1."""
    n = 2 * PIXELS
    x = np.minimum(np.arange(n), n - np.arange(n)) * PIXEL
    correlation = np.exp(-np.hypot(*np.meshgrid(x, x)) / xi)
    amplitude = np.sqrt(np.maximum(np.fft.fft2(correlation).real, 0))
    return np.fft.ifft2(np.fft.fft2(rng.normal(size=(n, n))) * amplitude).real[:PIXELS, :PIXELS]


def write(name, phase):
    side = PIXELS * PIXEL
    header = (
        f"Gwyddion Simple Field 1.0\nXRes = {PIXELS}\nYRes = {PIXELS}\nXReal = {side}\nYReal = {side}\n"
        "XYUnits = m\nZUnits = deg\nTitle = Phase\nComment = generated, not measured\n"
    ).encode()
    header += b"\0" * (4 - len(header) % 4)
    (HERE / name).write_bytes(header + phase.astype("<f4").tobytes())


def maps():
    rng = np.random.default_rng(5)
    mean = np.radians(70)
    for name, xi, spread in [("as_deposited.gsf", 2.5e-9, 0.12), ("annealed.gsf", 4.2e-9, 0.08)]:
        # dE/E = cos(phi) dphi / (sin(phi) - A/A0)
        sd = spread * (np.sin(mean) - 20 / 30) / np.cos(mean)
        write(name, np.degrees(mean + sd * field(xi, rng)))


def curve(program):
    command = [program, "probes", "tapping-oscillator", *LEVER, "--viscosity", "500Pa*s", "--from", "28.5nm", "--to", "6nm", "--points", "40"]
    results = json.loads(subprocess.run([*command, "--json"], check=True, capture_output=True).stdout)["results"]
    ratio, energy = results["ratio"]["value"], np.array(results["ratio_dissipation"]["value"])
    error = 0.02 * energy.max()
    energy = energy + np.random.default_rng(6).normal(0, error, energy.size)
    rows = "".join(f"{x:.5f},{e:.4f},{error:.4f}\n" for x, e in zip(ratio, energy))
    text = "# generated, not measured: viscosity 500 Pa s, 2 % noise\namplitude_ratio,dissipation,dissipation_error\n1,eV,eV\n"
    (HERE / "approach.csv").write_text(text + rows)


maps()
curve(sys.argv[1])
