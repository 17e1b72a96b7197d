/// LAMMPS commands that several runs share.
#pragma once

#include <string>

namespace heteroglass::engine {

/// Maxwell velocities without drift.
std::string velocity_commands(double temperature, int seed);
/// Conjugate gradients until the largest force on an atom is below `force_tolerance` [eV/angstrom]; with the box at `bar` if asked.
std::string minimise_commands(double force_tolerance, bool relax_box = false, double bar = 0);

}  // namespace heteroglass::engine
