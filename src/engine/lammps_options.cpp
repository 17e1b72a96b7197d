#include "engine/lammps_options.hpp"

#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <cstdlib>

#include "core/error.hpp"
#include "engine/process.hpp"

namespace heteroglass::engine {

const Fields& LammpsOptions::fields() {
  static const Fields table = {
      field<&LammpsOptions::lammps>("lammps", "", "LAMMPS program; empty: $HETEROGLASS_LAMMPS, else lmp on PATH").not_in_key(),
      field<&LammpsOptions::lammps_args>("lammps_args", "", "arguments for LAMMPS, e.g. \"-sf kk -k on g 1\"; empty: -sf opt"),
      field<&LammpsOptions::launcher>("launcher", "", "what starts LAMMPS, e.g. \"srun -n {ranks}\"; empty: mpirun when ranks > 1")
          .not_in_key(),
      field<&LammpsOptions::ranks>("ranks", "1", "MPI processes of one run").range(1, 1e6),
      field<&LammpsOptions::checkpoint_interval>("checkpoint_interval", "1",
                                                 "steps between checkpoints; at most these are lost when killed")
          .range(10, 1e9),
      field<&LammpsOptions::write_only>("write_only", "", "write scripts and inputs, run nothing").not_in_key(),
      field<&LammpsOptions::parallel>("parallel", "1", "independent runs side by side; 0: threads / ranks").range(0, 1e6).not_in_key(),
      field<&LammpsOptions::adopt>("adopt", "", "take the results of a finished LAMMPS directory instead of running"),
  };
  return table;
}

std::string LammpsOptions::program() const {
  const char* fallback = std::getenv("HETEROGLASS_LAMMPS");
  const std::string name = !lammps.empty() ? lammps : fallback && *fallback ? fallback : "lmp";
  const std::filesystem::path found = find_program(name);
  if (found.empty())
    throw EngineError(
        fmt::format("lammps: the LAMMPS program must be on PATH or be named by --lammps or $HETEROGLASS_LAMMPS, got no "
                    "executable '{}'; on Debian: apt install lammps lammps-data",
                    name));
  return found.string();
}

std::vector<std::string> LammpsOptions::engine_arguments() const {
  return lammps_args.empty() ? std::vector<std::string>{"-sf", "opt"} : split_arguments(lammps_args, "lammps_args");
}

std::vector<std::string> LammpsOptions::command_line() const {
  std::vector<std::string> line = split_arguments(launcher, "launcher");
  if (line.empty() && ranks > 1) line = {"mpirun", "-np", "{ranks}"};
  for (std::string& word : line)
    if (const std::size_t at = word.find("{ranks}"); at != std::string::npos) word.replace(at, 7, std::to_string(ranks));
  if (!line.empty() && find_program(line.front()).empty())
    throw EngineError(fmt::format("launcher: the program must be on PATH, got no executable '{}'", line.front()));
  line.push_back(program());
  for (std::string& a : engine_arguments()) line.push_back(std::move(a));
  return line;
}

int LammpsOptions::side_by_side() const { return parallel > 0 ? parallel : std::max(1, omp_get_max_threads() / std::max(1, ranks)); }

}  // namespace heteroglass::engine
