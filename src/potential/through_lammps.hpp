/// Any potential that LAMMPS has, through a LAMMPS process that lives as long as its calculator.
///
///     kim:MODEL          an installed OpenKIM model (MEAM, EMT, ...), e.g. of Debian's openkim-models
///     lammps:FILE        a file with pair_style and pair_coeff commands; {species} stands for the frame's species in order of type
///
/// Positions go out as a dump that the process reads, energies and forces come back through a pipe. Everything that is not energy, force
/// or virial is made of differences: H v from two evaluations, the whole Hessian from 6 N, Born terms from 12. An evaluation costs LAMMPS'
/// own time and about ten microseconds an atom for the text. Use the native potentials where there is a choice.
/// Commands that must come before the box (newton, atom_modify, package, suffix, processors) may stand in FILE too. Files named in it
/// are looked for in the current directory and $LAMMPS_POTENTIALS. LAMMPS is $HETEROGLASS_LAMMPS or `lmp` on PATH.
/// Any cell works, also one that LAMMPS cannot hold: it is turned for LAMMPS, and forces and virial are turned back.
/// Reference: Thompson et al., Comput. Phys. Commun. 271, 108171 (2022), doi:10.1016/j.cpc.2021.108171;
/// Tadmor et al., JOM 63, 17 (2011), doi:10.1007/s11837-011-0102-6 (OpenKIM).
#pragma once

#include <string>

#include "potential/potential.hpp"

namespace heteroglass::potential {

bool is_lammps(const std::string& name);
/// @throws InputError (no such file), EngineError (LAMMPS is missing or refuses the potential: with its message)
std::shared_ptr<const Potential> lammps(const std::string& name, const Frame& frame);

}  // namespace heteroglass::potential
