"""Athermal quasistatic shear beside LAMMPS: the same steps of the same glass to the same force tolerance, in one run.

The glass is a disordered packing of 64:36 copper and zirconium, minimised once. Each program then shears it in steps of 1e-4,
each minimised until no force exceeds 1e-6 eV/angstrom (LAMMPS: conjugate gradients). Speeds are processor times; the cost of starting is taken off by a
run of a single step. Rounds alternate, and the ratio is the median over them. Energies must agree.

    /usr/bin/python3 bench/quasistatic.py build/release/bin
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import statistics
import sys
import tempfile

from compare import run

POTENTIAL = "/usr/share/lammps/potentials/CuZr_mm.eam.fs"
STEP, TOLERANCE, TARGET = 1e-4, 1e-6, 0.5
SCRIPT = """units metal
atom_style atomic
read_data glass.data
change_box all triclinic
pair_style eam/fs
pair_coeff * * {potential} Cu Zr
neighbor 1.0 bin
neigh_modify every 1 delay 0 check yes
min_style cg
min_modify norm max
thermo 100000
thermo_modify format float %.15g
variable d equal {step}*ly
variable n loop {steps}
label again
change_box all xy delta $d remap units box
minimize 0 {tolerance} 100000 1000000
next n
jump SELF again
variable e equal pe
print "energy $(v_e:%.15g)"
"""


def data_file(frame, path):
    """The one frame of an extended XYZ file with a cubic cell as LAMMPS data."""
    lines = frame.read_text().splitlines()
    lattice = [float(x) for x in re.search(r'Lattice="([^"]*)"', lines[1])[1].split()]
    origin = re.search(r'Origin="([^"]*)"', lines[1])
    low = [float(x) for x in origin[1].split()] if origin else [0.0] * 3
    atoms = [line.split() for line in lines[2:]]
    text = f"glass\n\n{len(atoms)} atoms\n2 atom types\n"
    for axis, start, edge in zip("xyz", low, lattice[::4]):
        text += f"{start!r} {start + edge!r} {axis}lo {axis}hi\n"
    text += "\nMasses\n\n1 63.546\n2 91.224\n\nAtoms # atomic\n\n"
    for i, atom in enumerate(atoms):
        text += f"{i + 1} {1 if atom[0] == 'Cu' else 2} {' '.join(atom[1:4])}\n"
    path.write_text(text)
    return len(atoms)


def own(program, folder, steps):
    command = [program, "deform", "aqs", "glass.extxyz", "--strain-step", str(STEP), "--max-strain", str(STEP * steps),
               "--force-tolerance", str(TOLERANCE), "--json"]
    seconds, _, text = run(command, folder)
    results = json.loads(text)["results"]
    return seconds, results["energy"]["value"][-1], len(results["drops"]["value"])


def lammps(folder, steps):
    (folder / "aqs.in").write_text(SCRIPT.format(potential=POTENTIAL, step=STEP, steps=steps, tolerance=TOLERANCE))
    seconds, _, log = run(["lmp", "-log", "none", "-in", "aqs.in"], folder)
    return seconds, float(re.findall(r"^energy (\S+)", log, re.M)[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("programs", type=pathlib.Path, help="folder of heteroglass and write_configuration")
    parser.add_argument("--cells", type=int, default=8, help="4 cells^3 atoms")
    parser.add_argument("--steps", type=int, default=11)
    parser.add_argument("--rounds", type=int, default=1)
    arguments = parser.parse_args()
    if not shutil.which("lmp") or not os.path.exists(POTENTIAL):
        print("quasistatic shear: not measured, LAMMPS and its potentials are not installed")
        return
    program = str((arguments.programs / "heteroglass").resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        run([str((arguments.programs / "write_configuration").resolve()), str(arguments.cells), name])
        run([program, "landscape", "minimise", "glass.data", "--elements", "Cu,Zr", "--force-tolerance", "1e-8", "-o", "start"], folder)
        shutil.copy(folder / "start" / "configuration.extxyz", folder / "glass.extxyz")
        atoms = data_file(folder / "glass.extxyz", folder / "glass.data")
        ours, theirs = [], []
        for _ in range(arguments.rounds):
            few, many = own(program, folder, 1), own(program, folder, arguments.steps)
            ours.append((many[0] - few[0]) / (arguments.steps - 1))
            start, end = lammps(folder, 1), lammps(folder, arguments.steps)
            theirs.append((end[0] - start[0]) / (arguments.steps - 1))
    ratio = statistics.median(a / b for a, b in zip(ours, theirs))
    apart = abs(many[1] - end[1])
    print(f"quasistatic shear, {atoms} atoms, steps of {STEP:g} to {TOLERANCE:g} eV/angstrom, {many[2]} drops: {statistics.median(ours):.3f} s a step, "
          f"LAMMPS {statistics.median(theirs):.3f} s, ratio {ratio:.2f} (target {TARGET}: {'met' if ratio <= TARGET else 'NOT met'}); "
          f"energies differ by {apart:.1e} eV")
    sys.exit(0 if ratio <= TARGET and apart < 1e-6 * atoms else 1)


if __name__ == "__main__":
    main()
