/// A Lennard-Jones calculator that sums over all pairs and images: slow, short and obviously right; for tests of what uses calculators.
#pragma once

#include <cmath>
#include <span>
#include <vector>

#include "potential/potential.hpp"

namespace heteroglass::test {

/// u(r) = 4 (r^-12 - r^-6) less its value and slope at the cut-off (0: no cut-off), all atoms alike. Second derivatives by differences.
class ToyCalculator : public potential::Calculator {
 public:
  explicit ToyCalculator(std::size_t atoms, double cutoff = 0) : atoms_(atoms), cutoff_(cutoff) {
    if (cutoff > 0) slope_ = du(cutoff), value_ = u(cutoff);
  }
  std::size_t size() const override { return atoms_; }

  double forces(const Box& box, std::span<const Vec3> r, std::span<Vec3> f, potential::Voigt* virial) override {
    ++evaluations_;
    potential::Voigt w{};
    double e = 0;
    for (Vec3& v : f) v = {};
    for (std::size_t i = 0; i < atoms_; ++i)
      for (std::size_t j = 0; j < atoms_; ++j) e += images(box, r[j] - r[i], i == j, f[i], w);
    if (virial) *virial = w;
    return e;
  }

  potential::PerAtom per_atom(const Box&, std::span<const Vec3>) override { return {}; }
  void expand(const Box& box, std::span<const Vec3> r) override { box_ = box, at_.assign(r.begin(), r.end()); }
  void hessian_product(std::span<const Vec3> v, std::span<Vec3> out, std::size_t) override {
    std::vector<Vec3> up = at_, down = at_, fu(atoms_), fd(atoms_);
    constexpr double h = 1e-6;
    for (std::size_t i = 0; i < atoms_; ++i) up[i] += h * v[i], down[i] -= h * v[i];
    forces(box_, up, fu, nullptr), forces(box_, down, fd, nullptr);
    for (std::size_t i = 0; i < atoms_; ++i) out[i] = (fd[i] - fu[i]) / (2 * h);
    evaluations_ -= 2;
  }
  potential::BlockMatrix hessian() override { return {}; }
  double hessian_bytes() override { return 0; }
  potential::BornTerms born() override { return {}; }
  std::vector<potential::Stiffness> born_per_atom() override { return {}; }

 private:
  static double u(double r) { return 4 * (std::pow(r, -12) - std::pow(r, -6)); }
  static double du(double r) { return 4 * (-12 * std::pow(r, -13) + 6 * std::pow(r, -7)); }

  /// Half of the energy of a pair with all its images; the force on its first atom.
  double images(const Box& box, Vec3 d, bool self, Vec3& f, potential::Voigt& w) const {
    double e = 0;
    if (cutoff_ > 0) d = box.minimum_image(d);
    const int n = cutoff_ > 0 ? 1 : 0;
    for (int a = -n; a <= n; ++a)
      for (int b = -n; b <= n; ++b)
        for (int c = -n; c <= n; ++c) {
          if (self && a == 0 && b == 0 && c == 0) continue;
          if ((a && !box.periodic(0)) || (b && !box.periodic(1)) || (c && !box.periodic(2))) continue;
          const Vec3 s = d + box.edges() * Vec3{double(a), double(b), double(c)};
          const double r = norm(s);
          if (cutoff_ > 0 && r >= cutoff_) continue;
          e += 0.5 * (u(r) - value_ - slope_ * (r - cutoff_));
          const Vec3 p = (du(r) - slope_) / r * s;
          f += p;
          w[0] += 0.5 * p.x * s.x, w[1] += 0.5 * p.y * s.y, w[2] += 0.5 * p.z * s.z;
          w[3] += 0.5 * p.y * s.z, w[4] += 0.5 * p.x * s.z, w[5] += 0.5 * p.x * s.y;
        }
    return e;
  }

  std::size_t atoms_;
  double cutoff_, slope_ = 0, value_ = 0;
  Box box_;
  std::vector<Vec3> at_;
};

}  // namespace heteroglass::test
