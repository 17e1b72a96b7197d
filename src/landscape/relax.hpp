/// Moves atoms, and the cell if asked, downhill to a minimum of the energy: the engine of `landscape minimise`, `deform aqs`,
/// `landscape saddles` and `landscape local_yield`.
///
/// Convergence is on the largest force component norm: max_i |f_i| <= force_tolerance over the atoms free to move.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "potential/potential.hpp"

namespace heteroglass::landscape {

enum class Method { fire, lbfgs, newton };

struct Relaxation {
  Method method = Method::lbfgs;
  double force_tolerance = 1e-6;  ///< [eV/angstrom, epsilon/sigma]
  int max_evaluations = 100000;
  double max_step = 0.1;         ///< [angstrom, sigma] longest move of an atom in one step
  std::span<const char> frozen;  ///< (atoms) nonzero: does not move; empty: all move
};

struct Relaxed {
  double energy = 0;
  double residual_force = 0;  ///< max |f_i| over free atoms
  int force_evaluations = 0;
  bool converged = false;
};

/// At fixed cell. Positions are overwritten by the minimum (or by the best point when not converged).
/// @throws NumericalError when forces are not finite; Interrupted.
Relaxed relax(potential::Calculator& calculator, const Box& box, std::span<Vec3> position, const Relaxation& how,
              Context& context = Context::quiet());

/// Also the cell, to a target stress. `free[k]` tells which strain components (Voigt) may change; the others keep the cell.
struct CellRelaxation {
  potential::Voigt stress{};  ///< [GPa or lj] target, positive in tension
  std::array<bool, 6> free{true, true, true, true, true, true};
  double stress_tolerance = 1e-4;  ///< [GPa or lj]
};
Relaxed relax_cell(potential::Calculator& calculator, Box& box, std::vector<Vec3>& position, const Relaxation& how,
                   const CellRelaxation& cell, double pressure_unit, Context& context = Context::quiet());

}  // namespace heteroglass::landscape
