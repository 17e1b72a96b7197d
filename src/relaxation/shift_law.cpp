#include "relaxation/shift_law.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "numeric/covariance_factor.hpp"
#include "numeric/least_squares.hpp"
#include "relaxation/temperature_models.hpp"

namespace heteroglass::relaxation {
namespace {

constexpr double ln10 = std::numbers::ln10;
constexpr double infinity = std::numeric_limits<double>::infinity();

/// A law, alone or above a kink. Parameters: the law's without log10 tau0; then T_k and E below.
struct Form {
  Law law = Law::vft;
  bool kink = false;

  std::string name() const { return kink ? "arrhenius+" + law_name(law) : law_name(law); }
  double log10_value(double t, std::span<const double> p) const {
    std::vector<double> q = {0};
    q.insert(q.end(), p.begin(), p.end() - (kink ? 2 : 0));
    if (!kink) return law_value(law, t, q);
    const double tk = p[p.size() - 2], energy = p[p.size() - 1];
    if (t >= tk) return law_value(law, t, q);
    return law_value(law, tk, q) + energy / (constants::boltzmann * ln10) * (1 / t - 1 / tk);
  }
};

struct Fitted {
  Form form;
  std::vector<std::string> names, units;
  numeric::LeastSquares fit;
  double aicc = infinity;
};

class Fitter {
 public:
  explicit Fitter(const ShiftFactors& s) : s_(s), whitener_(covariance(s)) {}
  std::size_t points() const { return s_.ln_a.size() - 1; }

  Fitted fit(const Form& form, const std::vector<double>& start) const {
    Fitted f;
    f.form = form;
    std::vector<numeric::Parameter> parameters;
    const std::vector<LawParameter>& of_law = law_parameters(form.law);
    for (std::size_t i = 1; i < of_law.size(); ++i) {
      parameters.push_back({of_law[i].name, start[i - 1], of_law[i].low, of_law[i].high});
      f.names.push_back(of_law[i].name), f.units.push_back(of_law[i].unit);
    }
    if (form.kink) {
      const double low = s_.temperature[1], high = s_.temperature[s_.temperature.size() - 2];
      parameters.push_back({"kink_temperature", start[start.size() - 2], low, high});
      parameters.push_back({"energy_below", start.back(), 0, infinity});
      f.names.emplace_back("kink_temperature"), f.units.emplace_back("K");
      f.names.emplace_back("energy_below"), f.units.emplace_back("eV");
    }
    numeric::LeastSquaresSettings settings;
    settings.known_errors = true, settings.max_iterations = 200;
    f.fit = numeric::least_squares(
        parameters, points(), [&](std::span<const double> p, std::span<double> r, double*) { residuals(form, p, r); }, settings);
    const auto n = static_cast<double>(points()), k = static_cast<double>(f.names.size());
    // With as many parameters as points nothing is left to rank by.
    f.aicc = n - k - 1 > 0 ? n * std::log(std::max(f.fit.chi2, 1e-12) / n) + 2 * k + 2 * k * (k + 1) / (n - k - 1) : infinity;
    const double widen = n > k ? std::sqrt(std::max(1.0, f.fit.chi2 / (n - k))) : 1;
    for (double& e : f.fit.error) e *= widen;
    for (double& c : f.fit.covariance.values) c *= widen * widen;
    return f;
  }

 private:
  static numeric::CovarianceFactor covariance(const ShiftFactors& s) {
    const std::size_t n = s.ln_a.size() - 1;
    Matrix c(n, n);
    double largest = 0;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        c(i, j) = s.covariance(i + (i >= s.reference), j + (j >= s.reference)), largest = std::max(largest, std::abs(c(i, j)));
    for (std::size_t i = 0; i < n; ++i) c(i, i) += std::max(1e-6 * largest, 1e-12);
    return numeric::CovarianceFactor(c);
  }

  void residuals(const Form& form, std::span<const double> p, std::span<double> r) const {
    const double origin = form.log10_value(s_.temperature[s_.reference], p);
    std::vector<double> difference;
    for (std::size_t k = 0; k < s_.ln_a.size(); ++k)
      if (k != s_.reference) difference.push_back(s_.ln_a[k] - ln10 * (form.log10_value(s_.temperature[k], p) - origin));
    for (double& d : difference)
      if (!std::isfinite(d)) d = 1e6;  // a law that ends before the data
    const std::vector<double> w = whitener_.whiten(difference);
    std::copy(w.begin(), w.end(), r.begin());
  }

  const ShiftFactors& s_;
  numeric::CovarianceFactor whitener_;
};

std::vector<double> start_of(Law law, const ShiftFactors& s, std::size_t from = 0) {
  std::vector<double> t, y;
  for (std::size_t k = from; k < s.ln_a.size(); ++k) t.push_back(s.temperature[k]), y.push_back(s.ln_a[k] / ln10);
  const std::vector<double> p = law_start(law, t, y);
  return {p.begin() + 1, p.end()};
}

std::optional<Fitted> tried(const Fitter& fitter, const Form& form, const std::vector<double>& start) {
  try {
    return fitter.fit(form, start);
  } catch (const NumericalError&) {
    return std::nullopt;
  }
}

/// Best kink between isotherms, three on each side.
std::optional<Fitted> with_kink(const Fitter& fitter, const ShiftFactors& s, Law above) {
  std::optional<Fitted> best;
  for (std::size_t k = 3; k + 3 <= s.ln_a.size(); ++k) {
    const double tk = (s.temperature[k - 1] + s.temperature[k]) / 2;
    std::vector<double> start = start_of(above, s, k - 1);
    start.push_back(tk);
    const double slope = (s.ln_a[0] - s.ln_a[k - 1]) / (1 / s.temperature[0] - 1 / s.temperature[k - 1]);
    start.push_back(std::max(slope * constants::boltzmann, 1e-3));
    std::optional<Fitted> f = tried(fitter, {above, true}, start);
    if (f && f->fit.converged && (!best || f->fit.chi2 < best->fit.chi2)) best = std::move(f);
  }
  return best;
}

/// A function of the parameters with its error by differences.
template <class F> Measured propagated(const Fitted& f, F function) {
  const std::vector<double>& p = f.fit.value;
  const double value = function(p);
  std::vector<double> gradient;
  for (std::size_t i = 0; i < p.size(); ++i) {
    const double h = std::max(1e-5 * std::abs(p[i]), 1e-3 * f.fit.error[i]);
    std::vector<double> up = p, down = p;
    up[i] += h, down[i] -= h;
    gradient.push_back((function(up) - function(down)) / (2 * h));
  }
  double variance = 0;
  for (std::size_t i = 0; i < p.size(); ++i)
    for (std::size_t j = 0; j < p.size(); ++j) variance += gradient[i] * gradient[j] * f.fit.covariance(i, j);
  return {value, std::sqrt(std::max(variance, 0.0)), "generalised least squares"};
}

void add_row(Table& t, const std::string& law, const std::string& name, const std::string& unit, double value, double error) {
  t.columns[0].text.push_back(law), t.columns[1].text.push_back(name), t.columns[2].text.push_back(unit);
  t.columns[3].number.push_back(value), t.columns[4].number.push_back(error);
}

}  // namespace

ShiftLaws shift_laws(const ShiftFactors& s, double at) {
  ShiftLaws out;
  out.activation_energy.note = out.kink_temperature.note = out.energy_below.note = "no law fitted";
  for (const char* name : {"law", "parameter", "unit"}) out.parameters.add_text(name);
  out.parameters.add_number("value", "1", "in the unit of its row"), out.parameters.add_number("value_error", "1");
  out.models.add_text("law");
  for (const char* name : {"parameters", "aicc", "misfit"}) out.models.add_number(name, "1");
  if (s.ln_a.size() < 4) return out;

  const Fitter fitter(s);
  std::vector<Fitted> fits;
  for (const Law law : {Law::arrhenius, Law::vft})
    if (auto f = tried(fitter, {law, false}, start_of(law, s))) fits.push_back(std::move(*f));
  if (fits.empty()) return out;
  double single = infinity;
  for (const Fitted& f : fits) single = std::min(single, f.aicc);
  for (const Law above : {Law::arrhenius, Law::vft}) {
    if (s.ln_a.size() < 7) break;
    if (auto f = with_kink(fitter, s, above)) fits.push_back(std::move(*f));
  }
  const Fitted* best = nullptr;
  for (const Fitted& f : fits) {
    out.models.columns[0].text.push_back(f.form.name());
    out.models.columns[1].number.push_back(static_cast<double>(f.names.size())), out.models.columns[2].number.push_back(f.aicc);
    out.models.columns[3].number.push_back(std::sqrt(f.fit.chi2 / static_cast<double>(fitter.points())));
    for (std::size_t i = 0; i < f.names.size(); ++i)
      add_row(out.parameters, f.form.name(), f.names[i], f.units[i], f.fit.value[i], f.fit.error[i]);
    if (f.form.law == Law::vft && !f.form.kink) {
      const Measured c1 = propagated(f, [&](const std::vector<double>& p) { return p[0] / (ln10 * (at - p[1])); });
      add_row(out.parameters, "wlf", "c1", "1", c1.value, c1.error);
      add_row(out.parameters, "wlf", "c2", "K", at - f.fit.value[1], f.fit.error[1]);
    }
    if (f.form.kink && f.aicc > single - 6) continue;
    if (!best || f.aicc < best->aicc) best = &f;
  }
  if (!best) return out;
  out.best = best->form.name();
  if (fitter.points() > best->names.size())
    out.chi2_per_freedom = best->fit.chi2 / static_cast<double>(fitter.points() - best->names.size());
  out.activation_energy = propagated(*best, [&](const std::vector<double>& p) {
    const double h = 1e-4 * at;
    return constants::boltzmann * ln10 * (best->form.log10_value(at - h, p) - best->form.log10_value(at + h, p)) /
           (1 / (at - h) - 1 / (at + h));
  });
  out.kink_temperature.note = out.energy_below.note = "no kink improves AICc by more than 6";
  if (best->form.kink) {
    const std::size_t n = best->fit.value.size();
    out.kink_temperature = {best->fit.value[n - 2], best->fit.error[n - 2], "generalised least squares"};
    out.energy_below = {best->fit.value[n - 1], best->fit.error[n - 1], "generalised least squares"};
  }
  const double low = s.temperature.front(), high = s.temperature.back(), origin = best->form.log10_value(at, best->fit.value);
  for (int i = 0; i <= 100; ++i) {
    const double t = low + (high - low) * i / 100;
    out.curve_temperature.push_back(t), out.curve_ln_a.push_back(ln10 * (best->form.log10_value(t, best->fit.value) - origin));
  }
  return out;
}

}  // namespace heteroglass::relaxation
