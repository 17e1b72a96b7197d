/// Makes a metallic glass: melt, equilibrate, cool by a schedule at constant pressure, hold, minimise. Runs in LAMMPS.
///
/// The start is a lattice with exact composition; it is kept at the melt temperature for `melt_time` (npt, isotropic), cooled to each
/// target of the schedule at its rate, held at the last temperature, and minimised (velocities zeroed, box fixed unless `relax_box`): the
/// inherent structure. The melt's inherent structure is kept for comparison. T_g comes from two lines through V(T) and H(T)
/// (sample/glass_transition), H = E + P0 V; a rate that changes within a line shifts it, and the note of T_g says where. The default
/// schedule changes it at 1100 K and 600 K, within both lines: cheap, good for a glass, less so for T_g.
/// Members are independent: own start, own velocities.
///
/// Thermostat Nose-Hoover 0.1 ps, barostat 2 ps. Energies and densities are those of the potential: CuZr-Mendelev2007 is 2-3 % too light.
/// Rates below 1e10 K/s are days of computing. Cost: atoms x steps / 250,000 seconds on one core (EAM).
/// A run that is killed goes on from its last checkpoint when started again in the same directory, and ends bit for bit the same.
/// Reference: Mendelev, Sordelet, Kramer, J. Appl. Phys. 102, 043501 (2007), doi:10.1063/1.2769157;
/// Stillinger, Weber, Phys. Rev. A 25, 978 (1982), doi:10.1103/PhysRevA.25.978 (inherent structures).
#pragma once

#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/field.hpp"
#include "engine/lammps_options.hpp"

namespace heteroglass::sample {

struct QuenchOptions {
  std::string composition = "Cu64Zr36";
  std::string potential = "CuZr-Mendelev2007";
  int atoms = 2000;
  int members = 1;                                                                        ///< independent samples
  double melt_temperature = 2000;                                                         ///< [K]
  double melt_time = 10;                                                                  ///< [ps]
  std::vector<std::string> schedule = {"1100K:1e14K/s", "600K:1e13K/s", "300K:5e13K/s"};  ///< TEMPERATURE:RATE or :TIME
  double hold_time = 5;     ///< [ps] at the end of the schedule, for the density
  double pressure = 0;      ///< [GPa]
  double timestep = 0.005;  ///< [ps]
  int seed = 1;
  double force_tolerance = 1e-4;  ///< [eV/angstrom] largest force on an atom after minimising
  bool relax_box = false;         ///< minimise the box as well
  double bin = 20;                ///< [K] of V(T) and H(T)
  engine::LammpsOptions engine;

  static const Fields& fields();
};

struct Quench {
  std::vector<Frame> configuration;                                                 ///< inherent structure of each member
  std::vector<Frame> glass;                                                         ///< thermal configuration at the end of the schedule
  std::vector<Frame> liquid;                                                        ///< inherent structure of the melt
  std::vector<Frame> melt;                                                          ///< thermal configuration of the melt
  std::vector<double> temperature, volume, volume_error, enthalpy, enthalpy_error;  ///< over the bins
  Measured glass_transition_volume, glass_transition_enthalpy;                      ///< [K]
  Table glass_transition_fit;                                                       ///< ranges, slopes and parts of the error
  Measured density;                                                                 ///< [g/cm^3] held at the end
  Measured energy, liquid_energy;                                                   ///< [eV] per atom, of the inherent structures
  Measured crystalline_fraction, laves_fraction;
  bool crystallised = false;
  Table samples;  ///< a row for each member
  std::string potential_reference, engine_version;
  bool written_only = false;

  static const Fields& fields();
};

/// @throws InputError, EngineError, Interrupted
Quench quench(const QuenchOptions& options, Context& context = Context::quiet());

}  // namespace heteroglass::sample
