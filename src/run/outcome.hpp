/// What one execution of an analysis was asked and what it gave.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis.hpp"
#include "io/configuration.hpp"

namespace heteroglass::run {

/// Place of a file among those of a request that makes several runs.
struct FilePlace {
  std::size_t index = 0, count = 1;
};

struct Request {
  const Analysis* analysis = nullptr;
  std::vector<std::string> inputs;                           ///< FILE or FILE@INDEX, as given
  std::vector<std::pair<std::string, std::string>> options;  ///< name and text, in the order given; also run/input_options.hpp
  io::ReadOptions read;
  std::optional<std::size_t> only_curve = {};  ///< of the curves chosen in a file
  FilePlace file = {};                         ///< among the files of a request that makes several runs
};

struct InputFile {
  std::string path;    ///< as given
  std::string sha256;  ///< of the file's bytes
};

/// Standard deviation over frames, beside the mean that the result then holds.
struct Spread {
  double mean = 0;
  std::vector<double> sd;  ///< one entry for a number, else in the order of the values
};

/// Which column of a file played which role.
struct ColumnUse {
  std::string role, column, unit;  ///< unit of the column in the file
};

struct Outcome {
  const Analysis* analysis = nullptr;
  std::shared_ptr<void> options, result;
  std::vector<InputFile> inputs;
  UnitSystem units = UnitSystem::metal;
  std::size_t frames = 1;                                          ///< how many the result averages over
  std::map<std::string, Spread> spread;                            ///< by result name, when frames > 1
  std::vector<Frame> atoms;                                        ///< the frame per-atom results belong to (empty or one)
  std::vector<ColumnUse> columns;                                  ///< of curves, or channels of images
  std::map<std::string, CurveProperty> properties;                 ///< of the curve or image, where the run had just one
  std::vector<std::pair<std::string, std::string>> input_options;  ///< those that were given, name and text
  std::vector<std::string> warnings;
  std::string command;  ///< that reproduces this result
};

}  // namespace heteroglass::run
