/// One analysis on several files of curves, or on each curve of a file: a run each, a summary with a row for each run.
///
///     DIR/LABEL/        result folder of one run
///     DIR/summary.csv   every single number of every run: name, name_error, and the properties of the curve
///     DIR/result.json   {analysis, version, command, ..., results: {summary}, runs: [result objects], problems: [...]}
///     DIR/report.html   the summary, the curves of all runs in one figure, then each run
///
/// A file that cannot be read or fitted leaves its row out and is told under `problems`; the others are done all the same.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "run/directory.hpp"
#include "run/outcome.hpp"

namespace heteroglass::run {

struct Problem {
  std::string input, what;
  int exit_code = 1;
};

struct Runs {
  const Analysis* analysis = nullptr;
  std::vector<Outcome> outcomes;
  std::vector<std::string> labels;  ///< one each, unique, fit for a folder; empty for a single run
  std::vector<Problem> problems;
  std::string command;

  /// A run of its own, with its own result folder.
  bool single() const { return labels.size() == 1 && labels.front().empty(); }
};

/// The requests that one request means: itself, or one for each file, or for each curve. @throws FormatError, InputError
std::vector<Request> requests(const Request& request);

/// Runs each of `requests(request)`. @throws the first problem when nothing succeeds, Interrupted
Runs execute_all(const Request& request, Context& context);

/// Numbers and texts of all runs, a row each.
Table summary(const Runs& runs);
/// The object of DIR/result.json.
std::string json(const Runs& runs);
/// The summary for people.
std::string text(const Runs& runs);
/// "no result for FILE: why", a line for each run that failed; `text` leaves them to the caller.
std::vector<std::string> problem_lines(const Runs& runs);
/// Writes DIR; result.json comes last.
void write_directory(const std::filesystem::path& directory, const Runs& runs, Page page = Page::own);
/// Makes DIR/report.html from the files in DIR; false when DIR is the result of a single run.
bool write_report_of_many(const std::filesystem::path& directory);

}  // namespace heteroglass::run
