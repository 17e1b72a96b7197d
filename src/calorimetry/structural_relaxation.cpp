#include "calorimetry/structural_relaxation.hpp"

#include <algorithm>
#include <cmath>

namespace heteroglass::calorimetry {
namespace {

constexpr double slowest = 500;  // ln tau beyond which nothing moves

/// T_f as a sum of exponential memories.
class Memory {
 public:
  Memory(const numeric::KohlrauschSum& sum, double temperature) : sum_(sum), temperature_(temperature), lag_(sum.rate.size(), 0) {}

  double fictive() const { return temperature_ + offset_; }
  double temperature() const { return temperature_; }

  /// T goes linearly to `to` while the reduced time advances by `xi`.
  void advance(double to, double xi) {
    const double change = to - temperature_;
    double offset = 0;
    for (std::size_t i = 0; i < lag_.size(); ++i) {
      const double z = sum_.rate[i] * xi, lost = -std::expm1(-z);
      lag_[i] = lag_[i] * (1 - lost) - change * (z > 1e-8 ? lost / z : 1 - z / 2);
      offset += sum_.weight[i] * lag_[i];
    }
    temperature_ = to, offset_ = offset;
  }
  /// An instantaneous step: only what relaxes at once follows.
  void jump(double to) {
    double offset = 0;
    for (std::size_t i = 0; i < lag_.size(); ++i) lag_[i] -= to - temperature_, offset += sum_.weight[i] * lag_[i];
    temperature_ = to, offset_ = offset;
  }

 private:
  const numeric::KohlrauschSum& sum_;
  double temperature_, offset_ = 0;
  std::vector<double> lag_;  ///< T_f,i - T of each exponential
};

/// Durations of the steps of a segment: even on a ramp, growing on a hold.
std::vector<double> durations(const Segment& s, double from, double step, double first) {
  std::vector<double> d;
  const double span = std::abs(s.to - from);
  if (s.duration <= 0) return d;
  if (span > 0) {
    const auto n = static_cast<std::size_t>(std::max(1.0, std::ceil(span / step - 1e-9)));
    d.assign(n, s.duration / static_cast<double>(n));
    return d;
  }
  constexpr int n = 300;  // from `first` (a fraction of tau) to the whole, in even steps of ln t
  const double begin = std::clamp(first, s.duration * 1e-9, s.duration / n);
  double before = 0;
  for (int k = 0; k <= n; ++k) {
    const double t = begin * std::pow(s.duration / begin, static_cast<double>(k) / n);
    d.push_back(t - before), before = t;
  }
  return d;
}

}  // namespace

double StructuralLaw::ln_tau(double t, double fictive) const {
  if (!adam_gibbs) return ln_a + energy * (x / t + (1 - x) / fictive);
  const double order = 1 - t2 / fictive;
  return order > 0 ? ln_a + energy / (t * order) : slowest;
}

FictivePath fictive_path(const ThermalHistory& h, const StructuralLaw& law, const numeric::KohlrauschSum& sum, double step) {
  FictivePath out;
  Memory memory(sum, h.start);
  bool held = false;
  for (std::size_t k = 0; k < h.segments.size(); ++k) {
    const Segment& s = h.segments[k];
    const bool last = k + 1 == h.segments.size();
    const double from = memory.temperature();
    if (last) out.at_start = memory.fictive();
    if (!held && s.to == from && s.duration > 0) out.before_holds = memory.fictive(), held = true;
    if (last) out.temperature.push_back(from), out.fictive.push_back(memory.fictive());
    if (s.duration <= 0) memory.jump(s.to);
    double time = 0, slope = 0;
    for (const double dt : durations(s, from, step, 1e-3 * std::exp(std::min(slowest, law.ln_tau(from, memory.fictive()))))) {
      const double to = from + (s.to - from) * std::min(1.0, (time + dt) / s.duration), before = memory.fictive();
      const double middle = std::max(1.0, before + slope * dt / 2);
      const double ln_tau = std::clamp(law.ln_tau((memory.temperature() + to) / 2, middle), -slowest, slowest);
      memory.advance(to, dt * std::exp(-ln_tau));
      slope = (memory.fictive() - before) / dt, time += dt;
      ++out.steps;
      if (last) out.temperature.push_back(to), out.fictive.push_back(memory.fictive());
    }
  }
  if (!held) out.before_holds = out.at_start;
  return out;
}

std::vector<double> normalised_heat_capacity(const FictivePath& p, std::vector<double>& temperature) {
  std::vector<double> cp;
  temperature.clear();
  for (std::size_t i = 1; i < p.temperature.size(); ++i) {
    const double change = p.temperature[i] - p.temperature[i - 1];
    if (change == 0) continue;
    temperature.push_back((p.temperature[i] + p.temperature[i - 1]) / 2);
    cp.push_back((p.fictive[i] - p.fictive[i - 1]) / change);
  }
  return cp;
}

}  // namespace heteroglass::calorimetry
