"""Speeds beside their targets and beside other programs, measured in the same run on the same configuration.

For each task the own benchmark and the peer run in turn, several rounds; the ratio is the median over rounds, so that a
machine that is slow for a while slows both. Speeds on one thread are per second of processor time, the gain on two threads is of
elapsed time. Peers: the `voro++` command (its time includes reading and writing text), the `lmp` command (the times that its log
states for neighbour lists and computes), ASE for reading.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

ALONE = {**os.environ, "OMP_NUM_THREADS": "1"}


def run(command, folder=None):
    """Processor seconds, peak memory in GB and standard output of a command."""
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(command, cwd=folder, env=ALONE, stdout=out, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = status
        if status != 0:
            sys.exit(f"{' '.join(map(str, command))}: must end with status 0, got {status}")
        out.seek(0)
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 2**20, out.read()


class Peer:
    """A speed in atoms/s of another program, or None where that program is missing."""

    def __init__(self, name, program, speed):
        self.name, self.speed = name, speed
        self.present = bool(shutil.which(program))


def voro(file, *options):
    def speed(folder, atoms):
        edge = (folder / "glass.data").read_text().splitlines()[4].split()[1]
        seconds, _, _ = run(["voro++", *options, "-p", "-o", "-c", "%i %v %s %A", *["0", edge] * 3, file], folder)
        return atoms / seconds

    return Peer("voro++", "voro++", speed)


LAMMPS = """units metal
atom_style atomic
read_data glass.data
{pair}
comm_modify cutoff {ghost}
neighbor 0.0 bin
neigh_modify every 1 delay 0 check no
{commands}
thermo 1000
run {steps}
"""


NO_FORCES = "pair_style zero {cutoff} nocoeff\npair_coeff * *"


def lammps(section, cutoff, commands, steps=5, pair=NO_FORCES):
    """`section` of the timing table: 'Neigh', 'Pair', or 'Loop' for everything."""

    def speed(folder, atoms):
        script = LAMMPS.format(pair=pair.format(cutoff=cutoff), cutoff=cutoff, ghost=cutoff + 2.5, commands=commands, steps=steps)
        (folder / "peer.in").write_text(script)
        _, _, log = run(["lmp", "-log", "none", "-in", "peer.in"], folder)
        busy = float(re.search(r"([\d.]+)% CPU use", log)[1]) / 100
        pattern = r"Loop time of ([\d.e+-]+)" if section == "Loop" else rf"{section} +\| *([\d.e+-]+)"
        return atoms * steps / (float(re.search(pattern, log)[1]) * busy)

    return Peer("LAMMPS", "lmp", speed)


def ase_reading():
    code = "import ase.io,time;t=time.process_time();ase.io.read('glass.dump',format='lammps-dump-text');print(time.process_time()-t)"

    def speed(folder, atoms):
        return atoms / float(run(["/usr/bin/python3", "-c", code], folder)[2])

    peer = Peer("ASE", "/usr/bin/python3", speed)
    peer.present = peer.present and subprocess.run(["/usr/bin/python3", "-c", "import ase"], capture_output=True).returncode == 0
    return peer


RDF = "compute g all rdf 200 1 1 1 2 2 2 cutoff 10.0\nfix g all ave/time 1 1 1 c_g[*] mode vector"
ORDER = "compute q all orientorder/atom degrees 2 4 6 nnn NULL cutoff 3.8\nfix q all ave/atom 1 1 1 c_q[1] c_q[2]"

EAM = "pair_style eam/fs\npair_coeff * * /usr/share/lammps/potentials/CuZr_mm.eam.fs Cu Zr"

# task, benchmark, peer, target in atoms/s on one thread, target of the gain on two threads
TASKS = [
    ("radical Voronoi with indices", "voronoi", voro("glass.radical.voro", "-r"), 85e3, 1.9),
    ("ordinary Voronoi cells", "tessellation/ordinary", voro("glass.voro"), 80e3, None),
    ("half neighbour list to 6.5 A", "neighbor_list", lammps("Neigh", 6.5, ""), 0.8e6, None),
    ("three partial g(r) to 10 A, 200 bins", "pdf", lammps("Loop", 10.0, RDF), 225e3, None),
    ("q4 and q6 at 3.8 A", "bond_order", lammps("Loop", 3.8, ORDER), 130e3, None),
    ("strain and D2min", "strain", None, 200e3, None),
    ("Cu-Zr EAM forces", "eam_forces", lammps("Pair", 7.6, "neighbor 0.5 bin\nneigh_modify check yes", pair=EAM), 0.6e6, 1.8),
    ("reading a text dump", "dump", ase_reading(), 1e6, None),
]


class Benchmarks:
    def __init__(self, program):
        self.program = str(pathlib.Path(program).resolve())
        self.names = run([self.program, "--benchmark_list_tests"])[2].split()

    def find(self, benchmark, cells, threads):
        for name in self.names:
            if name.startswith(f"{benchmark}/") and f"/cells:{cells}/threads:{threads}" in name:
                return name
        return None

    def measure(self, name, seconds=0.3):
        """(atoms per processor second, atoms per second, peak memory in GB)"""
        command = [self.program, f"--benchmark_filter=^{re.escape(name)}$", "--benchmark_format=json", f"--benchmark_min_time={seconds}"]
        _, memory, text = run(command)
        found = json.loads(text)["benchmarks"][0]
        rate = found["atoms/s"]
        return rate * found["real_time"] / found["cpu_time"], rate, memory


def short(speed):
    if speed is None:
        return "-"
    return f"{speed / 1e6:.2f}M" if speed >= 1e6 else f"{speed / 1e3:.0f}k"


def show(rows):
    widths = [max(len(str(row[i])) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths)).rstrip())


def compare(own, folder, cells, rounds):
    """The table of tasks. Returns False when a target was missed."""
    atoms = 4 * cells**3
    rows = [("task", "atoms/s", "peer", "atoms/s", "ratio", "target", "met", "gain on 2 threads", "target", "met")]
    good = True
    for task, benchmark, peer, target, gain_target in TASKS:
        one, two = own.find(benchmark, cells, 1), own.find(benchmark, cells, 2)
        if not one:
            print(f"no benchmark {benchmark}/cells:{cells}", file=sys.stderr)
            continue
        ours, theirs, gains = [], [], []
        for _ in range(rounds):
            processor, elapsed, _ = own.measure(one)
            ours.append(processor)
            if peer and peer.present:
                theirs.append(peer.speed(folder, atoms))
            if two:
                gains.append(own.measure(two)[1] / elapsed)
        speed = statistics.median(ours)
        ratio = f"{statistics.median(a / b for a, b in zip(ours, theirs)):.2f}" if theirs else "-"
        gain = statistics.median(gains) if gains else None
        met = speed >= target
        gain_met = gain_target is None or gain is None or gain >= gain_target
        good = good and met and gain_met
        rows.append((task, short(speed), peer.name if theirs else "-", short(statistics.median(theirs) if theirs else None), ratio,
                     short(target), "yes" if met else "NO", f"{gain:.2f}" if gain else "-",
                     gain_target or "-", "-" if gain_target is None else "yes" if gain_met else "NO"))
    print(f"{atoms} atoms, one thread, processor time, median of {rounds} rounds:\n")
    show(rows)
    return good


def linearity(own):
    sizes = [10, 20, 40, 63]
    rows = [("atoms/s for atoms =", *(4 * n**3 for n in sizes), "slowest/fastest", "peak GB at 1M", "below 2 GB")]
    good = True
    for task, benchmark, _, _, _ in TASKS:
        names = [own.find(benchmark, n, 1) for n in sizes]
        if not all(names):
            continue
        found = [own.measure(name, 0.1) for name in names]
        speeds = [f[0] for f in found]
        good = good and found[-1][2] < 2
        rows.append((task, *map(short, speeds), f"{min(speeds) / max(speeds):.2f}", f"{found[-1][2]:.2f}", "yes" if found[-1][2] < 2 else "NO"))
    print("\nCost per atom from 4,000 to a million atoms, one thread (a constant speed is a cost linear in N):\n")
    show(rows)
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", required=True, help="the built heteroglass_bench; write_configuration stands beside it")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cells", type=int, default=20, choices=[10, 20, 40, 63], help="4 cells^3 atoms")
    parser.add_argument("--quick", action="store_true", help="without the table of sizes")
    arguments = parser.parse_args()
    own = Benchmarks(arguments.bench)
    with tempfile.TemporaryDirectory() as folder:
        run([str(pathlib.Path(arguments.bench).resolve().parent / "write_configuration"), str(arguments.cells), folder])
        good = compare(own, pathlib.Path(folder), arguments.cells, arguments.rounds)
    if not arguments.quick:
        good = linearity(own) and good
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
