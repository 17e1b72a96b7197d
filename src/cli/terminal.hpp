/// Progress with time left on a terminal, plain lines when piped; Ctrl-C asks the work to stop, twice ends it.
#pragma once

#include <chrono>
#include <string>

#include "core/context.hpp"

namespace heteroglass::cli {

class TerminalContext : public Context {
 public:
  TerminalContext();
  void progress(double fraction, std::string_view what) override;
  bool cancelled() const override;
  /// Removes the progress line.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now(), last_;
  bool terminal_, shown_ = false;
};

/// "1 min 20 s"
std::string duration(double seconds);

}  // namespace heteroglass::cli
