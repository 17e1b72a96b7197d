/// What shear and uniaxial tests share: equilibrate a configuration, deform the box at a constant rate, keep configurations.
#pragma once

#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/curve.hpp"
#include "core/field.hpp"
#include "engine/job.hpp"
#include "engine/lammps_options.hpp"

namespace heteroglass::deform {

struct DrivenOptions {
  std::string potential = "CuZr-Mendelev2007";
  double rate = 5e9;              ///< [1/s] engineering strain rate
  double temperature = 300;       ///< [K]
  double max_strain = 0.1;        ///< [1]
  double equilibration_time = 5;  ///< [ps] at zero pressure before
  double timestep = 0.005;        ///< [ps]
  int frames = 11;                ///< configurations kept, at equal strains from 0 to the last
  bool inherent = false;          ///< minimise them too
  double force_tolerance = 1e-4;  ///< [eV/angstrom]
  double modulus_strain = 0.02;   ///< [1]
  int windows = 50;               ///< of the averaged curve
  int seed = 1;                   ///< of the velocities, when the input has none
  engine::LammpsOptions engine;

  static const Fields& fields();
};

/// For --dry-run: checks the potential's name and says what the test costs. @throws InputError
std::string driven_cost(const DrivenOptions& options, double atoms);

/// How a test drives the box.
struct Drive {
  std::string name;         ///< of the stage
  std::string start;        ///< commands once, after reading
  std::string equilibrate;  ///< integrator before
  std::string integrate;    ///< integrator during the test
  std::string deform;       ///< "xy erate", "x erate": completed by the signed rate
  double sign = 1;          ///< of the rate
};

struct DrivenRun {
  Curve log;
  double atoms = 0;
  std::vector<Frame> configuration, inherent;
  std::vector<double> frame_strain;
  std::string engine_version;
  bool written_only = false;
  bool adopted = false;
};

/// @throws InputError, EngineError, Interrupted
DrivenRun drive(const Frame& frame, const Drive& how, const DrivenOptions& options, Context& context);

}  // namespace heteroglass::deform
