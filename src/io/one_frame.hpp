/// A trajectory of a single frame that is in memory.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/trajectory.hpp"

namespace heteroglass::io {

class OneFrame final : public Trajectory {
 public:
  OneFrame(Frame frame, std::vector<std::string> warnings) : frame_(std::move(frame)), warnings_(std::move(warnings)) {
    source_ = frame_.source;
  }
  std::size_t size() const override { return 1; }
  Frame frame(std::size_t) const override { return frame_; }
  std::int64_t timestep(std::size_t) const override { return frame_.timestep; }
  std::vector<std::string> warnings() const override { return warnings_; }

 private:
  Frame frame_;
  std::vector<std::string> warnings_;
};

}  // namespace heteroglass::io
