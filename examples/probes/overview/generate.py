"""Writes the inputs of the study of laboratory probes. They are generated, not measured: closed forms with noise, so that the truth is known.

    python3 examples/probes/overview/generate.py        (needs NumPy)

What is put in stands beside each function, and the study's texts say it again. Sources of the closed forms: Percus-Yevick structure
factor of hard spheres, Wertheim, Phys. Rev. Lett. 10, 321 (1963), doi:10.1103/PhysRevLett.10.321; depth of a sphere in a Kelvin solid: Wang et al., Prog. Mater. Sci. 104, 250 (2019), doi:10.1016/j.pmatsci.2019.04.005, eqs 3.5 to 3.9.
"""

import pathlib

import numpy as np

HERE = pathlib.Path(__file__).parent
random = np.random.default_rng(2019)
NOTE = "# generated with known truth by generate.py, not measured\n"


def table(name, columns, units, values, digits=7):
    path = HERE / name
    with path.open("w") as out:
        out.write(NOTE + ",".join(columns) + "\n" + ",".join(units) + "\n")
        for row in zip(*values):
            out.write(",".join(f"{v:.{digits}g}" for v in row) + "\n")
    print(path.name, len(values[0]), "rows")


def gsf(name, title, unit, values, pixel):
    """Gwyddion simple field; pixel in metres."""
    height, width = values.shape
    header = (
        f"Gwyddion Simple Field 1.0\nXRes = {width}\nYRes = {height}\nXReal = {width * pixel:.6g}\nYReal = {height * pixel:.6g}\n"
        f"XYUnits = m\nZUnits = {unit}\nTitle = {title}\n"
    ).encode()
    header += b"\0" * (4 - len(header) % 4)
    (HERE / name).write_bytes(header + values.astype("<f4").tobytes())
    print(name, width, "x", height)


def nrrd(name, values):
    depth, height, width = values.shape
    header = f"NRRD0004\n# generated with known truth by generate.py, not measured\ntype: uint8\ndimension: 3\nsizes: {width} {height} {depth}\nencoding: raw\n\n"
    (HERE / name).write_bytes(header.encode() + values.astype(np.uint8).tobytes())
    print(name, width, "x", height, "x", depth)


def self_affine(shape, xi, exponent):
    """A Gaussian field of unit variance with correlation exp[-(r/xi)^(2 a)], r in pixels, made on a field four times as large."""
    big = [4 * n for n in shape]
    grids = np.meshgrid(*[np.minimum(np.arange(n), n - np.arange(n)) for n in big], indexing="ij")
    r = np.sqrt(sum(g.astype(float) ** 2 for g in grids))
    power = np.clip(np.fft.fftn(np.exp(-((r / xi) ** (2 * exponent)))).real, 0, None)
    field = np.fft.ifftn(np.fft.fftn(random.normal(size=big)) * np.sqrt(power)).real
    return field[tuple(slice(0, n) for n in shape)]


def hard_spheres(q, diameter, packing):
    """Percus-Yevick S(Q)."""
    x = q * diameter
    a = (1 + 2 * packing) ** 2 / (1 - packing) ** 4
    b = -6 * packing * (1 + packing / 2) ** 2 / (1 - packing) ** 4
    c = packing / 2 * a
    s, co = np.sin(x), np.cos(x)
    g = a * (s - x * co) / x**2 + b * (2 * x * s + (2 - x**2) * co - 2) / x**3
    g += c * (-(x**4) * co + 4 * ((3 * x**2 - 6) * co + (x**3 - 6 * x) * s + 6)) / x**5
    return 1 / (1 + 24 * packing * g / x)


def xray():
    """Hard spheres of 2.6 angstrom, packing fraction 0.45 (0.0489 atoms/angstrom^3), under Q = 25/angstrom, error 0.003."""
    q = np.arange(0.5, 25.001, 0.04)
    s = hard_spheres(q, 2.6, 0.45) + random.normal(0, 0.003, q.size)
    table("hard_spheres_sq.csv", ["q", "structure_factor", "structure_factor_error"], ["1/angstrom", "-", "-"], [q, s, np.full(q.size, 0.003)])
    # The same glass stretched affinely by 1 % with Poisson's ratio 0.36: a cut along the load and one across it.
    for name, strain in (("along", 0.01), ("across", -0.0036)):
        s = hard_spheres(q * (1 + strain), 2.6, 0.45) + random.normal(0, 0.0005, q.size)
        table(f"stretched_{name}.csv", ["q", "structure_factor"], ["1/angstrom", "-"], [q, s])
    # First peaks of twelve azimuths: strain 0.5 % along 20 degrees, -0.18 % across.
    phi = np.radians(np.arange(0, 180, 15))
    strain = 0.005 * np.cos(phi - np.radians(20)) ** 2 - 0.0018 * np.sin(phi - np.radians(20)) ** 2
    q = np.arange(2, 4, 0.02)
    rows = [[], [], [], []]
    for angle, e in zip(phi, strain):
        counts = random.poisson(2e5 * (0.2 + 1 / (1 + ((q * (1 + e) - 2.9) / 0.2) ** 2)))
        for k, v in enumerate((np.full(q.size, np.degrees(angle)), q, counts, np.sqrt(counts))):
            rows[k].extend(v)
    table("azimuths.csv", ["azimuth", "q", "intensity", "intensity_error"], ["deg", "1/angstrom", "-", "-"], rows)


def tomogram():
    """48^3 voxels of 20 nm: grey values of correlation length 4 voxels (80 nm), exponent 0.5; the softer tenth is darker."""
    field = self_affine((48, 48, 48), 4, 0.5)
    nrrd("tomogram.nrrd", np.clip(128 + 30 * field + random.normal(0, 2, field.shape), 0, 255).round())


def indents():
    """A 7 x 7 grid, 100 nm apart: G 30 GPa in one half and 36 in the other, both +- 1 GPa; t_c 0.3 ms +- 20 %; sphere of 2 um, nu 0.363."""
    load, rise, hold, radius, nu = 0.8e-3, 1e-3, 5e-3, 2e-6, 0.363
    t = np.concatenate([np.linspace(0, rise, 40), np.linspace(rise, rise + hold, 41)[1:]])
    columns = [[], [], [], []]
    for n in range(49):
        g = (30e9 if n % 7 < 4 else 36e9) + random.normal(0, 1e9)
        tc = 0.3e-3 * np.exp(random.normal(0, 0.2))
        p = np.where(t < rise, load * t / rise, load)
        scale = 3 * (1 - nu) / (8 * g * np.sqrt(radius)) * load / rise
        up = np.minimum(t, rise)
        h32 = scale * (up - tc * (np.exp(-(t - up) / tc) - np.exp(-t / tc)))
        h = np.maximum(h32, 0) ** (2 / 3) * 1e9 + random.normal(0, 0.05, t.size) + 1.3  # contact at 1.3 nm
        for k, v in enumerate((np.full(t.size, n + 1), t, p * 1e3, h)):
            columns[k].extend(v)
    table("indents.csv", ["set", "time", "load", "depth"], ["-", "s", "mN", "nm"], columns)


def modulus():
    """96 x 96 pixels of 10 nm: three phases of 75, 90 and 110 GPa, each +- 2 GPa, in regions of some 100 nm."""
    field = self_affine((96, 96), 10, 1.0)
    low, high = np.quantile(field, [0.35, 0.8])
    gsf("modulus.gsf", "Modulus", "Pa", 1e9 * (np.choose((field > low).astype(int) + (field > high), [75, 90, 110]) + random.normal(0, 2, field.shape)), 10e-9)


def resonance():
    """Contact resonances of 64 x 64 pixels of 5 nm, before and 1.5 kHz higher after a treatment; free resonance 75 kHz."""
    field = self_affine((64, 64), 5, 0.8)
    for name, shift in (("before", 0.0), ("after", 1.5e3)):
        gsf(f"resonance_{name}.gsf", "Frequency", "Hz", 280e3 + shift + 2e3 * field + random.normal(0, 100, field.shape), 5e-9)


def speckle():
    """Dark-field series of 22 x 22 pixels, 400 frames of 1 s and of 5 s at two temperatures: interior tau 10 and 50 s, the outer two pixels four times faster.

    The intensity is the square of two Gaussian fields, each with exp(-t/tau): g2 - 1 = exp(-2 t/tau). A ring of four pixels around is vacuum."""
    n, frames, edge = 22, 400, 4
    y, x = np.mgrid[0:n, 0:n]
    depth = np.minimum.reduce([x, y, n - 1 - x, n - 1 - y]) - edge
    for name, inside, step in (("hot", 10.0, 1.0), ("cold", 50.0, 5.0)):
        tau = np.where(depth < 2, inside / 4, inside) / step
        keep = np.exp(-1 / tau)
        a, b = random.normal(size=(2, n, n))
        series = np.empty((frames, n, n))
        for t in range(frames):
            series[t] = np.where(depth >= 0, 30 + 25 * (a**2 + b**2) / 2, 6 + random.normal(0, 1, (n, n)))
            a = keep * a + np.sqrt(1 - keep**2) * random.normal(size=(n, n))
            b = keep * b + np.sqrt(1 - keep**2) * random.normal(size=(n, n))
        nrrd(f"speckle_{name}.nrrd", np.clip(series, 0, 255).round())


def band():
    """Density along a shear band of 2.4 um: 3 % contrast of 150 nm wavelength, dense segments twice as strong as dilated ones, red noise."""
    x = np.arange(0, 2400, 4.0)
    wave = np.cos(2 * np.pi * x / 150)
    noise = np.zeros(x.size)
    for i in range(1, x.size):
        noise[i] = 0.8 * noise[i - 1] + random.normal(0, 0.002)
    intensity = 1000 * (1 + 0.02 * np.where(wave > 0, 2 * wave, wave) + noise + 2e-5 * x)
    matrix = 1000 * (1 + 2e-5 * x + random.normal(0, 0.001, x.size))
    table("band.csv", ["position", "intensity", "matrix"], ["nm", "-", "-"], [x, intensity, matrix])


for part in (xray, tomogram, indents, modulus, resonance, speckle, band):
    part()
