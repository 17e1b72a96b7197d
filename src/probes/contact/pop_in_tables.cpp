// Pop-ins of many indents: their table, the distribution of their stresses, the activation volume.
#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "probes/contact/indentation_maps.hpp"
#include "probes/contact/spread.hpp"

namespace heteroglass::probes {
namespace {

constexpr double nm3_gpa_per_ev = 0.1602176634;  // [nm^3 GPa] 1 eV

Table empty_pop_ins() {
  Table t;
  t.add_text("curve"), t.add_number("load", "mN", "at the pop-in"), t.add_number("load_error", "mN");
  t.add_number("depth", "nm", "there, from contact"), t.add_number("depth_error", "nm");
  t.add_number("jump", "nm", "of depth; NaN for a drop of load"), t.add_number("jump_error", "nm");
  t.add_number("load_drop", "mN", "NaN for a jump of depth"), t.add_number("load_drop_error", "mN");
  t.add_number("shear_stress", "GPa", "largest under the contact, 0.31 p_0"), t.add_number("shear_stress_error", "GPa");
  t.add_number("significance", "1", "jump over the noise of increments");
  return t;
}

/// E* of the contact from the shear modulus of the sample and the tip.
double contact_modulus(double shear_modulus, const IndentSettings& s) {
  const double own = 2 * shear_modulus / (1 - s.poisson);
  return std::isfinite(s.tip_modulus) ? 1 / (1 / own + 1 / s.tip_modulus) : own;
}

/// The loading of one indent in at most 200 points, up to its pop-in or its end.
LoadingHistory loading(const Indent& x) {
  LoadingHistory h;
  h.event = x.pop_in.has_value();
  const std::size_t end = h.event ? x.pop_in->index : x.curve.first_fall.value_or(x.curve.load_end), from = x.curve.contact;
  const std::size_t n = end - from, points = std::min<std::size_t>(200, n);
  for (std::size_t k = 0; k <= points; ++k) {
    const std::size_t i = from + n * k / points;
    h.time.push_back(x.curve.time.empty() ? static_cast<double>(i) : x.curve.time[i]), h.load.push_back(std::max(0.0, x.curve.load[i]));
  }
  return h;
}

}  // namespace

void fill_pop_ins(const std::vector<Indent>& indents, const IndentSettings& s, const IndentationOptions& o, Indentation& out,
                  Context& context) {
  out.pop_in = empty_pop_ins();
  out.activation_volume.note = "needs at least 5 pop-ins";
  std::vector<double> moduli, errors;
  // fits that end before a pop-in are those of the elastic part
  for (const Indent& x : indents)
    if (x.pop_in) moduli.push_back(x.hertz_modulus.value), errors.push_back(x.hertz_modulus.error);
  const Measured mean = spread(moduli, errors).mean;
  // one modulus for all, as the law of events has it; a given one goes first
  const double shear = o.shear_modulus.value_or(mean.value), shear_error = o.shear_modulus ? 0 : mean.error;
  const double modulus = contact_modulus(shear, s);
  const double by_modulus = std::isfinite(shear_error) ? (2.0 / 3) * shear_error / shear : 0;
  std::vector<LoadingHistory> histories;
  std::vector<double> stress;
  std::vector<bool> event;
  for (const Indent& x : indents) {
    histories.push_back(loading(x));
    const double load = histories.back().load.back(), tau = shear_stress_under_sphere(load, modulus, s.radius);
    stress.push_back(tau), event.push_back(histories.back().event);
    if (!x.pop_in) continue;
    const double load_error = std::hypot(x.curve.load_noise, x.curve.baseline_error);
    out.pop_in.columns[0].text.push_back(x.label);
    const bool drop = x.pop_in->load_drop;
    const std::vector<double> numbers = {load,
                                         load_error,
                                         x.pop_in->depth - x.contact_depth.value,
                                         std::hypot(x.contact_depth.error, x.curve.depth_noise),
                                         drop ? NAN : x.pop_in->size,
                                         drop ? NAN : x.pop_in->size_error,
                                         drop ? x.pop_in->size : NAN,
                                         drop ? x.pop_in->size_error : NAN,
                                         tau,
                                         tau * std::hypot(load_error / load / 3, by_modulus),
                                         x.pop_in->significance};
    for (std::size_t k = 0; k < numbers.size(); ++k) out.pop_in.columns[k + 1].number.push_back(numbers[k]);
  }
  if (out.pop_in.rows() == 0) return;
  if (!std::isfinite(modulus)) {
    context.warn("stresses of pop-ins need the shear modulus: too few points lie before the pop-ins to fit it; give --shear-modulus");
    return;
  }
  const Survival survival = kaplan_meier(stress, event);
  out.pop_in_stress = survival.value, out.pop_in_fraction = survival.fraction, out.pop_in_fraction_error = survival.error;
  const EventRate rate = event_rate(histories);
  out.pop_in_fraction_model.assign(survival.value.size(), NAN);
  if (!rate.converged) {
    if (rate.events >= 5) out.activation_volume.note = "the likelihood has no maximum: loads of the pop-ins are too much alike";
    return;
  }
  // tau_max = q P^(1/3), so alpha P^(1/3) = tau V/kT
  const double q = shear_stress_under_sphere(1, modulus, s.radius), kt = constants::boltzmann * s.temperature * nm3_gpa_per_ev;
  out.activation_volume = {kt * rate.alpha / q, kt / q * std::hypot(rate.alpha_error, rate.alpha * by_modulus),
                           "curvature of the likelihood of a thermally activated event; heterogeneity makes it too small"};
  // the model's fraction along the history of the longest loading
  const auto longest =
      std::max_element(histories.begin(), histories.end(), [](const auto& a, const auto& b) { return a.load.back() < b.load.back(); });
  for (std::size_t k = 0; k < survival.value.size(); ++k) {
    const double load = std::pow(survival.value[k] / q, 3);
    double sum = 0;
    for (std::size_t i = 1; i < longest->load.size() && longest->load[i] <= load; ++i) {
      const double p = (longest->load[i] + longest->load[i - 1]) / 2;
      if (p > 0) sum += std::exp(rate.ln_front + rate.alpha * std::cbrt(p)) * p * (longest->time[i] - longest->time[i - 1]);
    }
    out.pop_in_fraction_model[k] = 1 - std::exp(-sum);
  }
}

}  // namespace heteroglass::probes
