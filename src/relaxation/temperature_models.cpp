#include "relaxation/temperature_models.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/suggest.hpp"

namespace heteroglass::relaxation {
namespace {

constexpr double ln10 = std::numbers::ln10;

struct Entry {
  std::string name;
  std::vector<LawParameter> parameters;
};

const std::vector<Entry>& entries() {
  const LawParameter tau0{"log10_tau0", "1", -13, -200, 60};
  static const std::vector<Entry> table = {
      {"arrhenius", {tau0, {"activation_energy", "eV", 1, 0, 1e3}}},
      {"vft", {tau0, {"vft_b", "K", 5000, 0, 1e7}, {"vogel_temperature", "K", 300, 0, 1e5}}},
      {"wlf", {tau0, {"wlf_c1", "1", 15, 0, 1e4}, {"wlf_c2", "K", 50, 1e-3, 1e6}}},
      {"myega", {tau0, {"myega_k", "K", 1000, 0, 1e7}, {"myega_c", "K", 1000, 0, 1e5}}},
      {"adam-gibbs", {tau0, {"adam_gibbs_d", "K", 3000, 0, 1e7}, {"kauzmann_temperature", "K", 300, 0.1, 1e5}}},
      {"avramov", {tau0, {"avramov_a", "K", 1000, 1e-3, 1e6}, {"avramov_exponent", "1", 3, 0.1, 60}}},
      {"cohen-grest",
       {tau0, {"cohen_grest_b", "K", 2000, 0, 1e7}, {"cohen_grest_t0", "K", 400, 0, 1e5}, {"cohen_grest_c", "K", 20, 0, 1e5}}},
      {"mode-coupling", {tau0, {"critical_temperature", "K", 500, 1e-3, 1e5}, {"mode_coupling_gamma", "1", 2.5, 0, 100}}},
  };
  return table;
}

/// The temperature factor f of log10 tau = a + b f at given nonlinear parameters.
double factor(Law law, double t, std::span<const double> nonlinear) {
  switch (law) {
    case Law::arrhenius:
      return 1 / (constants::boltzmann * t * ln10);
    case Law::vft:
    case Law::wlf:
      return 1 / ((t - nonlinear[0]) * ln10);
    case Law::myega:
      return std::exp(nonlinear[0] / t) / (t * ln10);
    case Law::adam_gibbs:
      return 1 / (t * std::log(t / nonlinear[0]) * ln10);
    case Law::avramov:
      return std::pow(t, -nonlinear[0]) / ln10;
    case Law::cohen_grest: {
      const double d = t - nonlinear[0];
      return 2 / (d + std::sqrt(d * d + nonlinear[1] * t)) / ln10;
    }
    case Law::mode_coupling:
      return -std::log10((t - nonlinear[0]) / nonlinear[0]);
  }
  return NAN;
}

struct Straight {
  double a, b, squares;
};
Straight straight(Law law, std::span<const double> t, std::span<const double> y, std::span<const double> nonlinear) {
  double n = 0, f1 = 0, f2 = 0, y1 = 0, fy = 0;
  std::vector<double> f;
  for (std::size_t i = 0; i < t.size(); ++i) {
    f.push_back(factor(law, t[i], nonlinear));
    n += 1, f1 += f[i], f2 += f[i] * f[i], y1 += y[i], fy += f[i] * y[i];
  }
  const double b = std::max((n * fy - f1 * y1) / (n * f2 - f1 * f1), 0.0), a = (y1 - b * f1) / n;
  double squares = 0;
  for (std::size_t i = 0; i < t.size(); ++i) squares += (y[i] - a - b * f[i]) * (y[i] - a - b * f[i]);
  return {a, b, std::isfinite(squares) ? squares : INFINITY};
}

/// Grid of nonlinear parameters to start from.
std::vector<std::vector<double>> nonlinear_grid(Law law, double coldest) {
  std::vector<std::vector<double>> out;
  for (int i = 1; i < 60; ++i) {
    const double below = coldest * i / 60;  // temperatures where the law ends lie below the data
    if (law == Law::vft || law == Law::wlf || law == Law::adam_gibbs) out.push_back({below});
    if (law == Law::mode_coupling) out.push_back({coldest * (0.5 + i * 0.499 / 60)});
    if (law == Law::myega) out.push_back({coldest * i / 10});
    if (law == Law::avramov) out.push_back({0.2 * i});
    if (law == Law::cohen_grest && i % 3 == 0)
      for (const double c : {1.0, 5.0, 20.0, 80.0}) out.push_back({coldest * (0.5 + i / 60.0), c});
  }
  if (law == Law::arrhenius) out.push_back({});
  return out;
}

}  // namespace

std::string law_name(Law law) { return entries()[static_cast<std::size_t>(law)].name; }
std::vector<std::string> law_names() {
  std::vector<std::string> names;
  for (const Entry& e : entries()) names.push_back(e.name);
  return names;
}
Law parse_law(const std::string& name, const std::string& where) {
  for (std::size_t i = 0; i < entries().size(); ++i)
    if (entries()[i].name == name) return static_cast<Law>(i);
  throw InputError(
      fmt::format("{}: must be one of {}, got '{}'{}", where, fmt::join(law_names(), ", "), name, did_you_mean(name, law_names())));
}
const std::vector<LawParameter>& law_parameters(Law law) { return entries()[static_cast<std::size_t>(law)].parameters; }

double law_value(Law law, double t, std::span<const double> p, double reference) {
  switch (law) {
    case Law::vft:
    case Law::adam_gibbs:
      return t > p[2] ? p[0] + p[1] * factor(law, t, p.subspan(2, 1)) : INFINITY;
    case Law::wlf:
      return p[2] + t - reference > 0 ? p[0] - p[1] * (t - reference) / (p[2] + t - reference) : INFINITY;
    case Law::avramov:
      return p[0] + std::pow(p[1] / t, p[2]) / ln10;
    case Law::mode_coupling:
      return t > p[1] ? p[0] + p[2] * factor(law, t, p.subspan(1, 1)) : INFINITY;
    case Law::arrhenius:
    case Law::myega:
    case Law::cohen_grest:
      break;
  }
  return p[0] + p[1] * factor(law, t, p.subspan(2));
}

double law_slope(Law law, double t, std::span<const double> p, double reference) {
  const double t2 = t * t / ln10;
  switch (law) {
    case Law::arrhenius:
      return p[1] / (constants::boltzmann * ln10);
    case Law::vft:
      return p[1] * t2 / ((t - p[2]) * (t - p[2]));
    case Law::wlf:
      return p[1] * p[2] * t * t / ((p[2] + t - reference) * (p[2] + t - reference));
    case Law::myega:
      return p[1] * std::exp(p[2] / t) * (1 + p[2] / t) / ln10;
    case Law::adam_gibbs: {
      const double log = std::log(t / p[2]);
      return p[1] * (log + 1) / (log * log) / ln10;
    }
    case Law::avramov:
      return p[2] * p[1] * std::pow(p[1] / t, p[2] - 1) / ln10;
    case Law::cohen_grest: {
      const double d = t - p[2], root = std::sqrt(d * d + p[3] * t), h = d + root;
      return 2 * p[1] * t2 * (1 + (2 * d + p[3]) / (2 * root)) / (h * h);
    }
    case Law::mode_coupling:
      return p[2] * t2 / (t - p[1]);
  }
  return NAN;
}

double law_temperature(Law law, double value, std::span<const double> p, double reference) {
  double cold = 1, hot = 20000;  // the value falls with temperature; where the law ends it is infinite
  if (!(law_value(law, cold, p, reference) > value) || !(law_value(law, hot, p, reference) < value)) return NAN;
  for (int i = 0; i < 200 && hot - cold > 1e-12 * hot; ++i) {
    const double middle = std::sqrt(cold * hot);
    (law_value(law, middle, p, reference) > value ? cold : hot) = middle;
  }
  return (cold + hot) / 2;
}

std::vector<double> law_start(Law law, std::span<const double> t, std::span<const double> y, double reference) {
  const double coldest = *std::min_element(t.begin(), t.end());
  Straight best{0, 0, INFINITY};
  std::vector<double> nonlinear;
  for (const std::vector<double>& trial : nonlinear_grid(law, coldest)) {
    const Straight s = straight(law, t, y, trial);
    if (s.squares < best.squares) best = s, nonlinear = trial;
  }
  if (!std::isfinite(best.squares)) throw NumericalError(fmt::format("{}: found no start values for the data", law_name(law)));
  switch (law) {
    case Law::arrhenius:
      return {best.a, best.b};
    case Law::wlf: {
      const double c2 = std::max(reference - nonlinear[0], 1.0);
      return {best.a + best.b / (c2 * ln10), best.b / (c2 * ln10), c2};
    }
    case Law::avramov:
      return {best.a, std::pow(std::max(best.b, 1e-300), 1 / nonlinear[0]), nonlinear[0]};
    case Law::mode_coupling:
      return {best.a, nonlinear[0], best.b};
    case Law::cohen_grest:
      return {best.a, best.b, nonlinear[0], nonlinear[1]};
    default:
      return {best.a, best.b, nonlinear[0]};
  }
}

numeric::LeastSquares fit_law(Law law, std::span<const double> t, std::span<const double> y, std::span<const double> error,
                              double reference, bool profile) {
  const std::vector<LawParameter>& specs = law_parameters(law);
  const std::vector<double> start = law_start(law, t, y, reference);
  const double coldest = *std::min_element(t.begin(), t.end());
  std::vector<numeric::Parameter> parameters;
  for (std::size_t k = 0; k < specs.size(); ++k) {
    numeric::Parameter p{specs[k].name, start[k], specs[k].low, specs[k].high, false};
    if ((law == Law::vft || law == Law::adam_gibbs) && k == 2) p.high = coldest * (1 - 1e-6);
    if (law == Law::mode_coupling && k == 1) p.high = coldest * (1 - 1e-6);
    if (law == Law::wlf && k == 2) p.low = std::max(p.low, reference - coldest + 1e-6 * coldest);
    p.start = std::clamp(p.start, p.low, p.high);
    parameters.push_back(p);
  }
  const auto residual = [&](std::span<const double> p, std::span<double> r, double*) {
    for (std::size_t i = 0; i < t.size(); ++i) r[i] = (law_value(law, t[i], p, reference) - y[i]) / (error.empty() ? 1 : error[i]);
  };
  return numeric::least_squares(parameters, t.size(), residual, {.known_errors = !error.empty(), .profile = profile});
}

}  // namespace heteroglass::relaxation
