/// Uniaxial tension or compression at a constant rate and temperature in LAMMPS: stress-strain curve, Young's modulus, Poisson's ratio, yield.
///
///     epsilon = |l - l_0| / l_0 = rate t,   sigma = -+ p_aa
///
/// along the axis a. Strain and stress are counted positive in the direction of loading, so compression gives the same picture as
/// tension. `lateral` zero-pressure lets the two other edges relax to zero stress (uniaxial stress; slope = Young's modulus, and
/// Poisson's ratio from the lateral strain); fixed keeps them (uniaxial strain; slope = longitudinal modulus). Stress is Cauchy's, from
/// the virial with the kinetic part, in GPa. Before the test each edge is equilibrated at zero pressure.
/// A periodic box has no surfaces: necking and shear offset are suppressed, strengths are upper bounds.
/// Cost: atoms x max_strain / (rate x timestep) / 250,000 seconds on one core.
/// Reference: Schuh, Hufnagel, Ramamurty, Acta Mater. 55, 4067 (2007), doi:10.1016/j.actamat.2007.01.052.
#pragma once

#include "deform/driven.hpp"

namespace heteroglass::deform {

struct UniaxialOptions {
  std::string axis = "z";
  std::string mode = "tension";
  std::string lateral = "zero-pressure";
  DrivenOptions test;

  static const Fields& fields();
};

struct Uniaxial {
  std::vector<double> strain, stress, stress_error;  ///< windows
  std::vector<double> lateral_strain;                ///< [1] mean of the two other edges, negative when they shrink
  std::vector<double> strain_raw, stress_raw;
  std::vector<double> temperature;      ///< [K]
  Measured youngs_modulus;              ///< [GPa] longitudinal modulus when the sides are fixed
  Measured poisson_ratio;               ///< NaN when the sides are fixed
  Measured yield_strain, yield_stress;  ///< 0.2 % offset
  Measured peak_strain, peak_stress;
  std::vector<double> frame_strain;
  std::vector<Frame> configuration, inherent;
  std::string engine_version;
  bool written_only = false;

  static const Fields& fields();
};

/// @throws InputError, EngineError, Interrupted
Uniaxial uniaxial(const Frame& frame, const UniaxialOptions& options, Context& context = Context::quiet());

}  // namespace heteroglass::deform
