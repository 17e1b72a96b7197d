/// What a molecular-dynamics run will cost, in a line, for --dry-run.
#pragma once

#include <string>

#include "engine/lammps_options.hpp"

namespace heteroglass::engine {

/// Atom-steps a second and core that an EAM alloy makes in LAMMPS on a 2020s processor: 0.2-0.35 million were measured.
inline constexpr double atom_steps_per_second = 2.5e5;

/// "2 runs of 18300 steps with 2000 atoms, 2 side by side: about 2 min 26 s at ...". Minimisations are not counted.
std::string cost_text(double steps, double atoms, int runs, const LammpsOptions& options);

}  // namespace heteroglass::engine
