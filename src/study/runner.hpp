/// Runs the steps of a study that are not in its store yet, and writes one report.
///
///     OUT/store/KEY/   result folder of the step with that key; engine/ inside holds an engine's checkpoints
///     OUT/NAME         link to the folder of the step's present result
///     OUT/report.html  the story in the order of the file
///
/// Steps that need no result of each other run side by side: molecular-dynamics steps by their number of processes, native
/// ones alone with all threads. Killed at any point, the next run goes on.
#pragma once

#include <filesystem>

#include "core/context.hpp"
#include "study/study_file.hpp"

namespace heteroglass::study {

struct StudySummary {
  std::filesystem::path report;
  std::size_t ran = 0, cached = 0;
};

/// @param threads cores to use. @throws Error of the first step that fails, its name in front; finished steps are kept.
StudySummary run_study(const StudyFile& study, const std::filesystem::path& directory, int threads, Context& context);

}  // namespace heteroglass::study
