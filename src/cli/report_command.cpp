#include "cli/report_command.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "core/error.hpp"
#include "io/atomic_file.hpp"
#include "report/report.hpp"
#include "run/many.hpp"
#include "study/study_report.hpp"

namespace heteroglass::cli {

int report_command(const std::vector<std::string>& arguments) {
  namespace fs = std::filesystem;
  if (arguments.size() != 1) throw InputError(fmt::format("report: takes one result or study folder, got {} arguments", arguments.size()));
  const fs::path directory = arguments[0];
  fs::path page = directory / "report.html";
  if (fs::exists(directory / "study.json")) {
    page = study::write_study_report(directory);
  } else if (fs::exists(directory / "result.json")) {
    if (run::write_report_of_many(directory)) return std::printf("%s\n", fs::absolute(page).lexically_normal().c_str()), 0;
    report::Document document;
    document.title = directory.filename().string();
    document.sections.push_back({document.title, "", io::read_file(directory / "result.json"), directory});
    io::write_file(page, report::html(document));
  } else {
    throw InputError(fmt::format("{}: must hold a finished result (result.json) or study (study.json), and does not", directory.string()));
  }
  std::printf("%s\n", fs::absolute(page).lexically_normal().c_str());
  return 0;
}

}  // namespace heteroglass::cli
