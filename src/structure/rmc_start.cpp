#include "structure/rmc_start.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/elements.hpp"
#include "core/error.hpp"
#include "neighbor/cell_list.hpp"

namespace heteroglass::structure {
namespace {

constexpr double share_of_radii = 0.8;  // closest pairs in metallic melts stand at 0.85 and more of the sum of radii
constexpr int most_sweeps_apart = 500;

}  // namespace

std::pair<std::size_t, std::size_t> species_of(const std::string& pair, const Frame& frame, const std::string& flag) {
  const std::size_t dash = pair.find('-');
  std::size_t found[2] = {frame.species.size(), frame.species.size()};
  const std::string names[2] = {pair.substr(0, dash), dash == std::string::npos ? "" : pair.substr(dash + 1)};
  for (std::size_t s = 0; s < frame.species.size(); ++s)
    for (int k = 0; k < 2; ++k)
      if (frame.species_name(s) == names[k]) found[k] = s;
  if (found[0] == frame.species.size() || found[1] == frame.species.size()) {
    std::vector<std::string> all;
    for (std::size_t s = 0; s < frame.species.size(); ++s) all.push_back(frame.species_name(s));
    throw InputError(fmt::format("{}: must name two of {} joined by a dash, got '{}'", flag, fmt::join(all, ", "), pair));
  }
  return {found[0], found[1]};
}

Matrix least_distances(const Frame& frame, const std::map<std::string, double>& given) {
  const std::size_t n = frame.species.size();
  Matrix least(n, n);
  for (std::size_t a = 0; a < n; ++a)
    for (std::size_t b = 0; b < n; ++b) {
      const Element *x = find_element(frame.species_name(a)), *y = find_element(frame.species_name(b));
      const double sum = x && y ? x->metallic_radius + y->metallic_radius : std::nan("");
      least(a, b) = std::isfinite(sum) && frame.units != UnitSystem::lj ? share_of_radii * sum : 0;
    }
  for (const auto& [pair, r] : given) {
    const auto [a, b] = species_of(pair, frame, "--minimum-distance");
    if (!(r >= 0)) throw InputError(fmt::format("--minimum-distance: must be at least 0 angstrom, got {}={}", pair, r));
    least(a, b) = least(b, a) = r;
  }
  return least;
}

void push_apart(Frame& frame, const Matrix& least) {
  const double reach = *std::max_element(least.values.begin(), least.values.end());
  if (!(reach > 0)) return;
  for (int sweep = 0; sweep < most_sweeps_apart; ++sweep) {
    const neighbor::CellList cells(frame, reach);
    std::vector<Vec3> push(frame.size());
    bool close = false;
    for (std::size_t block = 0; block < cells.blocks(); ++block)
      cells.visit(block, neighbor::Pairs::all, [&](std::size_t i, std::span<const neighbor::Neighbor> near) {
        for (const neighbor::Neighbor& n : near) {
          const double wanted = least(static_cast<std::size_t>(frame.type[i]), static_cast<std::size_t>(frame.type[n.index]));
          const double r = norm(n.separation);
          if (r >= wanted) continue;
          close = true;
          const double missing = 1.02 * wanted - r;  // a little more, so that the end is reached
          const bool first = static_cast<std::int32_t>(i) < n.index;
          push[i] += r > 1e-6 ? n.separation * (-0.5 * missing / r) : Vec3{first ? -0.5 * missing : 0.5 * missing, 0, 0};
        }
      });
    if (!close) return;
    for (std::size_t i = 0; i < frame.size(); ++i) frame.position[i] = frame.box.wrap(frame.position[i] + push[i]);
  }
}

}  // namespace heteroglass::structure
