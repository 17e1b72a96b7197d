/// Elastic constants of a minimum: affine (Born) and nonaffine parts, or finite strains with relaxation, or both.
///
///     C_kl = C_kl^Born - (1/V) Xi_k . H^-1 Xi_l                      (born; see strain_response.hpp)
///     C_kl = [s_k(+e_l) - s_k(-e_l)] / 2 e                            (finite-strain: cell strained by e, atoms relaxed)
///
/// Voigt order xx, yy, zz, yz, xz, xy; shears count gamma. `stiffness` is the slope of the Cauchy stress against strain at the present stress,
/// which is what a test measures and what LAMMPS gives; under stress it differs from the second derivative of the energy (moduli.hpp),
/// and `stress` tells by how much to expect. Simple shear also turns the frame: its slope is C_66 + (s_yy - s_xx) / 2, given as `simple_shear`.
/// Moduli are Hill's averages unless asked otherwise, with errors from the scatter of directions: what a glass of so few atoms leaves
/// uncertain. Samples of one glass scatter more or less the same. In a crystal that "error" is its anisotropy.
/// Kinetic and fluctuation terms of a finite temperature are left out: these are constants at 0 K.
/// Not for frames at temperature: minimise first (forces above force_limit are refused), and not for a cell with open sides (its volume
/// is not that of the glass). With a two-dimensional potential "per volume" is per area times the height of the box.
/// Cost: conjugate gradients, about 100 to 400 products of six vectors; finite strain twelve minimisations.
/// References: Lutsko, J. Appl. Phys. 65, 2991 (1989), doi:10.1063/1.342716; Lemaitre, Maloney, J. Stat. Phys. 123, 415 (2006),
/// doi:10.1007/s10955-005-9015-5; Barron, Klein, Proc. Phys. Soc. 85, 523 (1965), doi:10.1088/0370-1328/85/3/313.
#pragma once

#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::landscape {

struct ElasticOptions {
  std::string potential = "CuZr-Mendelev2007";
  std::string method = "born";
  std::string average = "hill";
  std::string solver = "auto";
  double strain = 1e-5;           ///< [1] of finite-strain
  double force_limit = 1e-3;      ///< [eV/angstrom]
  double force_tolerance = 1e-8;  ///< [eV/angstrom] of finite-strain
  double tolerance = 1e-8;        ///< [1] relative residual of the nonaffine displacements
  static const Fields& fields();
};

struct Elastic {
  std::vector<std::string> component;
  Matrix stiffness, stiffness_affine, stiffness_finite_strain;  ///< [GPa, (6, 6)]
  Measured bulk_modulus, shear_modulus, youngs_modulus, poisson_ratio;
  Measured shear_modulus_affine, bulk_modulus_affine;
  double bulk_modulus_voigt = 0, bulk_modulus_reuss = 0, shear_modulus_voigt = 0, shear_modulus_reuss = 0;
  std::vector<double> simple_shear;  ///< [GPa, (yz, xz, xy)]
  double anisotropy = 0;
  double method_difference = 0;  ///< [1] largest difference of the two methods over the largest constant
  std::vector<double> stress;    ///< [GPa, (6)]
  double residual_force = 0;     ///< [eV/angstrom]
  double iterations = 0;
  static const Fields& fields();
};

/// @throws InputError for a frame that is no minimum; NumericalError for one with negative modes
Elastic elastic(const Frame& frame, const ElasticOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::landscape
