/// A sequence of frames of which only the one asked for is in memory.
#pragma once

#include <cstddef>
#include <string>

#include "core/frame.hpp"

namespace heteroglass {

class Trajectory {
 public:
  virtual ~Trajectory() = default;
  virtual std::size_t size() const = 0;
  /// Reads frame i, 0 <= i < size(). Safe to call from several threads. @throws FormatError, InputError
  virtual Frame frame(std::size_t i) const = 0;
  /// Timestep of frame i without reading its atoms, where the format knows it.
  virtual std::int64_t timestep(std::size_t i) const = 0;
  /// Things a user should know: repeated or falling timesteps, a last frame that is cut off.
  virtual std::vector<std::string> warnings() const { return {}; }
  const std::string& source() const { return source_; }

 protected:
  std::string source_;
};

}  // namespace heteroglass
