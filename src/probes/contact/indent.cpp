#include "probes/contact/indent.hpp"

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"

namespace heteroglass::probes {
namespace {

constexpr double pa_per_gpa = 1e9;

/// Where loading begins to count: the load stands out of its noise, and of `from` of the largest.
std::size_t first_fitted(const ContactCurve& c, double from) {
  std::size_t i = c.contact;
  while (i < c.load_end && c.load[i] < std::max(5 * c.load_noise, from * c.load_max())) ++i;
  return i;
}

/// One past the last point that the elastic model may see.
std::size_t end_of_fit(const Indent& x, const IndentSettings& s) {
  const ContactCurve& c = x.curve;
  std::size_t end = (s.with_hold ? c.hold_end : c.load_end) + 1;
  if (c.first_fall) end = std::min(end, *c.first_fall + 1);
  if (x.pop_in && s.stop_at_pop_in) end = std::min(end, x.pop_in->index + 1);
  if (s.blunt) {
    const double deepest = c.depth[c.contact] + 60 * s.radius;  // 6 % of the radius
    for (std::size_t i = c.contact; i < end; ++i)
      if (c.depth[i] > deepest) end = i;
  }
  return end;
}

LoadHistory history_of(const ContactCurve& c, std::size_t end, std::size_t first, const std::vector<double>& index) {
  LoadHistory h;
  const std::vector<double>& time = c.time.empty() ? index : c.time;
  const std::size_t n = end - c.contact;
  h.time = {time.data() + c.contact, n}, h.load = {c.load.data() + c.contact, n}, h.depth = {c.depth.data() + c.contact, n};
  h.first = first - c.contact, h.load_noise = c.load_noise;
  return h;
}

/// The model asked for; a Kelvin solid under an elastic tip is a Zener solid of known fraction, found by iteration.
ContactFit fitted(const LoadHistory& h, ContactModel model, double zero_error, double tip) {
  if (model != ContactModel::kelvin || tip == 0) return fit_contact(h, model, 1, zero_error);
  double fraction = 1;
  ContactFit fit;
  for (int i = 0; i < 8; ++i) {
    fit = fit_contact(h, model, fraction, zero_error);
    const double next = std::clamp(1 - tip / fit.compliance, 0.0, 1.0);
    if (std::abs(next - fraction) < 1e-5) break;
    fraction = next;
  }
  return fit;
}

/// Properties of the sample from the constants of the fit.
void read_off(Indent& x, const IndentSettings& s, double k, double tip) {
  const ContactFit& f = *x.fit;
  const double own = f.compliance - tip;  // of the sample
  x.contact_depth = {f.contact_depth, f.contact_depth_error};
  x.shear_modulus = {own > 0 ? k / own : NAN, own > 0 ? k / own * f.ln_compliance_error * f.compliance / own : NAN};
  if (s.model == ContactModel::hertz || !f.resolved) {
    if (s.model != ContactModel::hertz) x.time_interval = f.time_interval;
    return;
  }
  x.relaxation_time = {f.relaxation_time, f.relaxation_time * f.ln_time_error}, x.time_interval = f.time_interval;
  const double by_a = f.compliance / own;
  x.viscosity.value = x.shear_modulus.value * f.relaxation_time * pa_per_gpa;
  x.viscosity.error =
      x.viscosity.value *
      std::sqrt(std::max(0.0, std::pow(f.ln_compliance_error * by_a, 2) + std::pow(f.ln_time_error, 2) - 2 * by_a * f.covariance_ln));
  const double kt = constants::boltzmann * s.temperature;
  x.barrier = {kt * std::log(s.attempt_frequency * f.relaxation_time), kt * f.ln_time_error};
  if (s.model == ContactModel::zener) {
    const double part = f.fraction * f.compliance / own;  // G_II/(G_I + G_II)
    if (part < 1) x.ratio = {part / (1 - part), f.fraction_error * f.compliance / own / ((1 - part) * (1 - part))};
  }
}

/// Depth where the contact begins, for tips whose fit is not asked for: h = h_0 + a P^n over the first tenth of the load.
Value simple_contact(const ContactCurve& c, double power) {
  double n = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;
  for (std::size_t i = first_fitted(c, 0.005); i <= c.load_end && (c.load[i] < 0.1 * c.load_max() || n < 8); ++i) {
    const double u = std::pow(c.load[i], power), h = c.depth[i];
    ++n, x += u, y += h, xx += u * u, xy += u * h, yy += h * h;
  }
  const double sxx = xx - x * x / n, slope = (xy - x * y / n) / sxx, rss = std::max(0.0, yy - y * y / n - slope * (xy - x * y / n));
  return {(y - slope * x) / n, std::sqrt(rss / (n - 2) * (1 / n + x * x / n / n / sxx))};
}

}  // namespace

LoadHistory Indent::history() const { return history_of(curve, fit_end, curve.contact, {}); }

Indent indent(const Curve& curve, const IndentSettings& s) {
  Indent x;
  x.label = curve.label, x.source = curve.source;
  x.curve = contact_curve(curve, s.corrections);
  const ContactCurve& c = x.curve;
  x.multi_cycle = c.first_fall.has_value();
  x.pop_in = first_pop_in(c, s.pop_in_threshold, s.pop_in_size);
  x.contact_depth = simple_contact(c, s.sphere || s.blunt ? 2.0 / 3 : 0.5);
  x.fit_end = end_of_fit(x, s);
  const std::size_t first = first_fitted(c, s.fit_from);
  std::vector<double> index;
  if (c.time.empty())
    for (std::size_t i = 0; i < c.load.size(); ++i) index.push_back(static_cast<double>(i));
  if (!s.sphere && !s.blunt) {
    x.why_no_fit = "the tip is no sphere";
  } else if (x.fit_end < first + 12) {
    x.why_no_fit = fmt::format("{} points lie between {:g} of the load and {}, 12 are needed", x.fit_end > first ? x.fit_end - first : 0,
                               s.fit_from, x.pop_in && s.stop_at_pop_in ? "the first pop-in" : "the end of the part that is fitted");
  } else {
    const double k = hertz_factor(s.poisson, s.radius), tip = std::isfinite(s.tip_modulus) ? tip_factor(s.tip_modulus, s.radius) : 0;
    const LoadHistory h = history_of(c, x.fit_end, first, index);
    const ContactModel model = c.time.empty() ? ContactModel::hertz : s.model;
    if (c.time.empty() && s.model != ContactModel::hertz) x.why_no_fit = "no time: Hertz only";
    const ContactFit elastic = fit_contact(h, ContactModel::hertz, 0, c.baseline_error);
    if (const double own = elastic.compliance - tip; own > 0)
      x.hertz_modulus = {k / own, k / own * elastic.ln_compliance_error * elastic.compliance / own};
    x.bic[0] = elastic.bic;
    x.fit = model == ContactModel::hertz ? elastic : fitted(h, model, c.baseline_error, tip);
    x.bic[static_cast<std::size_t>(model)] = x.fit->bic;
    if (s.compare && !c.time.empty())
      for (const ContactModel other : {ContactModel::kelvin, ContactModel::zener})
        if (other != model) x.bic[static_cast<std::size_t>(other)] = fitted(h, other, 0, tip).bic;
    IndentSettings used = s;
    used.model = model;
    read_off(x, used, k, tip);
  }
  x.unloading = oliver_pharr(c, x.contact_depth.value, x.contact_depth.error, s.tip, s.unloading);
  return x;
}

}  // namespace heteroglass::probes
