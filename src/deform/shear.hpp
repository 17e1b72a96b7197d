/// Simple shear at a constant rate and temperature in LAMMPS: stress-strain curve, shear modulus, yield.
///
///     gamma = (xy - xy_0) / l_y = rate t,   tau = -p_xy
///
/// for the plane xy (displacement along the first letter, gradient along the second). The box tilts at constant volume, atoms are
/// displaced with it (remap x), Nose-Hoover at the given temperature; before, it is equilibrated at zero pressure. Box flips are
/// switched off, so strain and images stay continuous; above a tilt of one half LAMMPS slows down. Stress is the virial with the kinetic part, in
/// GPa, positive along the strain. With `inherent` the kept configurations are minimised at their strain: the first is the minimised
/// reference that deform/strain and links/correlate take.
/// MD rates are 1e7 to 1e11 1/s; the yield stress grows with the rate and exceeds the laboratory's. For zero rate use deform/aqs.
/// Cost: atoms x max_strain / (rate x timestep) / 250,000 seconds on one core.
/// Reference: Falk, Langer, Phys. Rev. E 57, 7192 (1998), doi:10.1103/PhysRevE.57.7192.
#pragma once

#include "deform/driven.hpp"

namespace heteroglass::deform {

struct ShearOptions {
  std::string plane = "xy";
  DrivenOptions test;

  static const Fields& fields();
};

struct Shear {
  std::vector<double> strain, stress, stress_error;  ///< windows
  std::vector<double> strain_raw, stress_raw;        ///< every logged row
  std::vector<double> pressure, temperature;         ///< [GPa], [K] windows
  Measured shear_modulus;                            ///< [GPa]
  Measured yield_strain, yield_stress;               ///< 0.2 % offset
  Measured peak_strain, peak_stress;
  std::vector<double> frame_strain;  ///< of the kept configurations
  std::vector<Frame> configuration, inherent;
  std::string engine_version;
  bool written_only = false;

  static const Fields& fields();
};

/// @throws InputError, EngineError, Interrupted
Shear shear(const Frame& frame, const ShearOptions& options, Context& context = Context::quiet());

}  // namespace heteroglass::deform
