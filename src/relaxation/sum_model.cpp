#include "relaxation/sum_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "core/suggest.hpp"

namespace heteroglass::relaxation {
namespace {
using Complex = std::complex<double>;
constexpr double pi = std::numbers::pi;
}  // namespace

SumModel::SumModel(std::vector<Component> components, bool compliance, std::vector<Law> laws, double reference_temperature)
    : components_(std::move(components)), compliance_(compliance), laws_(std::move(laws)), reference_(reference_temperature) {
  const std::string unit = compliance ? "1/GPa" : "GPa";
  entries_.push_back({compliance ? "unrelaxed" : "relaxed", unit, Kind::amplitude, 0, 1, 0, 1e6, false});
  for (std::size_t j = 0; j < components_.size(); ++j) {
    const Component& c = components_[j];
    first_.push_back(entries_.size());
    entries_.push_back({c.label + ".strength", unit, Kind::amplitude, j, 1, 0, 1e6, false});
    if (has_time(c.shape) && !thermal()) entries_.push_back({c.label + ".tau", "s", Kind::log_time, j, 0, -80, 80, false});
    if (has_time(c.shape) && thermal())
      for (const LawParameter& p : law_parameters(laws_[j]))
        entries_.push_back({c.label + "." + p.name, p.unit, Kind::law, j, p.start, p.low, p.high, false});
    for (const ShapeParameter& p : shape_parameters(c.shape))
      entries_.push_back({c.label + "." + p.name, "1", Kind::shape, j, p.start, p.low, p.high, thermal()});
    // Creep has no scale of its own: A tau^-chi is one number, so tau is kept at 1 s.
    if (c.shape == Shape::power_law_creep && !thermal()) entries_[first_.back() + 1].fixed = true;
  }
  if (thermal()) entries_.push_back({"slope", "1/K", Kind::slope, 0, 0, -0.01, 0.01, false});
}

std::size_t SumModel::find(const std::string& name) const {
  for (std::size_t i = 0; i < entries_.size(); ++i)
    if (entries_[i].name == name) return i;
  return std::string::npos;
}

std::vector<std::size_t> SumModel::matching(const std::string& name, const std::string& where) const {
  std::vector<std::size_t> out;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const std::string& full = entries_[i].name;
    names.push_back(full);
    if (full == name) return {i};
    if (full.size() > name.size() && full.ends_with("." + name)) out.push_back(i);
  }
  if (out.empty())
    throw InputError(fmt::format("{}: must name a parameter of the model ({}), got '{}'{}", where, fmt::join(names, ", "), name,
                                 did_you_mean(name, names)));
  return out;
}

std::size_t SumModel::shape_of(std::size_t j) const {
  if (!has_time(components_[j].shape)) return first_[j] + 1;
  return first_[j] + 1 + (thermal() ? law_parameters(laws_[j]).size() : 1);
}

double SumModel::background_level(std::size_t j, std::span<const double> p) const {
  return components_[j].shape == Shape::constant_loss ? 1 / std::tan(pi / 2 * p[shape_of(j)]) : 0;
}

std::optional<Law> SumModel::law_of(std::size_t j) const {
  if (!thermal() || !has_time(components_[j].shape)) return std::nullopt;
  return laws_[j];
}

Process SumModel::process(std::size_t j, std::span<const double> p) const {
  return Process(components_[j].shape, p.subspan(shape_of(j), shape_parameters(components_[j].shape).size()));
}

double SumModel::log_time(std::size_t j, double t, std::span<const double> p) const {
  if (!has_time(components_[j].shape)) return 0;
  if (!thermal()) return p[time_of(j)];
  const double value = law_value(laws_[j], t, p.subspan(time_of(j), law_parameters(laws_[j]).size()), reference_);
  return std::clamp(value * std::numbers::ln10, -300.0, 300.0);  // a process that is frozen, or too fast, whatever the number
}

void SumModel::evaluate(std::span<const ScanPoint> points, std::span<const double> p, Complex* value, Complex* slopes) const {
  const std::size_t n = points.size(), m = entries_.size();
  if (slopes) std::fill(slopes, slopes + n * m, Complex{});
  for (std::size_t i = 0; i < n; ++i) value[i] = p[0];
  if (slopes)
    for (std::size_t i = 0; i < n; ++i) slopes[i * m] = 1;
  std::vector<Complex> by_shape;
  for (std::size_t j = 0; j < components_.size(); ++j) {
    const Process process = this->process(j, p);
    const bool step = is_bounded(components_[j].shape);
    const std::size_t amplitude = first_[j], shape = shape_of(j), shapes = shape_parameters(components_[j].shape).size();
    by_shape.resize(shapes);
    const double level = background_level(j, p);
    for (std::size_t i = 0; i < n; ++i) {
      const double x = points[i].omega * std::exp(log_time(j, points[i].temperature, p));
      Complex by_log = 0;
      const Complex chi = (slopes ? process.susceptibility(x, by_log, by_shape) : process.susceptibility(x)) - level;
      if (slopes && components_[j].shape == Shape::constant_loss) by_shape[0] += pi / 2 * (1 + level * level);
      const Complex unit = compliance_ ? chi : step ? 1.0 - chi : -chi;
      value[i] += p[amplitude] * unit;
      if (!slopes) continue;
      Complex* row = slopes + i * m;
      const double sign = compliance_ ? p[amplitude] : -p[amplitude];
      row[amplitude] = unit;
      for (std::size_t k = 0; k < shapes; ++k) row[shape + k] = sign * by_shape[k];
      if (!has_time(components_[j].shape)) continue;
      if (!thermal()) {
        row[amplitude + 1] = sign * by_log;
        continue;
      }
      std::vector<double> q(p.begin(), p.end());
      for (std::size_t k = amplitude + 1; k < shape; ++k) {
        const double h = 1e-6 * std::max(std::abs(p[k]), 1e-3);
        q[k] = p[k] + h;
        const double up = log_time(j, points[i].temperature, q);
        q[k] = p[k] - h;
        row[k] = sign * by_log * (up - log_time(j, points[i].temperature, q)) / (2 * h);
        q[k] = p[k];
      }
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (compliance_) {
      value[i] = 1.0 / value[i];
      if (slopes)
        for (std::size_t k = 0; k < m; ++k) slopes[i * m + k] *= -value[i] * value[i];
    }
    if (!thermal()) continue;
    const double d = points[i].temperature - reference_, scale = 1 + p[m - 1] * d;
    if (slopes) {
      for (std::size_t k = 0; k + 1 < m; ++k) slopes[i * m + k] *= scale;
      slopes[i * m + m - 1] = value[i] * d;
    }
    value[i] *= scale;
  }
}

double SumModel::component_loss(std::size_t j, double omega, double t, std::span<const double> p) const {
  return -p[first_[j]] * process(j, p).susceptibility(omega * std::exp(log_time(j, t, p))).imag();
}

}  // namespace heteroglass::relaxation
