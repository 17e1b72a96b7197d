"""Writes generated_moduli.csv and generated_dsc.csv: NOT measured, but computed from the interstitialcy theory with the parameters below.

They are of the size that the literature gives for Zr-based glasses: mu = 42 GPa and G = 34 GPa at room temperature, shear susceptibility 17,
0.23 % of the defects annealing out below the glass transition, density 6.9 g/cm^3, heating at 5 K/min.
"""

import math
import random

MU, MU_SLOPE, BETA, RATE, DENSITY = 42.0, -0.0075, 17.0, 5 / 60, 6.9
GLASS_TRANSITION, ANNEALED, MIDDLE, WIDTH = 685.0, 0.0023, 610.0, 28.0


def mu(t):
    return MU + MU_SLOPE * (t - 300)


def defects(t):
    """Frozen in, annealing around MIDDLE, made above the glass transition."""
    frozen = math.log(MU / 34.0) / BETA
    gone = ANNEALED / (1 + math.exp(-(t - MIDDLE) / WIDTH * 1.7))
    made = 9e-5 * 7 * math.log1p(math.exp((t - GLASS_TRANSITION) / 7))
    return frozen - gone + made


def modulus(t):
    return mu(t) * math.exp(-BETA * defects(t))


def heat_flow(t):
    """W/g in excess of the crystal, endotherm positive: (G/rho) dc/dt."""
    return modulus(t) / DENSITY * 1e3 * (defects(t + 0.05) - defects(t - 0.05)) / 0.1 * RATE


random.seed(4)
with open("generated_moduli.csv", "w") as out:
    out.write("temperature,shear_modulus,crystal_modulus\nK,GPa,GPa\n")
    for i in range(421):
        t = 320 + i
        out.write(f"{t},{modulus(t) + random.gauss(0, 0.002):.5f},{mu(t) + random.gauss(0, 0.002):.5f}\n")
with open("generated_dsc.csv", "w") as out:
    out.write("temperature,heat_flow\nK,W/g\n")
    for i in range(841):
        t = 320 + i / 2
        out.write(f"{t},{heat_flow(t) + random.gauss(0, 2e-4):.6f}\n")
