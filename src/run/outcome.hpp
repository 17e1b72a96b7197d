/// What one execution of an analysis was asked and what it gave.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/analysis.hpp"
#include "io/configuration.hpp"

namespace heteroglass::run {

struct Request {
  const Analysis* analysis = nullptr;
  std::vector<std::string> inputs;                           ///< FILE or FILE@INDEX, as given
  std::vector<std::pair<std::string, std::string>> options;  ///< name and text, in the order given
  io::ReadOptions read;
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

struct Outcome {
  const Analysis* analysis = nullptr;
  std::shared_ptr<void> options, result;
  std::vector<InputFile> inputs;
  UnitSystem units = UnitSystem::metal;
  std::size_t frames = 1;                ///< how many the result averages over
  std::map<std::string, Spread> spread;  ///< by result name, when frames > 1
  std::vector<Frame> atoms;              ///< the frame per-atom results belong to (empty or one)
  std::vector<std::string> warnings;
  std::string command;  ///< that reproduces this result
};

}  // namespace heteroglass::run
