"""Writes the curves of the two metallic-glass stories. They are generated, not measured: closed forms with published parameters and noise.

    python3 examples/relaxation/generate.py

Sources: Qiao et al., Prog. Mater. Sci. 104, 250 (2019), doi:10.1016/j.pmatsci.2019.04.005 (Tg, E_beta = 26 R Tg, the universal
Havriliak-Negami alpha peak 0.95 and 0.41, beta_KWW 0.2, 0.5 and rising, slope a = 2 of aging, E = 0.25 eV of fast beta' in Pd42.5Ni7.5Cu30P20).
What the literature does not fix (strengths, widths, noise, fragility 45 and 60, time prefactors) is chosen here and said beside it.
"""

import cmath
import math
import pathlib
import random

HERE = pathlib.Path(__file__).parent
K = 8.617333262e-5  # eV/K
LN10 = math.log(10)


def vft(tg, fragility, log10_tau0=-13.0):
    """ln tau(T) that reaches 100 s at Tg with the fragility given."""
    distance = (2 - log10_tau0) * tg / fragility
    b = (2 - log10_tau0) * LN10 * distance
    end = tg - distance  # below T0 nothing moves; 1e26 s stands for it
    return lambda t: min(60.0, log10_tau0 * LN10 + b / (t - end)) if t > end else 60.0


def arrhenius(energy, log10_tau0):
    return lambda t: log10_tau0 * LN10 + energy / (K * t)


def havriliak_negami(x, alpha, gamma):
    return (1 + x**alpha) ** -gamma


def modulus(omega, t, unrelaxed, slope, reference, processes):
    """M' + i M'': M_u (1 + slope (T - reference)) [1 - sum of part_j chi_j]."""
    chi = sum(part * havriliak_negami(1j * omega * math.exp(log_tau(t)), a, g) for part, log_tau, a, g in processes)
    return unrelaxed * (1 + slope * (t - reference)) * (1 - chi)


def write(name, columns, units, rows):
    path = HERE / name
    with path.open("w") as out:
        out.write("# generated from published parameters by generate.py, not measured\n")
        out.write(",".join(columns) + "\n" + ",".join(units) + "\n")
        for row in rows:
            out.write(",".join(f"{v:.6g}" for v in row) + "\n")
    print(path.relative_to(HERE), len(rows), "rows")


def la60(noise):
    tg = 461.0
    processes = [
        (0.92, vft(tg, 45), 0.95, 0.41),
        (0.08, arrhenius(26 * K * tg, -14.5), 0.35, 1.0),  # slow beta, strength and width chosen
    ]
    rows = []
    for frequency in (0.3, 1, 3, 10):
        for t in range(300, 500, 2):
            m = modulus(2 * math.pi * frequency, t, 35, -3e-4, 400, processes)
            rows.append((t, frequency, m.real * (1 + 0.004 * noise.gauss(0, 1)), m.imag * (1 + 0.01 * noise.gauss(0, 1))))
    write("la60ni15al25/dma.csv", ("temperature", "frequency", "storage", "loss"), ("K", "Hz", "GPa", "GPa"), rows)

    rows = []
    for t in range(340, 490, 10):
        beta = 0.2 if t < 375 else 0.5 if t <= tg else min(0.5 + 0.01 * (t - tg), 0.9)
        tau = math.exp(arrhenius(1.2, -11)(t)) if t < 461 else math.exp(vft(tg, 45)(t) + 4)  # chosen so that a day shows the step
        remnant = max(0.0, 0.6 - 0.6 * (t - 340) / (tg - 340))
        for i in range(49):
            time = 10 ** (-1 + i / 8)
            rows.append((t, time, 35 * (remnant + (1 - remnant) * math.exp(-((time / tau) ** beta))) + 0.03 * noise.gauss(0, 1)))
    write("la60ni15al25/stress_relaxation.csv", ("temperature", "time", "modulus"), ("K", "s", "GPa"), [r for r in rows if r[2] > 0])

    rows = []
    for i in range(8):  # aging at 433 K, tested at 343 K: U = 2 Delta, Delta grows with the logarithm of the aging time
        hours = 0.5 * 2**i
        delta = 0.300 + 0.004 * math.log(hours / 0.5)
        barrier = 2 * delta + 0.1
        kt = K * 343
        tau = 1e-13 * math.exp((2 * barrier + delta) / (2 * kt)) / math.cosh(delta / (2 * kt))
        loss = 200 / math.cosh(delta / (2 * kt)) ** 2
        rows.append((hours, tau * math.exp(0.03 * noise.gauss(0, 1)), loss * math.exp(0.01 * noise.gauss(0, 1))))
    write("la60ni15al25/aging.csv", ("aging_time", "relaxation_time", "loss_maximum"), ("h", "s", "GPa"), rows)


def pd42(noise):
    tg = 572.75  # 299.6 degC, table 1 of the review
    processes = [
        (0.90, vft(tg, 60), 0.95, 0.41),
        (0.05, arrhenius(26 * K * tg, -14), 0.4, 1.0),  # slow beta: a shoulder or a wing in Pd glasses
        (0.05, arrhenius(0.25, -12.0), 0.3, 1.0),  # fast beta'
    ]
    rows = []
    for t in range(548, 606, 6):
        for i in range(17):
            frequency = 10 ** (-2 + i / 4)
            m = modulus(2 * math.pi * frequency, t, 34, -3e-4, 548, processes)
            rows.append((t, frequency, m.real * (1 + 0.003 * noise.gauss(0, 1)), m.imag * (1 + 0.008 * noise.gauss(0, 1))))
    write("pd42cu30/isotherms.csv", ("temperature", "frequency", "storage", "loss"), ("K", "Hz", "GPa", "GPa"), rows)

    rows = []
    for t in range(150, 600, 3):
        m = modulus(2 * math.pi, t, 34, -3e-4, 548, processes)
        rows.append((t, m.real * (1 + 0.003 * noise.gauss(0, 1)), m.imag * (1 + 0.01 * noise.gauss(0, 1))))
    write("pd42cu30/scan_1Hz.csv", ("temperature", "storage", "loss"), ("K", "GPa", "GPa"), rows)


if __name__ == "__main__":
    la60(random.Random(1))
    pd42(random.Random(2))
