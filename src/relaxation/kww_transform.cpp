#include "relaxation/kww_transform.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/error.hpp"
#include "numeric/digamma.hpp"

namespace heteroglass::relaxation {
namespace {

using Complex = std::complex<double>;
constexpr double pi = std::numbers::pi;
constexpr double tolerance = 1e-13;  ///< of the neglected parts of series and integrals
constexpr double reach = 33;         ///< exp(-33) = 5e-15: integrands are followed down to this

/// cos and sin of n pi beta / 2, exact at beta = 1 and 2 and without loss near them.
std::pair<double, double> phase(int n, double beta) {
  const double whole = beta > 1.5 ? 2 : 1, rest = n * pi / 2 * (beta - whole);
  const double c = std::cos(rest), s = std::sin(rest);
  switch ((n * static_cast<int>(whole)) % 4) {
    case 0:
      return {c, s};
    case 1:
      return {-s, c};
    case 2:
      return {-c, -s};
    default:
      return {s, -c};
  }
}

/// e^{-i w t} on the contour, and 1 minus it without cancellation.
struct Wave {
  Complex value, complement;
};
Wave wave(double wy, double sine, double cosine) {
  const double a = wy * sine, c = wy * cosine;
  if (cosine == 0) {
    const double m = std::expm1(-a);
    return {1 + m, -m};
  }
  const double e = std::exp(-a), cosine_c = std::cos(c), sine_c = std::sin(c), half = std::sin(c / 2);
  return {{e * cosine_c, -e * sine_c}, {-std::expm1(-a) + 2 * e * half * half, e * sine_c}};
}

}  // namespace

KwwTransform::KwwTransform(double beta) : beta_(beta) {
  if (!(beta >= beta_low && beta <= beta_high))
    throw InputError(fmt::format("kww: beta must be between {} and {}, got {}", beta_low, beta_high, beta));
  const double widest = std::min(pi, pi / (2 * beta));
  theta_ = widest / 2;
  sine_ = std::sin(theta_), cosine_ = beta <= 0.5 ? 0 : std::cos(theta_);
  step_ = 2 * pi * theta_ / 38;
  change_ = 1 / kww_mean_time(beta);
  make_series();
  if (below_ < above_) make_contour();
}

void KwwTransform::make_series() {
  const int terms = 40;
  const auto log_low = [&](int n) { return std::lgamma(1 + n / beta_) - std::lgamma(1.0 + n); };
  const auto log_high = [&](int n) { return std::lgamma(1 + n * beta_) - std::lgamma(1.0 + n); };
  // A series may be used where its first neglected term is small against its first one. Few terms reach further into an
  // asymptotic series, many into a convergent one, where rounding sets the end.
  int low_terms = 1, high_terms = 1;
  double log_below = -std::numeric_limits<double>::infinity(), log_above = -log_below;
  const double spread = beta_ > 1 ? -std::log(std::sin(pi / (2 * beta_))) : 0;  // the remainder is taken on a slanted ray
  for (int n = 1; n < terms; ++n) {
    const double below = (std::log(tolerance) + log_low(1) - log_low(n + 1)) / n;
    if (below > log_below) log_below = below, low_terms = n;
    const double above = -(std::log(tolerance) + log_high(1) - log_high(n + 1) - spread * ((n + 1) * beta_ + 1)) / (n * beta_);
    if (above < log_above) log_above = above, high_terms = n;
  }
  below_ = std::min(std::exp(log_below), beta_ > 1 ? 1.5 : 0.5 * change_ * 10);
  above_ = std::max(std::exp(log_above), beta_ <= 1 ? std::pow(3.0, -1 / beta_) : 0);  // alternating terms grow to some ten at most
  for (int n = 1; n <= low_terms; ++n) {
    low_.push_back(std::exp(log_low(n)));
    low_slope_.push_back(-n / (beta_ * beta_) * numeric::digamma(1 + n / beta_));
  }
  for (int n = 1; n <= high_terms; ++n) {
    const auto [c, s] = phase(n, beta_);
    const double size = (n % 2 ? 1 : -1) * std::exp(log_high(n));
    high_.push_back(size), high_cosine_.push_back(size * c), high_sine_.push_back(size * s);
    high_slope_.push_back(n * numeric::digamma(1 + n * beta_));
  }
}

void KwwTransform::make_contour() {
  const auto node = [&](double x, bool low) {
    const Complex log_t(x, -theta_), z = std::exp(beta_ * log_t), decay = std::exp(-z);
    Node k{x, std::exp(x), {}, {}};
    if (low) {
      k.weight = step_ * beta_ * z * decay;
      k.weight_beta = step_ * z * decay * (1.0 + beta_ * log_t * (1.0 - z));
    } else {
      const Complex complement = std::abs(z) < 1e-3 ? z * (1.0 - z / 2.0 * (1.0 - z / 3.0 * (1.0 - z / 4.0))) : 1.0 - decay;
      k.weight = step_ * complement;
      k.weight_beta = step_ * decay * z * log_t;
    }
    return k;
  };
  // Small t: both integrands fall as t^(1 + beta). Large t: the low one with e^{-z}, the high one with e^{-iwt}.
  const double log_mean = -std::log(change_), tail = std::log(reach / std::min(sine_, std::cos(beta_ * theta_)));
  if (below_ < change_)
    for (double x = (log_mean - reach) / (1 + beta_); x < std::log(reach / std::cos(beta_ * theta_)) / beta_ + step_; x += step_)
      low_node_.push_back(node(x, true));
  if (above_ > change_)
    for (double x = -std::log(above_) - reach / (1 + beta_); x < -std::log(std::max(change_, below_)) + tail + step_; x += step_)
      high_node_.push_back(node(x, false));
}

KwwTransform::Value KwwTransform::evaluate(double w, Derivatives* d) const {
  if (w == 0) {
    if (d) *d = {};
    return {1, 0};
  }
  if (w <= below_) return low_series(w, d);
  if (w >= above_) return high_series(w, d);
  return w < change_ ? low_contour(w, d) : high_contour(w, d);
}

KwwTransform::Value KwwTransform::low_series(double w, Derivatives* d) const {
  double odd = 0, even = 0;  // of chi'' and of 1 - chi'
  for (std::size_t k = low_.size(); k-- > 0;) (k % 2 ? even : odd) = low_[k] - w * w * (k % 2 ? even : odd);
  odd *= w, even *= w * w;
  if (d) {
    *d = {};
    Complex power = 1;
    for (std::size_t k = 0; k < low_.size(); ++k) {
      power *= Complex(0, -w);
      d->log_omega += power * low_[k] * static_cast<double>(k + 1);
      d->beta += power * low_[k] * low_slope_[k];
    }
  }
  return {{1 - even, -odd}, {even, odd}};
}

KwwTransform::Value KwwTransform::high_series(double w, Derivatives* d) const {
  const double v = std::pow(w, -beta_);
  double real = 0, imaginary = 0;
  for (std::size_t k = high_.size(); k-- > 0;) real = (real + high_cosine_[k]) * v, imaginary = (imaginary + high_sine_[k]) * v;
  if (d) {
    *d = {};
    const Complex log_iw(std::log(w), pi / 2);
    double power = 1;
    for (std::size_t k = 0; k < high_.size(); ++k) {
      power *= v;
      const Complex term = power * Complex(high_cosine_[k], -high_sine_[k]);
      const auto n = static_cast<double>(k + 1);
      d->log_omega -= term * n * beta_;
      d->beta += term * (high_slope_[k] - n * log_iw);
    }
  }
  const Complex chi(real, -imaginary);
  return {chi, 1.0 - chi};
}

KwwTransform::Value KwwTransform::low_contour(double w, Derivatives* d) const {
  Complex sum = 0, slope = 0, by_beta = 0;
  const Complex turn(sine_, cosine_);  // i e^{-i theta}
  for (const Node& k : low_node_) {
    const double wy = w * k.y;
    const Wave e = wave(wy, sine_, cosine_);
    sum += k.weight * e.complement;
    if (!d) continue;
    slope -= k.weight * e.value * wy * turn;
    by_beta -= k.weight_beta * e.complement;
  }
  if (d) *d = {slope, by_beta};
  return {1.0 - sum, sum};
}

KwwTransform::Value KwwTransform::high_contour(double w, Derivatives* d) const {
  // Only nodes around y = 1/w count; the tables hold those of all w.
  const double first = high_node_.front().log_y, centre = -std::log(w);
  const auto place = [&](double x) {
    return static_cast<std::size_t>(std::clamp((x - first) / step_, 0.0, static_cast<double>(high_node_.size())));
  };
  const std::size_t from = place(centre - reach / (1 + beta_)), to = place(centre + std::log(reach / sine_) + 2 * step_);
  Complex sum = 0, slope = 0, by_beta = 0;
  const Complex turn(sine_, cosine_);
  for (std::size_t i = from; i < to; ++i) {
    const Node& k = high_node_[i];
    const double a = w * k.y * sine_, c = w * k.y * cosine_, e = std::exp(-a) * w * k.y;
    const Complex value = cosine_ == 0 ? Complex(e) : Complex(e * std::cos(c), -e * std::sin(c));
    sum += k.weight * value;
    if (!d) continue;
    slope += k.weight * value * (1.0 - w * k.y * turn);
    by_beta += k.weight_beta * value;
  }
  sum *= turn;
  if (d) *d = {slope * turn, by_beta * turn};
  return {sum, 1.0 - sum};
}

Complex KwwTransform::fourier(double w) const {
  const Value v = evaluate(w, nullptr);
  if (w == 0) return kww_mean_time(beta_);
  return {v.complement.imag() / w, -v.complement.real() / w};
}

double kww_mean_time(double beta) { return std::tgamma(1 / beta) / beta; }

double kww_loss_peak(const KwwTransform& kww) {
  double low = -12 / kww.beta(), high = 3;  // the slope of chi'' is positive at the first, negative at the second
  KwwTransform::Derivatives d;
  for (int i = 0; i < 200 && high - low > 1e-13; ++i) {
    const double middle = (low + high) / 2;
    kww.susceptibility(std::exp(middle), d);
    (d.log_omega.imag() < 0 ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace heteroglass::relaxation
