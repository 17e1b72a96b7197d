#include "engine/cost.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace heteroglass::engine {
namespace {

std::string duration(double seconds) {
  if (seconds < 120) return fmt::format("{:.0f} s", seconds);
  if (seconds < 7200) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

}  // namespace

std::string cost_text(double steps, double atoms, int runs, const LammpsOptions& options) {
  const int together = std::clamp(options.side_by_side(), 1, runs);
  const double seconds = steps * atoms / atom_steps_per_second / options.ranks * std::ceil(double(runs) / together);
  return fmt::format(
      "{} run{} of {:.0f} steps with {:.0f} atoms, {} side by side: about {} at {:.2g} atom-steps a second and core, and the minimisations",
      runs, runs == 1 ? "" : "s", steps, atoms, together, duration(seconds), atom_steps_per_second);
}

}  // namespace heteroglass::engine
