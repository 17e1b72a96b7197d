/// Results of a finished job: thermodynamic rows and kept configurations.
#pragma once

#include <string>

#include "core/curve.hpp"
#include "core/frame.hpp"
#include "engine/job.hpp"

namespace heteroglass::engine {

/// The rows of a stage, the chunks' logs joined; the row that a chunk repeats from the one before is dropped.
/// Columns as LAMMPS names them (Step, Time, Temp, PotEng, Volume, Pxx, ...). @throws FormatError
Curve stage_log(const Job& job, const std::string& stage);
/// The configuration kept at a step of a stage (-1: its end), with the species of the job's start. @throws FormatError
Frame kept_frame(const Job& job, const std::string& stage, long step = -1);
/// Number of atoms is constant, so extensive columns are divided by it here.
std::vector<double> per_atom(const Curve& log, const std::string& column, const Job& job);

}  // namespace heteroglass::engine
