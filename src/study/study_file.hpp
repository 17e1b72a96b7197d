/// A study file: a title, some prose, and steps.
///
///     title = "Where is Cu64Zr36 soft?"
///     [[step]]
///     name = "glass"                     # results appear in OUT/glass
///     run = "sample/quench"
///     text = "Prose for the report."
///     options = { atoms = 2000, schedule = "1100K:1e14K/s,300K:1e13K/s" }
///     [[step]]
///     name = "voronoi_{i}"
///     repeat = 2                         # i = 0, 1
///     run = "structure/voronoi"
///     inputs = ["glass.configuration@{i}"]
///
/// An input is STEP.RESULT[@INDEX] (a `frames` result, or `atoms` for its per-atom results), or a file relative to the study
/// file; for an analysis of curves RESULT is a table, `curves_ABSCISSA` or `summary`. `A+B` adds the per-atom properties of B to the atoms of A.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "io/configuration.hpp"
#include "run/outcome.hpp"

namespace heteroglass::study {

struct Step {
  std::string name, text;
  const Analysis* analysis = nullptr;
  std::vector<std::string> inputs;
  std::vector<std::string> beside;  ///< steps of the same analysis whose figures are drawn together with its own
  std::vector<std::pair<std::string, std::string>> options;
  io::ReadOptions read;
  std::vector<std::size_t> needs;  ///< indices of the steps whose results it reads
  std::size_t line = 0;
  std::size_t place = 0;  ///< in the file, which is the order of the story
};

struct StudyFile {
  std::filesystem::path path;
  std::string title, text;
  std::vector<Step> steps;  ///< each after all the steps it needs
};

/// @throws FormatError (syntax, with the line), InputError (unknown key, analysis or option, a cycle)
StudyFile read_study(const std::filesystem::path& path);

/// A part of an input that names a step: its index and the rest ("configuration", "@0"); npos when it is a file.
struct StepReference {
  std::size_t step = static_cast<std::size_t>(-1);
  std::string result, selection;
  bool is_step() const { return step != static_cast<std::size_t>(-1); }
};
StepReference step_reference(const std::vector<Step>& steps, const std::string& part);
/// "A+B+C" to its parts.
std::vector<std::string> input_parts(const std::string& input);

}  // namespace heteroglass::study
