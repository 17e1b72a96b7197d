/// How LAMMPS is run: the options that every analysis with molecular dynamics shares.
#pragma once

#include <string>
#include <vector>

#include "core/field.hpp"

namespace heteroglass::engine {

struct LammpsOptions {
  std::string lammps;              ///< program; empty: $HETEROGLASS_LAMMPS, else lmp on PATH
  std::string lammps_args;         ///< further arguments; empty: -sf opt
  std::string launcher;            ///< e.g. "srun -n 64"; empty: mpirun when ranks > 1, else none
  int ranks = 1;                   ///< [1] MPI processes of one run
  int checkpoint_interval = 5000;  ///< [1] steps per chunk
  bool write_only = false;         ///< write scripts and inputs, run nothing
  int parallel = 0;                ///< [1] independent runs side by side; 0: threads / ranks
  std::string adopt;               ///< finished LAMMPS directory to read instead of running

  static const Fields& fields();

  /// The program. @throws EngineError saying how to get it
  std::string program() const;
  /// Launcher, program and arguments, without `-in`.
  std::vector<std::string> command_line() const;
  std::vector<std::string> engine_arguments() const;  ///< what follows the program
  int side_by_side() const;                           ///< [1] runs at a time
};

}  // namespace heteroglass::engine
