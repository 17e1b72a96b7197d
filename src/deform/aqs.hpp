/// Athermal quasistatic loading: stress and energy along a path of minima, every plastic drop located and described.
///
///     simple-shear  r_a += gamma r_b              stress sigma_ab                    dE = V sigma_ab dgamma
///     pure-shear    a times e^(gamma/2), b / it   stress (sigma_aa - sigma_bb) / 2   dE = V stress dgamma
///     uniaxial      a times 1 + strain            stress sigma_aa, lateral stresses zero
///
/// for the plane ab or the axis a. Each step deforms affinely, adds the extrapolated non-affine displacement, and minimises; a step that
/// releases heat is bisected until its drop is known to `strain_tolerance` (deform/quasistatic.hpp). Shear keeps the volume. A
/// negative max_strain loads the other way, uniaxially in compression. Stress is in tension positive, Cauchy, and starts at the residual
/// stress of the configuration; the potential's part only (there is no kinetic one at rest). Cyclic: 0, A, -A, 0 in each of `cycles`.
///
/// `shear_modulus` is the initial slope of the first elastic branch at zero temperature, from the points up to a strain of 1e-3 before the first
/// drop; a branch bends as the square root of the way left to its drop, which the fit allows for (aqs_path.hpp). `modulus_static` is the same
/// from second derivatives without any step (tangent_modulus.hpp); the error of the slope is not less than their distance. Yield is the 0.2 % offset of deform/stress_strain.hpp with
/// the line up to modulus_strain: in a small sample few drops decide it. Drops: table in deform/quasistatic.hpp; drops follow from
/// each other, so a change of tolerance or method changes what comes after the first few.
/// The error of a drop's strain is that of the last interval of the bisection, and the strain beyond the drop up to which the force along the mode
/// that has become unstable stays below the force tolerance: a minimiser may stop there (FIRE does). At 1e-6 eV/angstrom it is some 1e-7 to 2e-6,
/// and grows in proportion: at 1e-3 drops come late.
/// When not: for rates and temperatures (deform/shear), or avalanche exponents from one small sample.
/// Cost: about 80 force evaluations a step of 1e-4, and some 3,000 a drop. Memory: some 20 copies of the positions.
/// References: Malandro, Lacks, J. Chem. Phys. 110, 4593 (1999), doi:10.1063/1.478340; Maloney, Lemaitre, Phys. Rev. E 74, 016118
/// (2006), doi:10.1103/PhysRevE.74.016118.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/field.hpp"
#include "core/frame.hpp"

namespace heteroglass::deform {

struct AqsOptions {
  std::string potential = "CuZr-Mendelev2007";
  std::string mode = "simple-shear";
  std::string plane = "xy", axis = "z";
  double strain_step = 1e-4;
  double max_strain = 0.1;
  double force_tolerance = 1e-6;  ///< [eV/angstrom]
  std::string method = "lbfgs";
  bool bisect = true;
  double strain_tolerance = 1e-6;
  double least_drop = 1e-4;        ///< [eV]
  double moved = 0.1;              ///< [angstrom]
  double stress_tolerance = 1e-4;  ///< [GPa] lateral
  std::vector<double> keep = {};
  int cycles = 0;
  double amplitude = 0.05;
  double modulus_strain = 0.01;  ///< of the line of yield
  int windows = 50;
  std::optional<double> r_cut = {};  ///< [angstrom] of D2min
  static const Fields& fields();
};

struct Aqs {
  std::vector<double> strain, stress, energy, pressure;  ///< [1], [GPa], [eV], [GPa] at the steps
  std::vector<double> d2min_step, d2min_step_largest;    ///< [angstrom^2] against the step before: mean and largest over the atoms
  Measured shear_modulus, youngs_modulus;                ///< [GPa]
  Measured modulus_static;                               ///< [GPa] see deform/tangent_modulus.hpp
  Measured yield_strain, yield_stress, peak_strain, peak_stress;
  Table drops, cycles;
  double dissipated = 0, energy_balance = 0;  ///< [eV]
  double force_evaluations = 0, evaluations_per_step = 0, residual_force = 0, unconverged_steps = 0;
  double least_drop = 0;  ///< [eV] used
  double r_cut = 0;
  std::vector<double> frame_strain;
  std::vector<Frame> configuration;
  std::vector<double> d2min_sum, d2min_mean, shear_strain;  ///< (atoms), the last against the first configuration
  Matrix nonaffine_displacement;
  std::string potential_reference;
  static const Fields& fields();
};

/// @throws InputError, NumericalError, Interrupted
Aqs aqs(const Frame& frame, const AqsOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::deform
