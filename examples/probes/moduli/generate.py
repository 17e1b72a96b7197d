"""Writes the maps of this example. They are generated, not measured.

    python3 examples/probes/moduli/generate.py        # needs numpy

`modulus.gsf`: three kinds of region, 62, 81 and 99 GPa on 30, 50 and 20 % of the area, with 3 GPa of noise. `before.gsf` and `after.gsf`: contact
resonances of a cantilever (160 kHz free, 650 kHz on a reference of 70 GPa) on a glass whose moduli have a spread of 12 % and a correlation
length of 8 nm; afterwards all moduli are 4 % higher, and the image has drifted by 5 columns and -3 rows. 0.3 kHz of noise.
"""

import pathlib

import numpy as np

HERE = pathlib.Path(__file__).parent


def field(pixels, pixel, xi, exponent, rng):
    """A cut from a field of twice the size, which repeats; standard deviation 1, correlation exp[-(r/xi)^(2 exponent)]."""
    n = 2 * pixels
    x = np.minimum(np.arange(n), n - np.arange(n)) * pixel
    correlation = np.exp(-((np.hypot(*np.meshgrid(x, x)) / xi) ** (2 * exponent)))
    amplitude = np.sqrt(np.maximum(np.fft.fft2(correlation).real, 0))
    return np.fft.ifft2(np.fft.fft2(rng.normal(size=(n, n))) * amplitude).real[:pixels, :pixels]


def write(name, values, pixel, unit, title):
    height, width = values.shape
    header = (
        f"Gwyddion Simple Field 1.0\nXRes = {width}\nYRes = {height}\nXReal = {width * pixel}\nYReal = {height * pixel}\n"
        f"XYUnits = m\nZUnits = {unit}\nTitle = {title}\nComment = generated, not measured\n"
    ).encode()
    header += b"\0" * (4 - len(header) % 4)
    (HERE / name).write_bytes(header + values.astype("<f4").tobytes())


def modulus(rng):
    smooth = field(112, 1, 7, 0.9, rng)
    low, high = np.quantile(smooth, [0.3, 0.8])
    kinds = np.where(smooth < low, 62, np.where(smooth < high, 81, 99))
    write("modulus.gsf", (kinds + 3 * rng.normal(size=kinds.shape)) * 1e9, 10e-9, "Pa", "Modulus")


def stiffness(kl):
    """k*/k_c of a beam with the tip at its end."""
    c, s, ch, sh = np.cos(kl), np.sin(kl), np.cosh(kl), np.sinh(kl)
    return kl**3 / 3 * (1 + c * ch) / (c * sh - s * ch)


def resonances(rng):
    free, reference, tip = 160.0, 650.0, 165.0
    kl = np.linspace(1.8752, 3.92, 20000)
    k, f = stiffness(kl), free * (kl / 1.8751040687119611) ** 2
    at_reference = np.interp(reference, f, k)

    def reduced(m):
        return 1 / (1 / m + 1 / tip)

    moduli = 75 * (1 + 0.12 * field(104, 2, 8, 0.5, rng))
    for name, part, factor in [("before.gsf", np.s_[3:99, 5:101], 1.0), ("after.gsf", np.s_[6:102, 0:96], 1.04)]:
        contact = at_reference * (reduced(moduli[part] * factor) / reduced(70)) ** (2 / 3)
        frequency = np.interp(contact, k, f) + 0.3 * rng.normal(size=contact.shape)
        write(name, frequency * 1e3, 2e-9, "Hz", "Frequency")


modulus(np.random.default_rng(3))
resonances(np.random.default_rng(4))
