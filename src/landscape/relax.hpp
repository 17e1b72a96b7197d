/// Moves atoms, and the cell if asked, downhill to a minimum of the energy: the engine of `landscape minimise`, `deform aqs`,
/// `landscape saddles` and `landscape local_yield`.
///
/// Convergence is on the longest force vector: max_i |f_i| <= force_tolerance over the atoms free to move. Methods: see descent.hpp.
/// `lbfgs` needs the fewest evaluations nearly always; `fire` follows the valley most closely; `newton` counts a product with the
/// second derivative as one evaluation.
///
/// The cell: positions r = F y, with the free entries of F (upper triangle, so that a LAMMPS cell stays one) as further
/// variables scaled by J = (V/N)^(1/3) sqrt(N) (Sheppard et al., J. Chem. Phys. 136, 074103 (2012), doi:10.1063/1.3684549),
///
///     W(F, y) = E(F y) - V_0 sum_k t_k e_k,    dE/dF = V sigma F^-T,
///
/// e_k the entries of F - 1, restarted from the cell reached until the Cauchy stress is the target t.
#pragma once

#include <array>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "landscape/descent.hpp"
#include "potential/potential.hpp"

namespace heteroglass::landscape {

struct Relaxation {
  Method method = Method::lbfgs;
  double force_tolerance = 1e-6;  ///< [eV/angstrom, epsilon/sigma]
  int max_evaluations = 100000;
  double max_step = 0.1;                                         ///< [angstrom, sigma] longest move of an atom in one step
  std::span<const char> frozen = {};                             ///< (atoms) nonzero: does not move; empty: all move
  double stop_below = -std::numeric_limits<double>::infinity();  ///< [eV, epsilon] leave as soon as the energy is lower
  CurvatureMemory* memory = nullptr;                             ///< of lbfgs, from a neighbouring problem; null: starts without
};

struct Relaxed {
  double energy = 0;
  double residual_force = 0;  ///< max |f_i| over free atoms
  int force_evaluations = 0;
  bool converged = false;
  bool left = false;    ///< the energy fell below stop_below
  std::string message;  ///< why it did not converge
};

/// At fixed cell. Positions are overwritten by the minimum (or by the last point when not converged).
/// @throws NumericalError when forces are not finite; Interrupted.
Relaxed relax(potential::Calculator& calculator, const Box& box, std::span<Vec3> position, const Relaxation& how,
              Context& context = Context::quiet());

/// Also the cell, to a target stress. `free[k]` tells which strain components (Voigt) may change; the others keep the cell.
struct CellRelaxation {
  potential::Voigt stress{};  ///< [GPa or lj] target, positive in tension
  std::array<bool, 6> free{true, true, true, true, true, true};
  double stress_tolerance = 1e-4;  ///< [GPa or lj]
  bool isotropic = false;          ///< the three lengths keep their ratios; only the mean of the normal stresses reaches its target
};
/// Frozen atoms keep their place relative to the cell. `stop_below` and `energy` mean E, without the work of the target stress.
Relaxed relax_cell(potential::Calculator& calculator, Box& box, std::vector<Vec3>& position, const Relaxation& how,
                   const CellRelaxation& cell, double pressure_unit, Context& context = Context::quiet());

/// "lbfgs", "fire", "newton". @throws InputError
Method method(const std::string& name);

}  // namespace heteroglass::landscape
