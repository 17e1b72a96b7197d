#include "engine/commands.hpp"

#include <fmt/format.h>

namespace heteroglass::engine {

std::string velocity_commands(double temperature, int seed) {
  return fmt::format("velocity all create {} {} mom yes rot no dist gaussian\n", temperature, seed);
}

std::string minimise_commands(double force_tolerance, bool relax_box, double bar) {
  const std::string box = relax_box ? fmt::format("fix relax all box/relax iso {} vmax 0.001\n", bar) : "";
  return box + fmt::format("min_style cg\nmin_modify line quadratic norm max\nminimize 0 {} 20000 100000\n", force_tolerance);
}

}  // namespace heteroglass::engine
