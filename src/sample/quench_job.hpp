/// The LAMMPS stages of a quench.
#pragma once

#include <vector>

#include "engine/job.hpp"
#include "sample/quench.hpp"
#include "sample/schedule.hpp"

namespace heteroglass::sample {

/// Stages melt, liquid (minimised melt), cool-1 .. cool-n, hold, inherent of member `member`. @throws InputError
engine::Job quench_job(const QuenchOptions& options, const engine::Potential& potential, const std::vector<Ramp>& schedule, int member,
                       const std::filesystem::path& directory);

}  // namespace heteroglass::sample
