#include "landscape/harmonic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numbers>
#include <string>

#include "core/constants.hpp"
#include "core/elements.hpp"
#include "core/error.hpp"

namespace heteroglass::landscape {
namespace {

double mass_of(const Frame& frame, std::size_t s) {
  const Species& species = frame.species[s];
  if (species.mass > 0) return species.mass;
  if (frame.units == UnitSystem::lj) return 1;
  if (const Element* e = find_element(species.name); e && e->mass > 0) return e->mass;
  throw InputError(
      fmt::format("{}: {} must have a mass, got none; name the elements with --elements", frame.source, frame.species_name(s)));
}

constexpr double sparse_below = 0.1;  ///< above this filling the factor of a sparse matrix is nearly full

std::span<const Vec3> as_vectors(std::span<const double> x) { return {reinterpret_cast<const Vec3*>(x.data()), x.size() / 3}; }
std::span<Vec3> as_vectors(std::span<double> x) { return {reinterpret_cast<Vec3*>(x.data()), x.size() / 3}; }

}  // namespace

Harmonic::Harmonic(const Frame& frame, std::shared_ptr<const potential::Potential> potential, double force_limit)
    : frame_(frame),
      potential_(std::move(potential)),
      calculator_(potential_->calculator(frame_)),
      dimension_(static_cast<std::size_t>(potential_->dimension())) {
  std::vector<Vec3> force(atoms());
  calculator_->forces(frame_.box, frame_.position, force);
  for (const Vec3& f : force) residual_ = std::isfinite(norm(f)) ? std::max(residual_, norm(f)) : INFINITY;
  if (!(residual_ <= force_limit)) {
    const std::string unit = unit_in(frame_.units, "eV/angstrom");
    throw InputError(
        fmt::format("{}: must be a minimum of {} (no force above {:.3g} {}), got {:.3g} {}: run `heteroglass landscape minimise` first",
                    frame_.source, potential_->name(), force_limit, unit, residual_, unit));
  }
  for (std::size_t i = 0; i < atoms(); ++i) {
    const double mass = mass_of(frame_, static_cast<std::size_t>(frame_.type[i]));
    total_mass_ += mass;
    for (std::size_t k = 0; k < dimension_; ++k) inverse_root_mass_.push_back(1 / std::sqrt(mass));
  }
  // eV / (angstrom^2 g/mol) in 1/ps^2
  if (frame_.units != UnitSystem::lj) omega2_unit_ = constants::elementary_charge / constants::atomic_mass * 1e-4;
  calculator_->expand(frame_.box, frame_.position);
}

double Harmonic::density() const { return total_mass_ / frame_.box.volume(); }

double Harmonic::frequency(double eigenvalue) const {
  return std::copysign(std::sqrt(std::abs(eigenvalue) * omega2_unit_), eigenvalue) / (2 * std::numbers::pi);
}

double Harmonic::eigenvalue(double frequency) const {
  const double omega = 2 * std::numbers::pi * frequency;
  return omega * std::abs(omega) / omega2_unit_;
}

std::vector<double> Harmonic::packed(std::span<const Vec3> v) const {
  std::vector<double> x(v.size() * dimension_);
  for (std::size_t i = 0; i < v.size(); ++i)
    for (std::size_t k = 0; k < dimension_; ++k) x[i * dimension_ + k] = v[i][k];
  return x;
}

void Harmonic::unpack(std::span<const double> x, std::span<Vec3> v) const {
  for (std::size_t i = 0; i < v.size(); ++i) {
    v[i] = {};
    for (std::size_t k = 0; k < dimension_; ++k) v[i][k] = x[i * dimension_ + k];
  }
}

void Harmonic::product(std::span<const double> x, std::span<double> y, std::size_t vectors) {
  if (dimension_ == 3) {
    calculator_->hessian_product(as_vectors(x), as_vectors(y), vectors);
    return;
  }
  in_.resize(vectors * atoms()), out_.resize(vectors * atoms());
  unpack(x, in_);
  calculator_->hessian_product(in_, out_, vectors);
  const std::vector<double> flat = packed(out_);
  std::copy(flat.begin(), flat.end(), y.begin());
}

numeric::LinearMap Harmonic::hessian() {
  return [this](std::span<const double> x, std::span<double> y, std::size_t vectors) { product(x, y, vectors); };
}

numeric::LinearMap Harmonic::dynamical() {
  return [this](std::span<const double> x, std::span<double> y, std::size_t vectors) {
    const std::size_t n = size();
    scaled_.resize(vectors * n);
    const auto scale = [&](std::span<const double> from, std::span<double> to) {
#pragma omp parallel for schedule(static)
      for (std::ptrdiff_t i = 0; i < static_cast<std::ptrdiff_t>(n); ++i)
        for (std::size_t v = 0; v < vectors; ++v) {
          const std::size_t at = v * n + static_cast<std::size_t>(i);
          to[at] = from[at] * inverse_root_mass_[static_cast<std::size_t>(i)];
        }
    };
    scale(x, scaled_);
    product(scaled_, y, vectors);
    scale(y, y);
  };
}

std::vector<double> Harmonic::translations(bool weighted) const {
  const std::size_t n = size();
  std::vector<double> t(dimension_ * n, 0);
  for (std::size_t k = 0; k < dimension_; ++k)
    for (std::size_t i = k; i < n; i += dimension_)
      t[k * n + i] = weighted ? 1 / (inverse_root_mass_[i] * std::sqrt(total_mass_)) : 1 / std::sqrt(static_cast<double>(atoms()));
  return t;
}

template <class Put> void Harmonic::entries(bool weighted, Put&& put) {
  const potential::BlockMatrix h = calculator_->hessian();
  for (std::size_t i = 0; i < h.atoms; ++i)
    for (std::size_t a = 0; a < dimension_; ++a)
      for (auto b = static_cast<std::size_t>(h.row[i]); b < static_cast<std::size_t>(h.row[i + 1]); ++b) {
        const auto j = static_cast<std::size_t>(h.column[b]);
        if (j < i) continue;
        for (std::size_t c = j == i ? a : 0; c < dimension_; ++c) {
          const std::size_t p = i * dimension_ + a, q = j * dimension_ + c;
          put(q, p, h.block[b][a][c] * (weighted ? inverse_root_mass_[p] * inverse_root_mass_[q] : 1));
        }
      }
}

double Harmonic::filled() {
  const auto n = static_cast<double>(atoms());
  return std::min(1.0, calculator_->hessian_bytes() / (sizeof(Mat3) * n * n));
}

numeric::SparseLower Harmonic::sparse(bool weighted) {
  numeric::SparseLower a;
  a.n = size();
  a.start.assign(1, 0);
  std::size_t at = 0;
  entries(weighted, [&](std::size_t row, std::size_t column, double value) {
    for (; at < column; ++at) a.start.push_back(static_cast<std::int64_t>(a.row.size()));
    a.row.push_back(static_cast<std::int64_t>(row));
    a.value.push_back(value);
  });
  for (; at < a.n; ++at) a.start.push_back(static_cast<std::int64_t>(a.row.size()));
  return a;
}

Matrix Harmonic::dense(bool weighted) {
  Matrix a(size(), size());
  entries(weighted, [&](std::size_t row, std::size_t column, double value) { a(row, column) = value; });
  return a;
}

std::unique_ptr<numeric::Cholesky> Harmonic::factor(bool weighted, double shift) {
  if (filled() < sparse_below) return numeric::sparse_cholesky(sparse(weighted), shift);
  Matrix a = dense(weighted);
  for (std::size_t i = 0; i < a.rows; ++i) a(i, i) += shift;
  return numeric::dense_cholesky(std::move(a));
}

double Harmonic::factor_bytes() {
  const auto n = static_cast<double>(size());
  // Nested dissection in three dimensions leaves about 3 n^(4/3) blocks of the range of the matrix; never more than the full triangle twice.
  const double full = 8 * n * n;
  if (filled() >= sparse_below) return full + calculator_->hessian_bytes();
  return std::min(full, 8 * 6 * std::pow(n, 4.0 / 3) * std::cbrt(filled() * n)) + 3 * calculator_->hessian_bytes();
}

double available_memory() {
  std::ifstream info("/proc/meminfo");
  std::string word;
  double bytes = 8e9;
  while (info >> word)
    if (word == "MemAvailable:") {
      info >> bytes;
      bytes *= 1024;
      break;
    }
  double limit = 0, used = 0;
  if (std::ifstream("/sys/fs/cgroup/memory.max") >> limit && std::ifstream("/sys/fs/cgroup/memory.current") >> used)
    bytes = std::min(bytes, std::max(limit - used, 0.0));
  return bytes;
}

double degrees_of_freedom(const std::string& potential, double atoms) {
  return (potential.substr(0, potential.find(',')).ends_with("-2d") ? 2 : 3) * atoms;
}

}  // namespace heteroglass::landscape
