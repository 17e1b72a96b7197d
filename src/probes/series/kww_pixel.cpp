#include "probes/series/kww_pixel.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace heteroglass::probes {
namespace {

constexpr double least_beta = 0.2, most_beta = 2.0;
constexpr std::size_t parameters = 4;  // ln A, ln W, ln tau, beta
using Vector = std::array<double, parameters>;
using Square = std::array<Vector, parameters>;

/// Inverse of the leading part of a symmetric positive matrix by Cholesky's factors; false when it is not positive.
bool invert(const Square& m, std::size_t n, Square& out) {
  Square l{};
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      double s = m[i][j];
      for (std::size_t k = 0; k < j; ++k) s -= l[i][k] * l[j][k];
      if (i == j && !(s > 0)) return false;
      l[i][j] = i == j ? std::sqrt(s) : s / l[j][j];
    }
  for (std::size_t column = 0; column < n; ++column) {
    Vector x{};
    x[column] = 1;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t k = 0; k < i; ++k) x[i] -= l[i][k] * x[k];
      x[i] /= l[i][i];
    }
    for (std::size_t i = n; i-- > 0;) {
      for (std::size_t k = i + 1; k < n; ++k) x[i] -= l[k][i] * x[k];
      x[i] /= l[i][i];
    }
    for (std::size_t i = 0; i < n; ++i) out[i][column] = x[i];
  }
  return true;
}

}  // namespace

double kww_squared(double t, double tau, double beta) { return t > 0 ? std::exp(-2 * std::pow(t / tau, beta)) : 1; }

KwwPixelFit::KwwPixelFit(std::size_t frames, std::optional<double> beta) : fourier_(frames), fixed_beta_(beta) {
  for (double x = std::log(0.3); x < std::log(30.0 * double(frames)); x += 0.25) ln_tau_.push_back(x);
  if (beta)
    beta_ = {*beta, *beta + 0.1};
  else
    for (int k = 0; k <= 18; ++k) beta_.push_back(least_beta + 0.1 * k);
  for (std::size_t j = 0; j < fourier_.frequencies();) {
    group_.push_back(j);
    j = j < 12 ? j + 1 : std::max(j + 1, std::size_t(1.12 * double(j)));
  }
  group_.push_back(fourier_.frequencies());
  for (std::size_t g = 0; g + 1 < group_.size(); ++g) members_.push_back(double(group_[g + 1] - group_[g]));
  nodes_.resize(ln_tau_.size() * beta_.size());
#pragma omp parallel
  {
    numeric::Periodogram::Work work(fourier_);
    std::vector<double> covariance(frames), power(fourier_.frequencies());
#pragma omp for schedule(static)
    for (std::int64_t k = 0; k < std::int64_t(nodes_.size()); ++k) {
      const double tau = std::exp(ln_tau_[std::size_t(k) / beta_.size()]), b = beta_[std::size_t(k) % beta_.size()];
      for (std::size_t d = 0; d < frames; ++d) covariance[d] = kww_squared(double(d), tau, b);
      fourier_.expected_power(covariance, power, work);
      for (std::size_t g = 0; g < members_.size(); ++g) {
        double sum = 0;
        for (std::size_t j = group_[g]; j < group_[g + 1]; ++j) sum += power[j];
        nodes_[std::size_t(k)].log_power.push_back(std::log(std::max(sum / members_[g], 1e-9)));
      }
    }
  }
  for (std::size_t i = 2; i < ln_tau_.size(); i += 3)
    for (std::size_t j = beta ? 0 : 2; j < (beta ? 1 : beta_.size()); j += 4)
      for (const double ratio : {0.0, 0.1, 1.0, 10.0, 100.0}) {
        Start s{i, j, ratio, 0, {}};
        for (std::size_t g = 0; g < members_.size(); ++g) {
          const double power = std::exp(nodes_[i * beta_.size() + j].log_power[g]) + ratio;
          s.log_sum += members_[g] * std::log(power), s.weighted.push_back(members_[g] / power);
        }
        starts_.push_back(std::move(s));
      }
}

void KwwPixelFit::shape(double ln_tau, double beta, Shape& out) const {
  const auto cell = [](double x, const std::vector<double>& axis, double& part) {
    const double at = std::clamp((x - axis[0]) / (axis[1] - axis[0]), 0.0, double(axis.size() - 1));
    const std::size_t i = std::min(std::size_t(at), axis.size() - 2);
    part = at - double(i);
    return i;
  };
  double u = 0, v = 0;
  const std::size_t i = cell(ln_tau, ln_tau_, u), j = cell(beta, beta_, v), row = beta_.size();
  const std::vector<double>&a = nodes_[i * row + j].log_power, &b = nodes_[(i + 1) * row + j].log_power,
        &c = nodes_[i * row + j + 1].log_power, &d = nodes_[(i + 1) * row + j + 1].log_power;
  const double step_t = ln_tau_[1] - ln_tau_[0], step_b = beta_[1] - beta_[0];
  for (std::size_t g = 0; g < members_.size(); ++g) {
    out.power[g] = std::exp((1 - u) * ((1 - v) * a[g] + v * c[g]) + u * ((1 - v) * b[g] + v * d[g]));
    out.by_ln_tau[g] = ((1 - v) * (b[g] - a[g]) + v * (d[g] - c[g])) / step_t;
    out.by_beta[g] = ((1 - u) * (c[g] - a[g]) + u * (d[g] - b[g])) / step_b;
  }
}

void KwwPixelFit::best_start(std::span<const double> power, KwwPixel& p) const {
  double total = 0, best = INFINITY;
  for (const double m : members_) total += m;
  for (const Start& s : starts_) {
    double sum = 0;
    for (std::size_t g = 0; g < members_.size(); ++g) sum += s.weighted[g] * power[g];
    if (const double value = s.log_sum + total * std::log(sum / total); value < best)
      best = value, p.contrast = sum / total, p.noise = s.ratio * sum / total, p.ln_tau = ln_tau_[s.i], p.beta = beta_[s.j];
  }
}

double KwwPixelFit::cost(std::span<const double> power, const Shape& s, double contrast, double noise) const {
  double sum = 0;
  for (std::size_t g = 0; g < members_.size(); ++g) {
    const double expected = contrast * s.power[g] + noise;
    sum += members_[g] * (std::log(expected) + power[g] / expected);
  }
  return sum;
}

KwwPixel KwwPixelFit::fit(std::span<const double> series, Work& work) const {
  fourier_.power(series, work.power, work.fourier);
  const std::size_t groups = members_.size(), free = fixed_beta_ ? 3 : 4;
  std::vector<double> power(groups);
  double mean = 0, total = 0;
  for (std::size_t g = 0; g < groups; ++g) {
    double sum = 0;
    for (std::size_t j = group_[g]; j < group_[g + 1]; ++j) sum += work.power[j];
    power[g] = sum / members_[g], mean += sum, total += members_[g];
  }
  mean /= total;
  KwwPixel p;
  if (!(mean > 0)) {
    p.ln_tau_error = p.beta_error = p.contrast_error = INFINITY;
    return p;
  }
  best_start(power, p);
  p.noise = std::max(p.noise, 1e-3 * mean);
  Shape s{std::vector<double>(groups), std::vector<double>(groups), std::vector<double>(groups)}, trial = s;
  shape(p.ln_tau, p.beta, s);
  double now = cost(power, s, p.contrast, p.noise);
  Square covariance{};
  for (int iteration = 0; iteration < 100 && !p.converged; ++iteration) {
    Square fisher{};
    Vector gradient{};
    for (std::size_t g = 0; g < groups; ++g) {
      const double signal = p.contrast * s.power[g], expected = signal + p.noise, part = signal / expected;
      const Vector slope = {part, 1 - part, part * s.by_ln_tau[g], part * s.by_beta[g]};
      const double rest = members_[g] * (power[g] / expected - 1);
      for (std::size_t a = 0; a < free; ++a) {
        gradient[a] += rest * slope[a];
        for (std::size_t b = 0; b <= a; ++b) fisher[a][b] += members_[g] * slope[a] * slope[b];
      }
    }
    for (std::size_t a = 0; a < free; ++a) {
      fisher[a][a] += 1e-3;  // a part that the series does not show stays where it is
      for (std::size_t b = a + 1; b < free; ++b) fisher[a][b] = fisher[b][a];
    }
    if (!invert(fisher, free, covariance)) break;
    Vector step{};
    for (std::size_t a = 0; a < free; ++a)
      for (std::size_t b = 0; b < free; ++b) step[a] += covariance[a][b] * gradient[b];
    double scale = 1;
    constexpr Vector longest = {1, 2, 0.8, 0.3};
    for (std::size_t a = 0; a < free; ++a) scale = std::min(scale, longest[a] / std::max(std::abs(step[a]), 1e-300));
    bool better = false;
    for (int half = 0; half < 8 && !better; ++half, scale *= 0.4) {
      const double contrast = p.contrast * std::exp(scale * step[0]), noise = std::max(p.noise * std::exp(scale * step[1]), 1e-6 * mean);
      const double ln_tau = std::clamp(p.ln_tau + scale * step[2], ln_tau_.front(), ln_tau_.back());
      const double beta = fixed_beta_ ? p.beta : std::clamp(p.beta + scale * step[3], least_beta, most_beta);
      shape(ln_tau, beta, trial);
      const double there = cost(power, trial, contrast, noise);
      if (!(there <= now)) continue;
      better = true, p.converged = now - there < 1e-5;
      p.contrast = contrast, p.noise = noise, p.ln_tau = ln_tau, p.beta = beta, now = there;
      std::swap(s, trial);
    }
    if (!better) p.converged = true;  // no step is better any more
  }
  p.significance = 2 * (total * (std::log(mean) + 1) - now);
  p.contrast_error = p.contrast * std::sqrt(covariance[0][0]), p.ln_tau_error = std::sqrt(covariance[2][2]);
  p.beta_error = fixed_beta_ ? 0 : std::sqrt(covariance[3][3]);
  return p;
}

}  // namespace heteroglass::probes
