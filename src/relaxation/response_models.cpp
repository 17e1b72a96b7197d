#include "relaxation/response_models.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>

#include "core/error.hpp"
#include "core/suggest.hpp"
#include "numeric/incomplete_gamma.hpp"

namespace heteroglass::relaxation {
namespace {

using Complex = std::complex<double>;
constexpr double pi = std::numbers::pi;
constexpr double infinite = std::numeric_limits<double>::infinity();

struct Entry {
  Shape shape;
  std::string name;
  std::vector<ShapeParameter> parameters;
};

const std::vector<Entry>& entries() {
  const ShapeParameter alpha{"alpha", 0.7, 0.02, 1, "broadening on both sides"},
      gamma{"gamma", 0.5, 0.02, 1, "asymmetry, the high-frequency wing"};
  static const std::vector<Entry> table = {
      {Shape::debye, "debye", {}},
      {Shape::cole_cole, "cole-cole", {alpha}},
      {Shape::cole_davidson, "cole-davidson", {gamma}},
      {Shape::havriliak_negami, "havriliak-negami", {alpha, gamma}},
      {Shape::kww, "kww", {{"beta", 0.5, KwwTransform::beta_low, KwwTransform::beta_high, "stretching exponent"}}},
      {Shape::jonscher,
       "jonscher",
       {{"m", 0.8, 0.02, 1, "slope of the loss below the peak"}, {"n", 0.5, 0, 0.98, "1 minus the slope of the loss above it"}}},
      {Shape::constant_loss, "constant-loss", {{"lambda", 0.1, 1e-3, 0.9, "slope of the loss"}}},
      {Shape::power_law_creep, "power-law-creep", {{"chi", 0.4, 0.01, 1, "exponent of the creep"}}},
  };
  return table;
}

const Entry& entry(Shape s) { return entries()[static_cast<std::size_t>(s)]; }

/// ln(1 + z) and e^z - 1 without cancellation at small z.
Complex log1p(Complex z) {
  if (std::abs(z) > 0.03) return std::log(1.0 + z);
  Complex sum = 0;
  for (int n = 12; n > 0; --n) sum = z * (1.0 / n - sum);
  return sum;
}
Complex expm1(Complex z) {
  if (std::abs(z) > 0.03) return std::exp(z) - 1.0;
  Complex sum = 0;
  for (int n = 10; n > 0; --n) sum = z / double(n) * (1.0 + sum);
  return sum;
}

/// L^-1 at t = 1 of F(s), singular on the negative real axis only; the midpoint rule on Talbot's contour as Weideman tuned it.
template <class F> double inverse_laplace(const F& f) {
  const int n = 26;
  double sum = 0;
  for (int k = 0; k < n / 2; ++k) {
    const double theta = (2 * k + 1) * pi / n, a = 0.6407 * theta, cotangent = 1 / std::tan(a), sine = std::sin(a);
    const Complex s = double(n) * Complex(0.5017 * theta * cotangent - 0.6122, 0.2645 * theta);
    const Complex slope = double(n) * Complex(0.5017 * cotangent - 0.5017 * a / (sine * sine), 0.2645);
    sum += (std::exp(s) * f(s) * slope).imag();
  }
  return 2 * sum / n;
}

}  // namespace

const std::vector<ShapeParameter>& shape_parameters(Shape s) { return entry(s).parameters; }
std::string shape_name(Shape s) { return entry(s).name; }
std::vector<std::string> shape_names() {
  std::vector<std::string> names;
  for (const Entry& e : entries()) names.push_back(e.name);
  return names;
}
bool has_time(Shape s) { return s != Shape::constant_loss; }
bool is_bounded(Shape s) { return s != Shape::constant_loss && s != Shape::power_law_creep; }

std::vector<Component> parse_model(const std::string& text, const std::string& where) {
  std::vector<Component> out;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t to = std::min(text.find('+', from), text.size());
    const std::string word = text.substr(from, to - from);
    const auto found = std::find_if(entries().begin(), entries().end(), [&](const Entry& e) { return e.name == word; });
    if (found == entries().end())
      throw InputError(fmt::format("{}: must be a sum of {}, got '{}'{}", where, fmt::join(shape_names(), ", "), word,
                                   did_you_mean(word, shape_names())));
    out.push_back({found->shape, word});
    from = to + 1;
  }
  std::map<std::string, int> count, next;
  for (const Component& c : out) ++count[c.label];
  for (Component& c : out)
    if (count[c.label] > 1) c.label += fmt::format("{}", ++next[c.label]);
  return out;
}

Process::Process(Shape shape, std::span<const double> parameters) : shape_(shape), p_(parameters.begin(), parameters.end()) {
  const std::vector<ShapeParameter>& specs = shape_parameters(shape);
  if (p_.size() != specs.size())
    throw InputError(fmt::format("{}: takes {} shape parameters, got {}", shape_name(shape), specs.size(), p_.size()));
  for (std::size_t i = 0; i < p_.size(); ++i)
    if (!(p_[i] >= specs[i].low && p_[i] <= specs[i].high))
      throw InputError(
          fmt::format("{}: {} must be between {} and {}, got {}", shape_name(shape), specs[i].name, specs[i].low, specs[i].high, p_[i]));
  if (shape == Shape::kww) kww_ = std::make_shared<const KwwTransform>(p_[0]);
}

Complex Process::evaluate(double w, Complex* by_log, std::span<Complex> by_shape) const {
  const Complex x(0, w), log_x(std::log(w), pi / 2);
  const auto negami = [&](double alpha, double gamma, Complex* by_alpha, Complex* by_gamma) {
    const Complex power = alpha == 1 ? x : std::exp(alpha * log_x), base = 1.0 + power;
    const Complex chi = gamma == 1 ? 1.0 / base : std::exp(-gamma * log1p(power));
    if (by_log) *by_log = -gamma * alpha * chi * power / base;
    if (by_alpha) *by_alpha = -gamma * chi * power * log_x / base;
    if (by_gamma) *by_gamma = -chi * log1p(power);
    return chi;
  };
  const auto slot = [&](std::size_t i) { return by_shape.empty() ? nullptr : &by_shape[i]; };
  switch (shape_) {
    case Shape::debye:
      return negami(1, 1, nullptr, nullptr);
    case Shape::cole_cole:
      return negami(p_[0], 1, slot(0), nullptr);
    case Shape::cole_davidson:
      return negami(1, p_[0], nullptr, slot(0));
    case Shape::havriliak_negami:
      return negami(p_[0], p_[1], slot(0), slot(1));
    case Shape::kww: {
      if (!by_log) return kww_->susceptibility(w);
      KwwTransform::Derivatives d;
      const Complex chi = kww_->susceptibility(w, d);
      *by_log = d.log_omega;
      if (!by_shape.empty()) by_shape[0] = d.beta;
      return chi;
    }
    case Shape::jonscher: {
      if (by_log) {
        const double h = 1e-5;
        *by_log = (jonscher(w * std::exp(h)) - jonscher(w * std::exp(-h))) / (2 * h);
        for (std::size_t i = 0; i < by_shape.size(); ++i) {
          Process up = *this, down = *this;
          up.p_[i] += h, down.p_[i] -= h;
          by_shape[i] = (up.jonscher(w) - down.jonscher(w)) / (2 * h);
        }
      }
      return jonscher(w);
    }
    case Shape::constant_loss: {
      const Complex chi = std::exp(-p_[0] * log_x) / std::sin(pi * p_[0] / 2);
      if (by_log) *by_log = -p_[0] * chi;
      if (!by_shape.empty()) by_shape[0] = -chi * (log_x + pi / 2 / std::tan(pi * p_[0] / 2));
      return chi;
    }
    case Shape::power_law_creep: {
      const Complex chi = std::exp(-p_[0] * log_x);
      if (by_log) *by_log = -p_[0] * chi;
      if (!by_shape.empty()) by_shape[0] = -chi * log_x;
      return chi;
    }
  }
  return 0;
}

Complex Process::jonscher(double w) const {
  const double m = p_[0], high = 1 - p_[1], s = m + high, size = s / 2 * std::sin(pi * m / s), step = 0.28;
  const auto loss = [&](double u) { return size / (std::exp(-m * u) + std::exp(high * u)); };
  // Principal value: nodes half a step beside the pole, where its contributions cancel to exp(-2 pi^2 / step).
  double sum = 0;
  const double at = std::log(w), from = -34 / (2 + m) - std::max(at, 0.0), to = 34 / high + std::max(-at, 0.0);
  for (double u = (std::floor(from / step) + 0.5) * step; u < to; u += step) sum += loss(at + u) / -std::expm1(-2 * u);
  return {2 / pi * step * sum, -loss(at)};
}

double Process::jonscher_step(double t) const {
  const double m = p_[0], high = 1 - p_[1], s = m + high, size = s / 2 * std::sin(pi * m / s), turn = std::min(pi, pi / s) / 2;
  const double step = 2 * pi * turn / 38, from = -36 / m - std::max(std::log(t), 0.0), to = std::log(40 / (t * std::sin(turn)));
  double sum = 0;
  for (double u = from; u < to; u += step) {
    const Complex x(u, turn);
    sum += (size / (std::exp(-m * x) + std::exp(high * x)) * std::exp(Complex(0, t) * std::exp(x))).real();
  }
  return 2 / pi * step * sum;
}

Complex Process::laplace(Complex s) const {
  const Complex power = std::exp((shape_ == Shape::cole_davidson ? 1 : p_[0]) * std::log(s));
  const double gamma = shape_ == Shape::cole_cole ? 1 : shape_ == Shape::cole_davidson ? p_[0] : p_[1];
  return -expm1(-gamma * log1p(power));  // 1 - chi
}

double Process::step(double t) const {
  if (t <= 0) return is_bounded(shape_) ? 1 : 0;
  switch (shape_) {
    case Shape::debye:
      return std::exp(-t);
    case Shape::cole_davidson:
      return numeric::incomplete_gamma_upper(p_[0], t);
    case Shape::kww:
      return std::exp(-std::pow(t, p_[0]));
    case Shape::jonscher:
      return jonscher_step(t);
    case Shape::constant_loss:
      return std::pow(t, p_[0]) / (std::tgamma(1 + p_[0]) * std::sin(pi * p_[0] / 2));
    case Shape::power_law_creep:
      return std::pow(t, p_[0]) / std::tgamma(1 + p_[0]);
    default:
      break;
  }
  if (p_[0] == 1) return Process(Shape::cole_davidson, std::vector{shape_ == Shape::cole_cole ? 1.0 : p_[1]}).step(t);
  return inverse_laplace([&](Complex s) { return laplace(s / t) / s; });
}

double Process::mean_time() const {
  switch (shape_) {
    case Shape::debye:
      return 1;
    case Shape::cole_cole:
      return p_[0] == 1 ? 1 : infinite;
    case Shape::cole_davidson:
      return p_[0];
    case Shape::havriliak_negami:
      return p_[0] == 1 ? p_[1] : infinite;
    case Shape::kww:
      return kww_mean_time(p_[0]);
    default:
      return infinite;
  }
}

std::optional<double> Process::loss_peak() const {
  const auto negami = [](double a, double g) { return std::log(std::sin(pi * a / (2 + 2 * g)) / std::sin(pi * a * g / (2 + 2 * g))) / a; };
  switch (shape_) {
    case Shape::debye:
    case Shape::cole_cole:
      return 0;
    case Shape::cole_davidson:
      return negami(1, p_[0]);
    case Shape::havriliak_negami:
      return negami(p_[0], p_[1]);
    case Shape::kww:
      return kww_loss_peak(*kww_);
    case Shape::jonscher:
      return std::log(p_[0] / (1 - p_[1])) / (p_[0] + 1 - p_[1]);
    default:
      return std::nullopt;
  }
}

}  // namespace heteroglass::relaxation
