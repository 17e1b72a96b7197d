/// Runs LAMMPS jobs to their end: what is done already is not done again, independent jobs go side by side.
///
/// Before anything runs the inputs are written beside the results with a manifest of their hashes. A directory that holds chunks of
/// other inputs is refused. The end of a chunk is the rename of its restart file, so a job may be killed at any time.
#pragma once

#include <span>
#include <string>

#include "core/context.hpp"
#include "engine/job.hpp"
#include "engine/lammps_options.hpp"

namespace heteroglass::engine {

/// The directory of an analysis: context.directory, or a temporary one that is removed at the end.
class Workspace {
 public:
  /// @throws InputError when nothing is to be kept but --write-only asks for files
  Workspace(const Context& context, const LammpsOptions& options);
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;
  ~Workspace();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  bool temporary_ = false;
};

/// Runs the missing chunks. Returns false when --write-only stopped it before any ran.
/// @throws EngineError (one line: stage, LAMMPS' error, failing command, end of its output), InputError (a directory of other inputs), Interrupted
bool run_jobs(std::span<const Job> jobs, const LammpsOptions& options, Context& context);

/// Index of the first chunk that is still to do.
std::size_t first_missing(const Job& job, const std::vector<Chunk>& all);
/// Done part of a job, from its files: steps (a minimisation counts as 500) of all steps.
double done_fraction(const Job& job, const std::vector<Chunk>& all);
/// The last step that a log has written as a whole row; -1: none yet.
long last_logged_step(const std::filesystem::path& log);
/// One line from what LAMMPS printed: its error, the failing command and the last lines.
std::string error_summary(const std::filesystem::path& output);
/// Version of LAMMPS from what it printed, or empty.
std::string engine_version(const Job& job);

}  // namespace heteroglass::engine
