#include "relaxation/superpose.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <random>

#include "numeric/covariance_factor.hpp"

namespace heteroglass::relaxation {
namespace {

using Ordinates = std::vector<std::vector<std::vector<double>>>;  // [isotherm][channel][point]

Ordinates ordinates(const Isotherms& data) {
  Ordinates y;
  for (const Isotherm& i : data.list) y.push_back(i.y);
  return y;
}

/// What is fitted: shifts, then coefficients of each channel.
struct State {
  std::vector<double> ln_a, ln_b;
  std::vector<std::vector<double>> c;
};

constexpr double silence = 1e4;  // by which the scatter of a channel that does not decide is made larger

class Fit {
 public:
  Fit(const Isotherms& data, const SuperposeSettings& s, const std::vector<double>& ln_a, const std::vector<double>& ln_b)
      : data_(data), settings_(s), spline_(0, 1, 1) {
    channels_ = data.channels.size(), isotherms_ = data.list.size();
    vertical_ = data.domain == Domain::creep ? -1 : 1;
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (std::size_t k = 0; k < isotherms_; ++k) {
      low = std::min(low, data.list[k].x.front() + data.direction() * ln_a[k]);
      high = std::max(high, data.list[k].x.back() + data.direction() * ln_a[k]);
      points_ += data.list[k].x.size();
    }
    const double margin = 0.03 * (high - low) + 0.3;
    const double wanted = (high - low + 2 * margin) / 0.6;  // four intervals a decade
    spline_ = numeric::BSpline(low - margin, high + margin, static_cast<std::size_t>(std::clamp(std::ceil(wanted), 6.0, 100.0)));
    penalty_ = numeric::second_difference_penalty(spline_.size());
    lambda_.assign(channels_, 1), sigma_.assign(channels_, 1);
    state_ = {ln_a, ln_b, std::vector<std::vector<double>>(channels_, std::vector<double>(spline_.size(), 0))};
  }

  const State& state() const { return state_; }
  const numeric::BSpline& spline() const { return spline_; }
  const std::vector<double>& sigma() const { return sigma_; }

  /// Penalty and coefficients of each channel for the shifts as they are.
  void choose_penalties(const Ordinates& y) {
    for (std::size_t c = 0; c < channels_; ++c) {
      const std::size_t m = spline_.size();
      Matrix normal(m, m);
      std::vector<double> right(m, 0);
      double yy = 0;
      for (std::size_t k = 0; k < isotherms_; ++k)
        for (std::size_t i = 0; i < y[k][c].size(); ++i) {
          const numeric::SplineWeights w = spline_.weights(place(k, i));
          const double value = y[k][c][i] - vertical_ * state_.ln_b[k];
          yy += value * value;
          for (std::size_t a = 0; a < 4; ++a) {
            right[w.first + a] += w.value[a] * value;
            for (std::size_t b = 0; b <= a; ++b) normal(w.first + a, w.first + b) += w.value[a] * w.value[b];
          }
        }
      const auto n = static_cast<double>(points_);
      double best = std::numeric_limits<double>::infinity();
      for (int ln_lambda = -14; ln_lambda <= 12; ++ln_lambda) {
        Matrix h = normal;
        for (std::size_t i = 0; i < m; ++i)
          for (std::size_t j = 0; j <= i; ++j) h(i, j) += std::exp(ln_lambda) * penalty_(i, j);
        const numeric::CovarianceFactor factor(h);
        const std::vector<double> x = factor.solve(right);
        double f = yy;
        for (std::size_t j = 0; j < m; ++j) f -= right[j] * x[j];
        f = std::max(f, 1e-12 * yy);
        const double criterion = (n - 2) * std::log(f / (n - 2)) + factor.log_determinant() - static_cast<double>(m - 2) * ln_lambda;
        if (criterion < best) best = criterion, lambda_[c] = std::exp(ln_lambda), state_.c[c] = x, sigma_[c] = std::sqrt(f / (n - 2));
      }
      if (!decides(c)) sigma_[c] *= silence;
    }
  }

  /// Damped Gauss-Newton steps at fixed penalties. Returns their number, negative when they did not settle.
  int iterate(const Ordinates& y, int most) {
    double damping = 1e-4, objective = cost(y, state_);
    for (int step = 1; step <= most; ++step) {
      Matrix h;
      std::vector<double> g;
      normal_equations(y, h, g);
      State next;
      double change = 0, value = 0;
      bool better = false;
      while (!better && damping < 1e8) {
        Matrix damped = h;
        for (std::size_t j = 0; j < shifts(); ++j) damped(j, j) *= 1 + damping;
        const std::vector<double> delta = numeric::CovarianceFactor(damped).solve(g);
        change = 0;
        for (std::size_t j = 0; j < shifts(); ++j) change = std::max(change, std::abs(delta[j]));
        next = moved(delta, change > 2 ? 2 / change : 1);
        value = cost(y, next);
        better = value <= objective;
        if (!better) damping *= 8;
      }
      const double gain = better ? objective - value : 0;
      if (better) state_ = std::move(next), objective = value;
      damping = std::max(damping / 10, 1e-9);
      // In units of chi^2: what is left to gain is a small part of the statistical error of any shift.
      if (change < 1e-6 || gain < 0.003) return step;
    }
    return -most;
  }

  Ordinates residuals(const Ordinates& y) const {
    Ordinates r = y;
    for (std::size_t k = 0; k < isotherms_; ++k)
      for (std::size_t c = 0; c < channels_; ++c)
        for (std::size_t i = 0; i < r[k][c].size(); ++i) r[k][c][i] -= vertical_ * state_.ln_b[k] + spline_.value(state_.c[c], place(k, i));
    return r;
  }

  /// Inverse of the normal matrix, in units of sigma, and the degrees of freedom that the parameters take.
  Matrix inverse(const Ordinates& y, double& used) const {
    Matrix h;
    std::vector<double> g;
    normal_equations(y, h, g);
    Matrix inverse = numeric::CovarianceFactor(h).inverse();
    used = static_cast<double>(shifts());  // trace of H^-1 (H - penalty) over what decides
    for (std::size_t c = 0; c < channels_; ++c) {
      if (!decides(c)) continue;
      used += static_cast<double>(spline_.size());
      for (std::size_t i = 0; i < spline_.size(); ++i)
        for (std::size_t j = i >= 2 ? i - 2 : 0; j < std::min(i + 3, spline_.size()); ++j)
          used -= inverse(first(c) + i, first(c) + j) * penalty_(i, j) * lambda_[c] / (sigma_[c] * sigma_[c]);
    }
    return inverse;
  }

  /// Covariance of the coefficients of a channel that does not decide: of its own scatter at given shifts, and by the errors of these.
  Matrix follower(const Ordinates& y, std::size_t channel, const Matrix& inverse, double own, double of_shifts) const {
    Matrix h;
    std::vector<double> g;
    normal_equations(y, h, g);
    const std::size_t m = spline_.size(), from = first(channel);
    Matrix block(m, m);
    for (std::size_t i = 0; i < m; ++i)
      for (std::size_t j = 0; j <= i; ++j) block(i, j) = h(from + i, from + j);
    const numeric::CovarianceFactor factor(block);
    Matrix out = factor.inverse(), slope(m, shifts()), spread(m, shifts());
    std::vector<double> column(m);
    for (std::size_t k = 0; k < shifts(); ++k) {
      for (std::size_t i = 0; i < m; ++i) column[i] = h(from + i, k);
      const std::vector<double> x = factor.solve(column);
      for (std::size_t i = 0; i < m; ++i) slope(i, k) = x[i];
    }
    for (std::size_t i = 0; i < m; ++i)
      for (std::size_t l = 0; l < shifts(); ++l)
        for (std::size_t k = 0; k < shifts(); ++k) spread(i, l) += slope(i, k) * inverse(k, l);
    for (std::size_t i = 0; i < m; ++i)
      for (std::size_t j = 0; j < m; ++j) {
        double by_shifts = 0;
        for (std::size_t l = 0; l < shifts(); ++l) by_shifts += spread(i, l) * slope(j, l);
        out(i, j) = own * out(i, j) / (silence * silence) + of_shifts * by_shifts;
      }
    return out;
  }

  bool decides(std::size_t channel) const { return !settings_.follow || *settings_.follow == channel; }
  std::size_t shifts() const { return (isotherms_ - 1) * (settings_.free_vertical ? 2 : 1); }
  std::size_t first(std::size_t channel) const { return shifts() + channel * spline_.size(); }
  /// Row of ln a (or ln b) of an isotherm that is not the reference.
  std::size_t row(std::size_t k, bool of_b = false) const { return (k < settings_.reference ? k : k - 1) + (of_b ? isotherms_ - 1 : 0); }

 private:
  double place(std::size_t k, std::size_t i) const { return place(state_, k, i); }
  double place(const State& s, std::size_t k, std::size_t i) const { return data_.list[k].x[i] + data_.direction() * s.ln_a[k]; }

  double cost(const Ordinates& y, const State& s) const {
    double sum = 0;
    for (std::size_t c = 0; c < channels_; ++c) {
      const double weight = 1 / (sigma_[c] * sigma_[c]);
      for (std::size_t k = 0; k < isotherms_; ++k)
        for (std::size_t i = 0; i < y[k][c].size(); ++i) {
          const double r = y[k][c][i] - vertical_ * s.ln_b[k] - spline_.value(s.c[c], place(s, k, i));
          sum += weight * r * r;
        }
      for (std::size_t j = 0; j + 2 < s.c[c].size(); ++j) {
        const double d = s.c[c][j] - 2 * s.c[c][j + 1] + s.c[c][j + 2];
        sum += weight * lambda_[c] * d * d;
      }
    }
    return sum;
  }

  State moved(const std::vector<double>& delta, double factor) const {
    State s = state_;
    for (std::size_t k = 0; k < isotherms_; ++k) {
      if (k == settings_.reference) continue;
      s.ln_a[k] += factor * delta[row(k)];
      if (settings_.free_vertical) s.ln_b[k] += factor * delta[row(k, true)];
    }
    for (std::size_t c = 0; c < channels_; ++c)
      for (std::size_t j = 0; j < spline_.size(); ++j) s.c[c][j] += factor * delta[first(c) + j];
    return s;
  }

  /// h: J^T J + penalty (lower triangle); g: -gradient / 2.
  void normal_equations(const Ordinates& y, Matrix& h, std::vector<double>& g) const {
    const std::size_t size = shifts() + channels_ * spline_.size();
    h = Matrix(size, size), g.assign(size, 0);
    for (std::size_t c = 0; c < channels_; ++c) {
      const double weight = 1 / (sigma_[c] * sigma_[c]);
      const std::vector<double>& coefficients = state_.c[c];
      for (std::size_t k = 0; k < isotherms_; ++k)
        for (std::size_t i = 0; i < y[k][c].size(); ++i) {
          const numeric::SplineWeights w = spline_.weights(place(k, i));
          double value = 0, slope = 0;
          for (std::size_t a = 0; a < 4; ++a)
            value += w.value[a] * coefficients[w.first + a], slope += w.slope[a] * coefficients[w.first + a];
          const double r = y[k][c][i] - vertical_ * state_.ln_b[k] - value;
          std::size_t index[6];
          double d[6];
          std::size_t used = 0;
          if (k != settings_.reference) {
            index[used] = row(k), d[used++] = data_.direction() * slope;
            if (settings_.free_vertical) index[used] = row(k, true), d[used++] = vertical_;
          }
          for (std::size_t a = 0; a < 4; ++a) index[used] = first(c) + w.first + a, d[used++] = w.value[a];
          for (std::size_t a = 0; a < used; ++a) {
            g[index[a]] += weight * d[a] * r;
            for (std::size_t b = 0; b <= a; ++b) h(index[a], index[b]) += weight * d[a] * d[b];
          }
        }
      for (std::size_t i = 0; i < spline_.size(); ++i)
        for (std::size_t j = i >= 2 ? i - 2 : 0; j < std::min(i + 3, spline_.size()); ++j) {
          const double p = weight * lambda_[c] * penalty_(i, j);
          if (j <= i) h(first(c) + i, first(c) + j) += p;
          g[first(c) + i] -= p * coefficients[j];
        }
    }
    for (std::size_t j = 0; j < shifts(); ++j) h(j, j) += 1e-9;  // an isotherm without any slope cannot be placed: a huge error, no failure
  }

  const Isotherms& data_;
  const SuperposeSettings& settings_;
  std::size_t channels_ = 0, isotherms_ = 0, points_ = 0;
  double vertical_ = 1;
  numeric::BSpline spline_;
  Matrix penalty_;
  std::vector<double> lambda_, sigma_;
  State state_;
};

/// Correlation of successive residuals along isotherms, 0 unless beyond twice its error.
double lag_correlation(const Ordinates& r) {
  double product = 0, square = 0, n = 0;
  for (const auto& isotherm : r)
    for (const auto& channel : isotherm) {
      for (double e : channel) square += e * e;
      for (std::size_t i = 1; i < channel.size(); ++i) product += channel[i] * channel[i - 1], ++n;
    }
  const double rho = square > 0 && n > 0 ? product / square : 0;
  return rho > 2 / std::sqrt(std::max(n, 1.0)) ? std::min(rho, 0.95) : 0;
}

/// Fitted curve plus blocks of residuals of the same isotherm, the same blocks in all channels.
Ordinates resampled(const Ordinates& fitted, const Ordinates& r, std::size_t block, double scale, std::mt19937_64& random) {
  Ordinates y = fitted;
  for (std::size_t k = 0; k < y.size(); ++k) {
    const std::size_t n = y[k][0].size();
    for (std::size_t i = 0; i < n;) {
      const std::size_t from = random() % n;
      const double sign = random() % 2 ? 1 : -1;
      for (std::size_t j = 0; j < block && i < n; ++j, ++i)
        for (std::size_t c = 0; c < y[k].size(); ++c) y[k][c][i] += sign * scale * r[k][c][(from + j) % n];
    }
  }
  return y;
}

/// ln a of refits to resampled data (draws, isotherms).
Matrix bootstrap(const Fit& fit, const Ordinates& y, const Ordinates& r, double scale, double correlation, const SuperposeSettings& s,
                 Context& context) {
  const std::size_t isotherms = y.size();
  Ordinates fitted = y;
  for (std::size_t k = 0; k < isotherms; ++k)
    for (std::size_t c = 0; c < y[k].size(); ++c)
      for (std::size_t i = 0; i < y[k][c].size(); ++i) fitted[k][c][i] -= r[k][c][i];
  const auto block = static_cast<std::size_t>(correlation > 0 ? std::ceil(1 + 2 / (1 - correlation)) : 1);
  Matrix sample(static_cast<std::size_t>(s.bootstrap), isotherms);
  context.check_cancelled();
#pragma omp parallel for schedule(dynamic)
  for (int draw = 0; draw < s.bootstrap; ++draw) {
    std::mt19937_64 random(s.seed * 1000003 + static_cast<std::uint64_t>(draw));
    Fit again = fit;
    again.iterate(resampled(fitted, r, block, scale, random), 4);
    for (std::size_t k = 0; k < isotherms; ++k) sample(static_cast<std::size_t>(draw), k) = again.state().ln_a[k];
  }
  return sample;
}

}  // namespace

double Superposition::curve_error(std::size_t channel, double u) const {
  const numeric::SplineWeights w = spline.weights(u);
  double variance = 0;
  for (std::size_t a = 0; a < 4; ++a)
    for (std::size_t b = 0; b < 4; ++b) variance += w.value[a] * w.value[b] * curve_covariance[channel](w.first + a, w.first + b);
  return std::sqrt(std::max(variance, 0.0));
}

Superposition superpose(const Isotherms& data, const SuperposeSettings& s, Context& context) {
  const std::size_t isotherms = data.list.size(), channels = data.channels.size();
  const Ordinates y = ordinates(data);
  std::vector<double> ln_a = s.start_ln_a, ln_b = s.fixed_ln_b.empty() ? std::vector<double>(isotherms, 0) : s.fixed_ln_b;
  const double origin = ln_a[s.reference];
  for (double& a : ln_a) a -= origin;
  Superposition out;
  // The spline is laid anew once the shifts have moved, so that it covers them.
  std::optional<Fit> fit;
  for (int round = 0; round < 4; ++round) {
    context.check_cancelled();
    fit.emplace(data, s, ln_a, ln_b);
    int steps = 0;
    for (int again = 0; again < 2; ++again) {
      fit->choose_penalties(y);
      steps = fit->iterate(y, 60);
      out.iterations += std::abs(steps);
    }
    double moved = 0;
    for (std::size_t k = 0; k < isotherms; ++k) moved = std::max(moved, std::abs(fit->state().ln_a[k] - ln_a[k]));
    ln_a = fit->state().ln_a, ln_b = fit->state().ln_b;
    out.converged = steps > 0;
    if (out.converged && moved < 0.3) break;
  }
  out.ln_a = ln_a, out.ln_b = ln_b;
  out.residual = fit->residuals(y);
  out.spline = fit->spline(), out.coefficients = fit->state().c;

  double used = 0, chi2 = 0, n = 0;
  const Matrix inverse = fit->inverse(y, used);
  for (std::size_t c = 0; c < channels; ++c) {
    double square = 0, count = 0;
    for (const auto& isotherm : out.residual)
      for (double e : isotherm[c]) square += e * e, ++count;
    out.residual_rms.push_back(std::sqrt(square / count));
    if (fit->decides(c)) chi2 += square / std::pow(fit->sigma()[c], 2), n += count;
  }
  out.correlation = lag_correlation(out.residual);
  const double free = std::max(n - used, 1.0), inflation = (1 + out.correlation) / (1 - out.correlation);
  const double factor = chi2 / free * inflation;
  out.covariance = Matrix(isotherms, isotherms);
  out.ln_a_error.assign(isotherms, 0), out.ln_b_error.assign(isotherms, 0);
  for (std::size_t k = 0; k < isotherms; ++k) {
    if (k == s.reference) continue;
    for (std::size_t l = 0; l < isotherms; ++l)
      if (l != s.reference) out.covariance(k, l) = factor * inverse(fit->row(k), fit->row(l));
    out.ln_a_error[k] = std::sqrt(out.covariance(k, k));
    if (s.free_vertical) out.ln_b_error[k] = std::sqrt(factor * inverse(fit->row(k, true), fit->row(k, true)));
  }
  for (std::size_t c = 0; c < channels; ++c) {
    if (!fit->decides(c)) {
      const double own = std::pow(out.residual_rms[c] * silence / fit->sigma()[c], 2) * inflation;
      out.curve_covariance.push_back(fit->follower(y, c, inverse, own, factor));
      continue;
    }
    Matrix block(fit->spline().size(), fit->spline().size());
    for (std::size_t i = 0; i < block.rows; ++i)
      for (std::size_t j = 0; j < block.columns; ++j) block(i, j) = factor * inverse(fit->first(c) + i, fit->first(c) + j);
    out.curve_covariance.push_back(std::move(block));
  }
  out.sample = bootstrap(*fit, y, out.residual, std::sqrt(n / free), out.correlation, s, context);
  return out;
}

}  // namespace heteroglass::relaxation
