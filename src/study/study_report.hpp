/// The one page of a study, and the list of its parts from which the page can be made again.
#pragma once

#include <filesystem>

#include "study/study_file.hpp"

namespace heteroglass::study {

/// OUT/study.json: title, prose, and the steps in the order of the file.
void write_story(const StudyFile& study, const std::filesystem::path& directory);
/// Writes OUT/report.html from OUT/study.json and the finished steps. @throws InputError when a step is missing.
std::filesystem::path write_study_report(const std::filesystem::path& directory);

}  // namespace heteroglass::study
