#include "structure/local_entropy.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

#include "neighbor/cell_list.hpp"

namespace heteroglass::structure {
namespace {

constexpr double pi = std::numbers::pi;

/// g_i(r) ln g_i(r) - g_i(r) + 1, integrated over r^2 dr.
class Integral {
 public:
  Integral(const EntropyLengths& l, double density)
      : points_(static_cast<std::size_t>(std::ceil(4 * l.range / l.width))), step_(l.range / static_cast<double>(points_)), l_(l) {
    scale_.resize(points_ + 1, 0);
    for (std::size_t k = 1; k <= points_; ++k) {
      const double r = static_cast<double>(k) * step_;
      scale_[k] = 1 / (4 * pi * density * r * r * std::sqrt(2 * pi) * l.width);
    }
  }
  double of(std::vector<double>& distances, std::vector<double>& g) const {
    std::sort(distances.begin(), distances.end());  // so that the sum does not depend on the order of visit
    g.assign(points_ + 1, 0);
    for (const double d : distances) {
      const auto first = static_cast<std::ptrdiff_t>(std::ceil((d - 6 * l_.width) / step_));
      const auto last = static_cast<std::ptrdiff_t>(std::floor((d + 6 * l_.width) / step_));
      for (std::ptrdiff_t k = std::max<std::ptrdiff_t>(first, 1); k <= std::min(last, static_cast<std::ptrdiff_t>(points_)); ++k)
        g[static_cast<std::size_t>(k)] += std::exp(-0.5 * std::pow((static_cast<double>(k) * step_ - d) / l_.width, 2));
    }
    double sum = 0;
    for (std::size_t k = 1; k <= points_; ++k) {
      const double r = static_cast<double>(k) * step_, v = g[k] * scale_[k];
      sum += (k == points_ ? 0.5 : 1) * r * r * (v > 0 ? v * std::log(v) - v + 1 : 1);
    }
    return sum * step_;
  }
  double reach() const { return l_.range + 6 * l_.width; }

 private:
  std::size_t points_;
  double step_;
  EntropyLengths l_;
  std::vector<double> scale_;
};

}  // namespace

std::vector<double> two_body_entropy(const Frame& frame, const EntropyLengths& lengths, Context& context) {
  const double density = static_cast<double>(frame.size()) / frame.box.volume();
  const Integral integral(lengths, density);
  const neighbor::CellList cells(frame, integral.reach());
  context.check_cancelled();
  std::vector<double> s(frame.size());
#pragma omp parallel
  {
    std::vector<double> distances, g;
#pragma omp for schedule(dynamic)
    for (std::int64_t b = 0; b < static_cast<std::int64_t>(cells.blocks()); ++b)
      cells.visit(static_cast<std::size_t>(b), neighbor::Pairs::all, [&](std::size_t i, std::span<const neighbor::Neighbor> near) {
        distances.clear();
        for (const neighbor::Neighbor& n : near) distances.push_back(norm(n.separation));
        s[i] = -2 * pi * density * integral.of(distances, g);
      });
  }
  return s;
}

std::vector<double> averaged_entropy(const Frame& frame, const std::vector<double>& entropy, double r_cut) {
  const neighbor::CellList cells(frame, 2 * r_cut);  // the switch 1/(1 + x^6) has fallen to 1.5 % there
  std::vector<double> out(frame.size());
#pragma omp parallel
  {
    std::vector<std::pair<double, double>> terms;
#pragma omp for schedule(dynamic)
    for (std::int64_t b = 0; b < static_cast<std::int64_t>(cells.blocks()); ++b)
      cells.visit(static_cast<std::size_t>(b), neighbor::Pairs::all, [&](std::size_t i, std::span<const neighbor::Neighbor> near) {
        terms.clear();
        for (const neighbor::Neighbor& n : near)
          terms.emplace_back(1 / (1 + std::pow(norm2(n.separation) / (r_cut * r_cut), 3)), entropy[static_cast<std::size_t>(n.index)]);
        std::sort(terms.begin(), terms.end());
        double sum = entropy[i], weights = 1;
        for (const auto& [f, s] : terms) sum += f * s, weights += f;
        out[i] = sum / weights;
      });
  }
  return out;
}

}  // namespace heteroglass::structure
