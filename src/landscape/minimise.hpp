/// Moves a configuration into its nearest energy minimum, the inherent structure; the cell too when asked.
///
///     f_i = -dE/dr_i,   converged when max_i |f_i| <= force_tolerance;   sigma = (1/V) sum_pairs r (x) f
///
/// Velocities are set to zero. Stress is that of the potential (virial), positive in tension; pressure is minus a third of its
/// trace. With `relax_box` the cell changes until the stress is `stress`: `isotropic` scales it (the mean normal stress
/// meets its target), `orthogonal` changes the three lengths, `full` all six strains. Methods: see descent.hpp; a tight tolerance matters: at
/// 1e-3 eV/angstrom two methods place plastic events at different strains, at 1e-6 they agree.
/// Displacements are from the start, beyond the change of the cell, less their mean.
/// The minimum is one of many: far from it, methods and step lengths may lead to different ones.
/// Errors: energies are those of the minimum up to about N f^2 / (2 k), f the residual force, k a soft stiffness.
/// Cost: 100 to 1,000 force evaluations from a thermal glass. When not: to anneal, or to compare glasses made at different rates (then
/// make them so; minimising leaves them as they are).
/// References: Stillinger, Weber, Phys. Rev. A 25, 978 (1982), doi:10.1103/PhysRevA.25.978; Nocedal, Math. Comp. 35, 773 (1980),
/// doi:10.1090/S0025-5718-1980-0572855-7; Guenole et al., Comput. Mater. Sci. 175, 109584 (2020), doi:10.1016/j.commatsci.2020.109584.
#pragma once

#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/field.hpp"
#include "core/frame.hpp"

namespace heteroglass::landscape {

struct MinimiseOptions {
  std::string potential = "CuZr-Mendelev2007";
  double force_tolerance = 1e-6;  ///< [eV/angstrom]
  std::string method = "lbfgs";
  std::string relax_box = "none";
  std::vector<double> stress = {0};  ///< [GPa] target: one value (xx = yy = zz) or six (xx, yy, zz, yz, xz, xy)
  double stress_tolerance = 1e-4;    ///< [GPa]
  double max_step = 0.1;             ///< [angstrom]
  int max_evaluations = 100000;
  static const Fields& fields();
};

struct Minimise {
  double energy = 0, energy_per_atom = 0, energy_start = 0;  ///< [eV]
  int force_evaluations = 0;
  double residual_force = 0;  ///< [eV/angstrom]
  bool converged = false;
  std::vector<std::string> component;        ///< xx, yy, zz, yz, xz, xy
  std::vector<double> stress, stress_start;  ///< [GPa, (component)]
  double pressure = 0;                       ///< [GPa]
  double volume_per_atom = 0;                ///< [angstrom^3]
  double density = 0;                        ///< [g/cm^3] NaN without masses
  double displacement_rms = 0, displacement_largest = 0;
  std::vector<Frame> configuration;
  Matrix displacement;  ///< [angstrom, (atoms, 3)]
  std::vector<double> displacement_length, potential_energy;
  std::string potential_reference;
  static const Fields& fields();
};

/// @throws InputError (potential, species, options), NumericalError when forces are not finite
Minimise minimise(const Frame& frame, const MinimiseOptions& options = {}, Context& context = Context::quiet());

/// The configuration with other positions in another cell: wrapped, images counted, velocities zero, per-atom properties gone.
Frame moved(const Frame& frame, const Box& box, std::vector<Vec3> position);

}  // namespace heteroglass::landscape
