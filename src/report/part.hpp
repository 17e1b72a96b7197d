/// A result object read back from its JSON and joined with what the registry knows about its fields.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::report {

enum class Shape { nothing, number, flag, text, texts, array, matrix, table, frames, named };

struct PartColumn {
  std::string name, unit;
  bool is_text = false;
  std::vector<std::string> text;
  std::vector<double> number, error;  ///< `error` empty: the column has no companion `x_error`
};

struct FrameFile {
  std::string file;
  long index = 0;
  std::size_t atoms = 0;
};

struct PartResult {
  Field field;  ///< name, unit and help; from the registry where it knows the result
  Shape shape = Shape::nothing;
  double number = 0, error = 0;  ///< NaN where there is none
  double low = 0, high = 0;      ///< 95 % interval, NaN where there is none
  std::string interval_method, note, text;
  bool flag = false;
  std::vector<std::string> texts;      ///< also the keys of Shape::named
  std::vector<double> values, errors;  ///< array, named, and the entries of a matrix row by row
  std::size_t rows = 0, columns = 0;   ///< matrix
  std::vector<PartColumn> table;
  std::vector<FrameFile> frames;

  std::string label() const;  ///< "first peak"
};

struct PartOption {
  std::string name, value, unit;  ///< the value as text
  bool is_default = false;
};

struct Part {
  std::string analysis, version, command, units, summary;
  std::vector<std::pair<std::string, std::string>> inputs;  ///< path, sha256
  std::vector<PartOption> options;
  std::vector<PartResult> results;
  std::vector<std::string> warnings;
  std::vector<Reference> references;

  const PartResult* find(const std::string& name) const;
};

/// @throws FormatError when the text is not a result object.
Part read_part(const std::string& json);
/// The same with the result fields given, for results whose analysis is not in the registry.
Part read_part(const std::string& json, const Fields& fields);

/// The runs inside an object of several files: label and result. Empty for the result of one run.
std::vector<std::pair<std::string, Part>> read_runs(const std::string& json);

}  // namespace heteroglass::report
