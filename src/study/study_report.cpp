#include "study/study_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "io/atomic_file.hpp"
#include "report/report.hpp"
#include "version.hpp"

namespace heteroglass::study {

void write_story(const StudyFile& study, const std::filesystem::path& directory) {
  nlohmann::ordered_json story = {{"title", study.title}, {"text", study.text}, {"steps", nlohmann::ordered_json::array()}};
  std::vector<const Step*> steps;
  for (const Step& step : study.steps) steps.push_back(&step);
  std::sort(steps.begin(), steps.end(), [](const Step* a, const Step* b) { return a->place < b->place; });
  for (const Step* step : steps) story["steps"].push_back({{"name", step->name}, {"text", step->text}, {"beside", step->beside}});
  io::write_file(directory / "study.json", story.dump(1));
}

std::filesystem::path write_study_report(const std::filesystem::path& directory) {
  report::Document page;
  page.version = version;
  try {
    const nlohmann::json story = nlohmann::json::parse(io::read_file(directory / "study.json"));
    story.at("title").get_to(page.title);
    story.at("text").get_to(page.text);
    for (const auto& step : story.at("steps"))
      page.sections.push_back({.title = step.at("name"),
                               .text = step.at("text"),
                               .json = "",
                               .directory = directory / step.at("name").get<std::string>(),
                               .beside = step.value("beside", std::vector<std::string>{})});
  } catch (const nlohmann::json::exception& e) {
    throw FormatError((directory / "study.json").string(), 0, fmt::format("must list the steps of a study: {}", e.what()));
  }
  for (report::Section& section : page.sections) {
    if (!std::filesystem::exists(section.directory / "result.json"))
      throw InputError(fmt::format("{}: step '{}' must be finished before its report, and is not", directory.string(), section.title));
    section.json = io::read_file(section.directory / "result.json");
  }
  io::write_file(directory / "report.html", report::html(page));
  return directory / "report.html";
}

}  // namespace heteroglass::study
