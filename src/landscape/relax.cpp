#include "landscape/relax.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

#include "core/error.hpp"

namespace heteroglass::landscape {
namespace {

static_assert(sizeof(Vec3) == 3 * sizeof(double));

std::span<const Vec3> vectors(std::span<const double> x) { return {reinterpret_cast<const Vec3*>(x.data()), x.size() / 3}; }
std::span<Vec3> vectors(std::span<double> x) { return {reinterpret_cast<Vec3*>(x.data()), x.size() / 3}; }
std::span<double> numbers(std::span<Vec3> r) { return {reinterpret_cast<double*>(r.data()), 3 * r.size()}; }

void clear_frozen(std::span<double> v, std::span<const char> frozen) {
  for (std::size_t i = 0; i < frozen.size(); ++i)
    if (frozen[i]) v[3 * i] = v[3 * i + 1] = v[3 * i + 2] = 0;
}

void check(const potential::Calculator& calculator, std::size_t atoms, const Relaxation& how) {
  if (atoms != calculator.size())
    throw InputError(fmt::format("relax: positions must be those of the {} atoms of the calculator, got {}", calculator.size(), atoms));
  if (!how.frozen.empty() && how.frozen.size() != atoms)
    throw InputError(fmt::format("relax: frozen must have an entry for each of {} atoms, got {}", atoms, how.frozen.size()));
}

class Atoms : public Function {
 public:
  Atoms(potential::Calculator& calculator, const Box& box, std::span<const char> frozen)
      : calculator_(calculator), box_(box), frozen_(frozen) {}

  double value(std::span<const double> x, std::span<double> g) override {
    const double e = calculator_.forces(box_, vectors(x), vectors(g));
    for (double& v : g) v = -v;
    clear_frozen(g, frozen_);
    return e;
  }
  void expand(std::span<const double> x) override { calculator_.expand(box_, vectors(x)); }
  void product(std::span<const double> v, std::span<double> out) override {
    calculator_.hessian_product(vectors(v), vectors(out));
    clear_frozen(out, frozen_);
  }

 private:
  potential::Calculator& calculator_;
  const Box& box_;
  std::span<const char> frozen_;
};

constexpr std::size_t row_of[6] = {0, 1, 2, 1, 0, 0}, column_of[6] = {0, 1, 2, 2, 2, 1};

/// Atoms in the coordinates of a reference cell, and six scaled entries of F behind them.
class Cell : public Function {
 public:
  Cell(potential::Calculator& calculator, const Box& reference, std::size_t atoms, const Relaxation& how, const CellRelaxation& cell,
       double unit)
      : calculator_(calculator), reference_(reference), atoms_(atoms), how_(how), cell_(cell), unit_(unit), r_(atoms), f_(atoms) {
    scale_ = std::cbrt(reference.volume() / double(atoms)) * std::sqrt(double(atoms));
  }

  Mat3 gradient_of(std::span<const double> x) const {
    Mat3 f = Mat3::identity();
    for (std::size_t k = 0; k < 6; ++k) f[row_of[k]][column_of[k]] += x[3 * atoms_ + k] / scale_;
    return f;
  }
  Box box_at(const Mat3& f) const { return Box(f * reference_.edges(), f * reference_.origin(), reference_.periodicity()); }

  double value(std::span<const double> x, std::span<double> g) override {
    const Mat3 f = gradient_of(x), back = inverse(f), turned = transpose(f);
    if (!(determinant(f) > 0.1)) return std::numeric_limits<double>::infinity();
    const Box box = box_at(f);
    const std::span<const Vec3> y = vectors(x.first(3 * atoms_));
    for (std::size_t i = 0; i < atoms_; ++i) r_[i] = f * y[i];
    potential::Voigt w{};
    energy = calculator_.forces(box, r_, f_, &w);
    const std::span<Vec3> gy = vectors(g.first(3 * atoms_));
    for (std::size_t i = 0; i < atoms_; ++i) gy[i] = -(turned * f_[i]);
    clear_frozen(g.first(3 * atoms_), how_.frozen);
    const Mat3 virial{{{{w[0], w[5], w[4]}, {w[5], w[1], w[3]}, {w[4], w[3], w[2]}}}};
    const Mat3 piola = virial * transpose(back);
    double work = 0;
    for (std::size_t k = 0; k < 6; ++k) {
      stress[k] = w[k] / box.volume() * unit_;
      const double target = cell_.stress[k] / unit_ * reference_.volume();
      g[3 * atoms_ + k] = cell_.free[k] ? (piola[row_of[k]][column_of[k]] - target) / scale_ : 0;
      if (cell_.free[k]) work += target * x[3 * atoms_ + k] / scale_;
    }
    if (cell_.isotropic) {
      double* const own = &g[3 * atoms_];
      const double mean = (own[0] + own[1] + own[2]) / 3;
      for (std::size_t k = 0; k < 6; ++k) own[k] = k < 3 ? mean : 0;
    }
    return energy - work;
  }

  /// Forces, and the misfit of the stress measured so that it meets its tolerance when the forces meet theirs.
  double residual(std::span<const double> g) const override {
    double misfit = 0;
    for (std::size_t k = 0; k < 6; ++k) misfit = std::max(misfit, std::abs(g[3 * atoms_ + k]) * scale_ / reference_.volume() * unit_);
    return std::max(largest_triple(g.first(3 * atoms_)), misfit / cell_.stress_tolerance * how_.force_tolerance);
  }
  double largest_force(std::span<const double> g) const { return largest_triple(g.first(3 * atoms_)); }

  /// By differences of gradients: the calculator's second derivative is at fixed cell.
  void expand(std::span<const double> x) override {
    at_.assign(x.begin(), x.end());
    g0_.resize(x.size()), g1_.resize(x.size());
    value(at_, g0_);
  }
  void product(std::span<const double> v, std::span<double> out) override {
    const double length = std::sqrt(dot(v, v)), h = length > 0 ? 1e-4 / length : 1;
    std::vector<double> moved(at_);
    add(moved, h, v);
    value(moved, g1_);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = (g1_[i] - g0_[i]) / h;
  }

  double energy = 0;
  potential::Voigt stress{};

 private:
  potential::Calculator& calculator_;
  const Box& reference_;
  std::size_t atoms_;
  const Relaxation& how_;
  const CellRelaxation& cell_;
  double unit_, scale_;
  std::vector<Vec3> r_, f_;
  std::vector<double> at_, g0_, g1_;
};

double misfit(const potential::Voigt& stress, const CellRelaxation& cell) {
  if (cell.isotropic) {
    const auto& t = cell.stress;
    return std::abs(stress[0] + stress[1] + stress[2] - t[0] - t[1] - t[2]) / 3;
  }
  double most = 0;
  for (std::size_t k = 0; k < 6; ++k)
    if (cell.free[k]) most = std::max(most, std::abs(stress[k] - cell.stress[k]));
  return most;
}

Descent descent(const Relaxation& how) {
  return {.method = how.method,
          .tolerance = how.force_tolerance,
          .max_evaluations = how.max_evaluations,
          .max_step = how.max_step,
          .stop_below = how.stop_below};
}

}  // namespace

Relaxed relax(potential::Calculator& calculator, const Box& box, std::span<Vec3> position, const Relaxation& how, Context& context) {
  check(calculator, position.size(), how);
  Atoms function(calculator, box, how.frozen);
  CurvatureMemory own;
  Descended d = descend(function, numbers(position), descent(how), how.memory ? *how.memory : own, context);
  return {d.value, d.residual, d.evaluations, d.converged, d.left, std::move(d.message)};
}

Relaxed relax_cell(potential::Calculator& calculator, Box& box, std::vector<Vec3>& position, const Relaxation& how,
                   const CellRelaxation& cell, double pressure_unit, Context& context) {
  const std::size_t n = position.size();
  check(calculator, n, how);
  CurvatureMemory own;
  CurvatureMemory& memory = how.memory ? *how.memory : own;
  Relaxed r;
  for (int round = 0; round < 20; ++round) {
    const Box reference = box;
    Cell function(calculator, reference, n, how, cell, pressure_unit);
    std::vector<double> x(3 * n + 6, 0), g(3 * n + 6);
    std::memcpy(x.data(), position.data(), n * sizeof(Vec3));
    Descent step = descent(how);
    step.max_evaluations = std::max(1, how.max_evaluations - r.force_evaluations);
    const Descended d = descend(function, x, step, memory, context);
    const Mat3 f = function.gradient_of(x);
    function.value(x, g);
    for (std::size_t i = 0; i < n; ++i) position[i] = f * Vec3{x[3 * i], x[3 * i + 1], x[3 * i + 2]};
    box = function.box_at(f);
    r.energy = function.energy, r.residual_force = function.largest_force(g);
    r.force_evaluations += d.evaluations + 1;
    r.left = d.left, r.message = d.message;
    const double off = misfit(function.stress, cell);
    r.converged = d.converged && off <= 1.0001 * cell.stress_tolerance;
    if (r.converged || !d.converged || d.left) return r;
  }
  r.message = "the stress does not reach its target";
  return r;
}

Method method(const std::string& name) {
  if (name == "lbfgs") return Method::lbfgs;
  if (name == "fire") return Method::fire;
  if (name == "newton") return Method::newton;
  throw InputError(fmt::format("method: must be lbfgs, fire or newton, got {}", name));
}

}  // namespace heteroglass::landscape
