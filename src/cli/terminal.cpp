#include "cli/terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace heteroglass::cli {
namespace {

std::atomic<int> interrupts{0};

void on_interrupt(int) {
  if (++interrupts > 1) std::_Exit(130);
}

}  // namespace

TerminalContext::TerminalContext() : last_(start_ - std::chrono::hours(1)), terminal_(isatty(STDERR_FILENO) != 0) {
  std::signal(SIGINT, on_interrupt);
  std::signal(SIGTERM, on_interrupt);
  std::signal(SIGPIPE, SIG_IGN);
}

void TerminalContext::progress(double fraction, std::string_view what) {
  const Clock::time_point now = Clock::now();
  const double since = std::chrono::duration<double>(now - last_).count(), spent = std::chrono::duration<double>(now - start_).count();
  if (spent < 1 || since < (terminal_ ? 0.2 : 10)) return;
  last_ = now;
  const std::string left = fraction > 0.01 && fraction < 1 ? ", " + duration(spent * (1 - fraction) / fraction) + " left" : "";
  const std::string line = fmt::format("{:3.0f} % {}{}", 100 * fraction, what, left);
  std::fputs((terminal_ ? "\r\033[K" + line : line + "\n").c_str(), stderr);
  std::fflush(stderr);
  shown_ = true;
}

bool TerminalContext::cancelled() const { return interrupts > 0; }

void TerminalContext::finish() {
  if (terminal_ && shown_) std::fputs("\r\033[K", stderr);
  shown_ = false;
}

std::string duration(double seconds) {
  if (seconds < 60) return fmt::format("{:.0f} s", seconds);
  if (seconds < 3600) return fmt::format("{} min {:02d} s", int(seconds) / 60, int(seconds) % 60);
  return fmt::format("{} h {:02d} min", int(seconds) / 3600, int(seconds) / 60 % 60);
}

}  // namespace heteroglass::cli
