#include "structure/symmetry_functions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <tuple>

#include "neighbor/cell_list.hpp"

namespace heteroglass::structure {
namespace {

double spacing(const Frame& f) { return std::cbrt(f.box.volume() / static_cast<double>(std::max<std::size_t>(f.size(), 1))); }

double fade(double r, double r_max) { return r < r_max ? 0.5 * (1 + std::cos(std::numbers::pi * r / r_max)) : 0; }

/// A neighbour with what the sums need of it.
struct Near {
  std::size_t species;
  double r;
  Vec3 direction;
};

class Functions {
 public:
  Functions(const Frame& frame, const SymmetryOptions& o) : frame_(frame), o_(o), species_(frame.species.size()) {
    for (double mu = o.r_min; mu < o.r_max - 0.5 * o.step; mu += o.step) mu_.push_back(mu);
    if (o.l_max > 0)
      name_power_spectrum();
    else
      name_radial();
    if (!o.xi.empty()) name_angular();
  }
  const std::vector<std::string>& names() const { return names_; }
  double reach() const { return std::max(o_.r_max, o_.xi.empty() ? 0 : o_.r_angular); }

  void evaluate(std::span<const neighbor::Neighbor> around, double* out) const {
    std::vector<Near> near;
    for (const neighbor::Neighbor& n : around) {
      const double r = norm(n.separation);
      near.push_back({static_cast<std::size_t>(frame_.type[static_cast<std::size_t>(n.index)]), r, n.separation / r});
    }
    // Sums do not depend on the order of visit, which is that of cells.
    std::sort(near.begin(), near.end(), [](const Near& a, const Near& b) {
      return std::tie(a.r, a.direction.x, a.direction.y) < std::tie(b.r, b.direction.x, b.direction.y);
    });
    std::fill_n(out, names_.size(), 0.0);
    double* next = out;
    if (o_.l_max > 0)
      next += power_spectrum(near, next);
    else
      next += radial(near, next);
    if (!o_.xi.empty()) angular(near, next);
  }

 private:
  std::string of_species(std::size_t s) const { return frame_.species_name(s); }
  void name_radial() {
    for (std::size_t s = 0; s < species_; ++s)
      for (double mu : mu_) names_.push_back(fmt::format("radial {} {:.3g}", of_species(s), mu));
  }
  void name_power_spectrum() {
    for (std::size_t s = 0; s < species_; ++s)
      for (double mu : mu_)
        for (int l = 0; l <= o_.l_max; ++l) names_.push_back(fmt::format("power {} {:.3g} l={}", of_species(s), mu, l));
  }
  void name_angular() {
    for (std::size_t a = 0; a < species_; ++a)
      for (std::size_t b = a; b < species_; ++b)
        for (double xi : o_.xi)
          for (int lambda : {-1, 1})
            for (double zeta : o_.zeta)
              names_.push_back(fmt::format("angular {}-{} {:.3g} {:+d} {:g}", of_species(a), of_species(b), xi, lambda, zeta));
  }

  double weight(double r, double mu) const { return std::exp(-std::pow((r - mu) / o_.step, 2)) * fade(r, o_.r_max); }

  std::size_t radial(const std::vector<Near>& near, double* out) const {
    for (const Near& n : near) {
      const double f = fade(n.r, o_.r_max);
      for (std::size_t k = 0; f > 0 && k < mu_.size(); ++k)
        out[n.species * mu_.size() + k] += f * std::exp(-std::pow((n.r - mu_[k]) / o_.step, 2));
    }
    return species_ * mu_.size();
  }

  std::size_t power_spectrum(const std::vector<Near>& near, double* out) const {
    const auto orders = static_cast<std::size_t>(o_.l_max) + 1;
    std::vector<double> w(near.size() * mu_.size()), legendre(orders);
    for (std::size_t j = 0; j < near.size(); ++j)
      for (std::size_t k = 0; k < mu_.size(); ++k) {
        const double x = weight(near[j].r, mu_[k]);
        w[j * mu_.size() + k] = x > 1e-12 ? x : 0;
      }
    for (std::size_t i = 0; i < near.size(); ++i)
      for (std::size_t j = 0; j <= i; ++j) {
        if (near[i].species != near[j].species) continue;
        const double z = std::clamp(dot(near[i].direction, near[j].direction), -1.0, 1.0), twice = i == j ? 1 : 2;
        legendre[0] = 1;
        if (orders > 1) legendre[1] = z;
        for (std::size_t l = 2; l < orders; ++l) {
          const auto n = static_cast<double>(l);
          legendre[l] = ((2 * n - 1) * z * legendre[l - 1] - (n - 1) * legendre[l - 2]) / n;
        }
        for (std::size_t k = 0; k < mu_.size(); ++k) {
          const double both = twice * w[i * mu_.size() + k] * w[j * mu_.size() + k];
          if (both == 0) continue;
          double* to = out + (near[i].species * mu_.size() + k) * orders;
          for (std::size_t l = 0; l < orders; ++l) to[l] += both * legendre[l];
        }
      }
    return species_ * mu_.size() * orders;
  }

  void angular(const std::vector<Near>& near, double* out) const {
    const std::size_t kinds = o_.xi.size() * 2 * o_.zeta.size();
    for (std::size_t i = 0; i < near.size() && near[i].r < o_.r_angular; ++i)
      for (std::size_t j = 0; j < i; ++j) {
        const Near &a = near[i], &b = near[j];
        const double z = std::clamp(dot(a.direction, b.direction), -1.0, 1.0);
        const double far2 = std::max(0.0, a.r * a.r + b.r * b.r - 2 * a.r * b.r * z);
        const double f = fade(a.r, o_.r_angular) * fade(b.r, o_.r_angular) * fade(std::sqrt(far2), o_.r_angular);
        if (f == 0) continue;
        const double sum2 = a.r * a.r + b.r * b.r + far2;
        const std::size_t low = std::min(a.species, b.species), high = std::max(a.species, b.species);
        double* to = out + (low * species_ - low * (low + 1) / 2 + high) * kinds;
        for (double xi : o_.xi) {
          const double radial = f * std::exp(-sum2 / (xi * xi));
          for (int lambda : {-1, 1})
            for (double zeta : o_.zeta) *to++ += radial * 2 * std::pow((1 + lambda * z) / 2, zeta);
        }
      }
  }

  const Frame& frame_;
  const SymmetryOptions o_;
  std::size_t species_;
  std::vector<double> mu_;
  std::vector<std::string> names_;
};

}  // namespace

SymmetryOptions radial_set(const Frame& frame) {
  const double d = spacing(frame);
  return {.r_min = 0.7 * d, .r_max = 3 * d, .step = 0.1 * d};
}

SymmetryOptions radial_angular_set(const Frame& frame) {
  SymmetryOptions o = radial_set(frame);
  const double d = spacing(frame);
  o.r_angular = 2 * d;
  o.xi = {1.2 * d, 2.5 * d};
  return o;
}

SymmetryOptions power_spectrum_set(const Frame& frame) {
  const double d = spacing(frame);
  return {.r_min = 0.9 * d, .r_max = 2.4 * d, .step = 0.25 * d, .l_max = 6};
}

Features symmetry_functions(const Frame& frame, const SymmetryOptions& options, Context& context) {
  const Functions functions(frame, options);
  Features out{functions.names(), Matrix(frame.size(), functions.names().size())};
  const neighbor::CellList cells(frame, functions.reach());
  context.check_cancelled();
#pragma omp parallel for schedule(dynamic)
  for (std::int64_t b = 0; b < static_cast<std::int64_t>(cells.blocks()); ++b)
    cells.visit(static_cast<std::size_t>(b), neighbor::Pairs::all, [&](std::size_t i, std::span<const neighbor::Neighbor> near) {
      functions.evaluate(near, out.values.values.data() + i * out.name.size());
    });
  return out;
}

}  // namespace heteroglass::structure
