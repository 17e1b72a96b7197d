"""Speeds of correlations, regions and box counts of maps and volumes beside SciPy, scikit-image and Gwyddion's library, in one run.

Both sides work on the same numbers, a sum of waves and of a hash (map_bench.cpp). Peers that are not installed are left out. Rounds
alternate, so that a slow machine slows both; times are of the processor, on one thread; the ratio is the median over rounds.

    /usr/bin/python3 bench/maps.py build/release/bin/heteroglass_bench
"""

import ctypes
import json
import os
import statistics
import subprocess
import sys
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
import scipy.fft
import scipy.ndimage

try:
    import skimage.measure
except ImportError:
    skimage = None

ROUNDS = 5


def hashed(x, y, z):
    """The same 32-bit hash as in map_bench.cpp, as numbers from 0 to 1."""
    h = (x * np.uint32(73856093)) ^ (y * np.uint32(19349663)) ^ (z * np.uint32(83492791))
    h = (h ^ (h >> np.uint32(16))) * np.uint32(0x45D9F3B)
    h = (h ^ (h >> np.uint32(16))) * np.uint32(0x45D9F3B)
    return (h ^ (h >> np.uint32(16))).astype(float) / 2**32


def field(nx, ny, nz):
    z, y, x = np.meshgrid(*(np.arange(n, dtype=np.uint32) for n in (nz, ny, nx)), indexing="ij")
    waves = np.cos(0.20 * x) + np.cos(0.23 * y) + np.cos(0.17 * z) + np.cos(0.13 * x + 0.11 * y) + np.cos(0.12 * y - 0.15 * z)
    return waves + 0.8 * hashed(x, y, z)


MAP = field(1024, 1024, 1)[0]
MAP = MAP - MAP.mean()
CHOSEN = MAP > 1.5
VOLUME = field(256, 256, 256) > 2.4


def periodic():
    scipy.fft.irfft2(np.abs(scipy.fft.rfft2(MAP)) ** 2)


def height_height():
    size = (2048, 2048)
    m = scipy.fft.rfft2(np.ones_like(MAP), size)
    p = scipy.fft.rfft2(MAP, size)
    q = scipy.fft.rfft2(MAP * MAP, size)
    pairs = scipy.fft.irfft2(np.abs(m) ** 2, size)
    scipy.fft.irfft2(2 * (np.conj(q) * m).real - 2 * np.abs(p) ** 2, size) / np.maximum(pairs, 0.5)


def ellipses():
    labels = skimage.measure.label(CHOSEN, connectivity=2)
    skimage.measure.regionprops_table(labels, properties=("area", "major_axis_length", "minor_axis_length", "orientation"))


def pyramid():
    b = VOLUME
    counts = [b.sum()]
    while b.shape[0] > 2:
        half = b.shape[0] // 2
        b = b.reshape(half, 2, half, 2, half, 2).any((1, 3, 5))
        counts.append(b.sum())
    return counts


class Gwyddion:
    """Two-dimensional autocorrelation and grains by libgwyprocess."""

    def __init__(self):
        real, pointer, whole = ctypes.c_double, ctypes.c_void_p, ctypes.c_int
        ctypes.CDLL("libgwyddion2.so.0", mode=ctypes.RTLD_GLOBAL)
        self.library = ctypes.CDLL("libgwyprocess2.so.0", mode=ctypes.RTLD_GLOBAL)
        self.call("gwy_process_type_init", None)()
        self.new = self.call("gwy_data_field_new", pointer, whole, whole, real, real, whole)
        self.data = self.call("gwy_data_field_get_data", ctypes.POINTER(real), pointer)
        self.map, self.mask, self.out = self.of(MAP), self.of(CHOSEN), self.new(1, 1, 1, 1, 0)
        self.correlate = self.call("gwy_data_field_area_2dacf", None, pointer, pointer, *[whole] * 6)
        self.number = self.call("gwy_data_field_number_grains", whole, pointer, ctypes.POINTER(whole))
        self.values = self.call("gwy_data_field_grains_get_values", ctypes.POINTER(real), pointer, ctypes.POINTER(real), whole,
                                ctypes.POINTER(whole), whole)
        self.grains = (whole * MAP.size)()

    def call(self, name, result, *arguments):
        function = getattr(self.library, name)
        function.restype, function.argtypes = result, arguments
        return function

    def of(self, values):
        made = self.new(values.shape[1], values.shape[0], 1, 1, 0)
        ctypes.memmove(self.data(made), np.ascontiguousarray(values, float).ctypes.data, 8 * values.size)
        return made

    def autocorrelation(self):
        self.correlate(self.map, self.out, 0, 0, 1024, 1024, 512, 512)

    def ellipses(self):
        count = self.number(self.mask, self.grains)
        for quantity in (42, 43, 44):  # major and minor axis and angle of the equivalent ellipse
            self.values(self.map, None, count, self.grains, quantity)


def tasks():
    """Task, own benchmark, peer, what the peer does, target in ms."""
    rows = [
        ("autocorrelation 1024^2, periodic", "autocorrelation_periodic", "scipy.fft", periodic, 15),
        ("height-height correlation 1024^2, not periodic", "height_height/1023", "scipy.fft", height_height, 200),
        ("box counts 256^3, edges 1 to 128", "box_counts_256", "numpy pyramid", pyramid, 20),
        ("label 256^3, 6 neighbours", "label_256/6", "scipy.ndimage", lambda: scipy.ndimage.label(VOLUME), 60),
        ("label 256^3, 26 neighbours", "label_256/26", "scipy.ndimage", lambda: scipy.ndimage.label(VOLUME, np.ones((3, 3, 3))), 60),
    ]
    if skimage:
        rows.append(("label and ellipses 1024^2", "label_and_ellipses", "skimage", ellipses, 15))
    try:
        gwyddion = Gwyddion()
        rows.append(("autocorrelation 1024^2, not periodic, lags to 512", "autocorrelation_padded", "Gwyddion", gwyddion.autocorrelation, 30))
        rows.append(("label and ellipses 1024^2", "label_and_ellipses", "Gwyddion", gwyddion.ellipses, 15))
    except OSError:
        print("Gwyddion's library is not installed (Debian package libgwyddion20-dev)")
    return rows


def own(program, benchmark):
    command = [program, f"--benchmark_filter=^{benchmark}/process_time$", "--benchmark_format=json", "--benchmark_min_time=0.2"]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return json.loads(out)["benchmarks"][0]["cpu_time"]


def peer(function):
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        function()
        best = min(best, 1e3 * (time.process_time() - start))
    return best


def main(program):
    print(f"{CHOSEN.mean():.3f} of the map and {VOLUME.mean():.3f} of the volume are chosen")
    print(f"{'task':52}{'ms':>8}  {'peer':15}{'ms':>8}{'ratio':>7}{'target ms':>11}")
    for task, benchmark, name, function, target in tasks():
        mine, theirs = [], []
        for _ in range(ROUNDS):
            mine.append(own(program, benchmark))
            theirs.append(peer(function))
        ratio = statistics.median(t / m for t, m in zip(theirs, mine))
        met = "met" if min(mine) <= target else "NOT met"
        print(f"{task:52}{min(mine):8.1f}  {name:15}{min(theirs):8.1f}{ratio:7.1f}{target:8} {met}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("give the program of benchmarks: build/release/bin/heteroglass_bench")
    main(sys.argv[1])
