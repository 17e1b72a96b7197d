#include "relaxation/response.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "core/error.hpp"
#include "relaxation/loss_peak.hpp"
#include "relaxation/response_models.hpp"

namespace heteroglass::relaxation {
namespace {

using Complex = std::complex<double>;

struct Term {
  std::string label;
  Process process;
  double tau, strength;
};

/// Hands out the entries of a list to the components that have the parameter.
class List {
 public:
  List(std::string name, const std::vector<double>& values, std::size_t users) : name_(std::move(name)), values_(values) {
    if (users && values.size() != 1 && values.size() != users)
      throw InputError(
          fmt::format("--{}: must have one value, or one for each of the {} components that have it, got {}", name_, users, values.size()));
  }
  double next() { return values_.size() == 1 ? values_[0] : values_[at_++]; }

 private:
  std::string name_;
  const std::vector<double>& values_;
  std::size_t at_ = 0;
};

std::vector<Term> terms(const ResponseOptions& o) {
  const std::vector<Component> components = parse_model(o.model, "--model");
  const std::map<std::string, const std::vector<double>*> given = {
      {"alpha", &o.alpha}, {"beta", &o.beta}, {"gamma", &o.gamma}, {"m", &o.m}, {"n", &o.n}, {"lambda", &o.lambda}, {"chi", &o.chi}};
  std::map<std::string, std::size_t> users;
  std::size_t with_time = 0;
  for (const Component& c : components) {
    with_time += has_time(c.shape);
    for (const ShapeParameter& p : shape_parameters(c.shape)) ++users[p.name];
  }
  std::map<std::string, List> lists;
  for (const auto& [name, values] : given) lists.emplace(name, List(name, *values, users[name]));
  List tau("tau", o.tau, with_time), strength("strength", o.strength, components.size());
  std::vector<Term> out;
  for (const Component& c : components) {
    std::vector<double> shape;
    for (const ShapeParameter& p : shape_parameters(c.shape)) shape.push_back(lists.at(p.name).next());
    out.push_back({c.label, Process(c.shape, shape), has_time(c.shape) ? tau.next() : 1, strength.next()});
    if (o.quantity == "susceptibility" && !is_bounded(c.shape))
      throw InputError(fmt::format("--model: {} has no normalised susceptibility; must be with --quantity modulus or compliance", c.label));
  }
  return out;
}

/// A logarithmic grid over the times of the components and `decades` beyond.
std::vector<double> grid(const std::vector<Term>& terms, double points, double decades, bool inverse) {
  double low = INFINITY, high = 0;
  for (const Term& t : terms) low = std::min(low, inverse ? 1 / t.tau : t.tau), high = std::max(high, inverse ? 1 / t.tau : t.tau);
  std::vector<double> out;
  const double first = std::log10(low) - decades, last = std::log10(high) + decades;
  const int n = static_cast<int>(std::ceil((last - first) * points));
  for (int i = 0; i <= n; ++i) out.push_back(std::pow(10, first + (last - first) * i / n));
  return out;
}

Table component_table(const std::vector<Term>& terms) {
  Table out;
  TableColumn label = out.add_text("component", "shape, numbered where there are several");
  TableColumn tau = out.add_number("tau", "s", "relaxation time");
  TableColumn mean = out.add_number("mean_tau", "s", "area under phi(t); infinite where the tail is too slow");
  TableColumn peak = out.add_number("peak_omega", "rad/s", "position of the loss peak");
  TableColumn height = out.add_number("peak_height", "1", "its height in chi''");
  TableColumn width = out.add_number("peak_width", "1", "full width at half height in decades");
  TableColumn skew = out.add_number("peak_skewness", "1", "half width on the high side over that on the low side");
  for (const Term& t : terms) {
    label.text.push_back(t.label), tau.number.push_back(t.tau), mean.number.push_back(t.tau * t.process.mean_time());
    const std::optional<double> at = t.process.loss_peak();
    const auto found =
        at ? loss_peak([&](double l) { return -t.process.susceptibility(std::exp(l)).imag(); }, *at - 40, *at + 40) : std::nullopt;
    peak.number.push_back(at ? std::exp(*at) / t.tau : NAN);
    height.number.push_back(found ? found->height : NAN);
    width.number.push_back(found ? found->width : NAN), skew.number.push_back(found ? found->skewness : NAN);
  }
  out.columns = {label, tau, mean, peak, height, width, skew};
  return out;
}

}  // namespace

const Fields& ResponseOptions::fields() {
  using O = ResponseOptions;
  static const Fields table = {
      field<&O::model>("model", "", "a shape, or a sum such as kww+cole-cole: " + fmt::format("{}", fmt::join(shape_names(), ", "))),
      field<&O::quantity>("quantity", "", "what the sum adds up").one_of({"susceptibility", "modulus", "compliance"}),
      field<&O::tau>("tau", "s", "relaxation times").positive(),
      field<&O::alpha>("alpha", "1", "symmetric broadening (cole-cole, havriliak-negami)").range(0.02, 1),
      field<&O::beta>("beta", "1", "stretching exponent (kww)").range(KwwTransform::beta_low, KwwTransform::beta_high),
      field<&O::gamma>("gamma", "1", "asymmetry (cole-davidson, havriliak-negami)").range(0.02, 1),
      field<&O::m>("m", "1", "low-frequency slope (jonscher)").range(0.02, 1),
      field<&O::n>("n", "1", "1 minus the high-frequency slope (jonscher)").range(0, 0.98),
      field<&O::lambda>("lambda", "1", "slope (constant-loss)").range(1e-3, 0.9),
      field<&O::chi>("chi", "1", "exponent (power-law-creep); 1: viscous flow").range(0.01, 1),
      field<&O::strength>("strength", "1", "weights, or relaxation strengths in GPa (modulus), 1/GPa (compliance)").non_negative(),
      field<&O::unrelaxed>("unrelaxed", "1", "modulus in GPa or compliance in 1/GPa at high frequency; unset: strengths added up, or 0")
          .non_negative(),
      field<&O::omega>("omega", "rad/s", "angular frequencies; unset: 4 decades beyond the times").positive(),
      field<&O::frequency>("frequency", "Hz", "frequencies, instead of omega").positive(),
      field<&O::time>("time", "s", "times; unset: 4 decades beyond the relaxation times").positive(),
      field<&O::points_per_decade>("points_per_decade", "1", "density of the automatic grids").range(1, 200),
  };
  return table;
}

const Fields& Response::fields() {
  using R = Response;
  static const Fields table = {
      field<&R::omega>("omega", "rad/s", "angular frequencies").log_axis().exact("the abscissa"),
      field<&R::frequency>("frequency", "Hz", "omega/(2 pi)").exact("the abscissa"),
      field<&R::susceptibility_real>("susceptibility_real", "1",
                                     "chi' (for a modulus (M_u - M')/sum dM, for a compliance (J' - J_u)/sum dJ)")
          .over("omega")
          .exact("evaluated to 1e-10"),
      field<&R::susceptibility_imag>("susceptibility_imag", "1", "chi''").over("omega").log_axis().exact("evaluated to 1e-10"),
      field<&R::storage>("storage", "GPa", "M', or that of 1/J").over("omega").exact("evaluated to 1e-10"),
      field<&R::loss>("loss", "GPa", "M'', or that of 1/J").over("omega").log_axis().exact("evaluated to 1e-10"),
      field<&R::compliance_storage>("compliance_storage", "1/GPa", "J', or that of 1/M").over("omega").exact("evaluated to 1e-10"),
      field<&R::compliance_loss>("compliance_loss", "1/GPa", "J'', or that of 1/M").over("omega").log_axis().exact("evaluated to 1e-10"),
      field<&R::loss_tangent>("loss_tangent", "1", "tan d, loss over storage").over("omega").log_axis().exact("evaluated to 1e-10"),
      field<&R::time>("time", "s", "times").log_axis().exact("the abscissa"),
      field<&R::step>("step", "1", "phi(t), weighted by the strengths").over("time").exact("evaluated to 1e-10"),
      field<&R::relaxation_modulus>("relaxation_modulus", "GPa", "M(t) of a sum of moduli").over("time").exact("evaluated to 1e-10"),
      field<&R::creep_compliance>("creep_compliance", "1/GPa", "J(t) of a sum of compliances").over("time").exact("evaluated to 1e-10"),
      field<&R::components>("components", "", "each component: times and peak").exact("evaluated to 1e-6"),
  };
  return table;
}

Response response(const ResponseOptions& o, Context& context) {
  if (!o.omega.empty() && !o.frequency.empty()) throw InputError("--omega and --frequency: must not both be given, got both");
  const std::vector<Term> all = terms(o);
  const bool modulus = o.quantity == "modulus", normalised = o.quantity == "susceptibility";
  double total = 0;
  for (const Term& t : all) total += t.strength;
  const double high = o.unrelaxed.value_or(modulus ? total : 0);

  Response out;
  out.omega = o.omega;
  for (const double f : o.frequency) out.omega.push_back(2 * std::numbers::pi * f);
  if (out.omega.empty()) out.omega = grid(all, o.points_per_decade, 4, true);
  bool negative = false;
  for (const double w : out.omega) {
    out.frequency.push_back(w / (2 * std::numbers::pi));
    Complex chi = 0;
    for (const Term& t : all) chi += t.strength * t.process.susceptibility(w * t.tau);
    out.susceptibility_real.push_back(chi.real() / (normalised ? 1 : total));
    out.susceptibility_imag.push_back(-chi.imag() / (normalised ? 1 : total));
    if (normalised) continue;
    const Complex sum = modulus ? high - chi : high + chi;  // M' + i M'', or J' - i J''
    const Complex m = modulus ? sum : 1.0 / sum, j = modulus ? 1.0 / sum : sum;
    negative = negative || m.real() < 0;
    out.storage.push_back(m.real()), out.loss.push_back(m.imag());
    out.compliance_storage.push_back(j.real()), out.compliance_loss.push_back(-j.imag());
    out.loss_tangent.push_back(m.imag() / m.real());
  }
  out.time = o.time.empty() ? grid(all, o.points_per_decade, 4, false) : o.time;
  for (const double t : out.time) {
    double fallen = 0;
    for (const Term& k : all) {
      const double s = k.process.step(t / k.tau);
      fallen += k.strength * (is_bounded(k.process.shape()) ? 1 - s : s);
    }
    out.step.push_back((total - fallen) / (normalised ? 1 : total));
    if (normalised) continue;
    (modulus ? out.relaxation_modulus : out.creep_compliance).push_back(modulus ? high - fallen : high + fallen);
    negative = negative || (modulus && high - fallen < -1e-9 * high);
  }
  if (negative)
    context.warn(
        "the modulus falls below zero: the strengths add up to more than the unrelaxed modulus, or a background is used beyond its range");
  out.components = component_table(all);
  return out;
}

const Analysis& response_analysis() {
  static const Analysis entry =
      analysis<&response>("relaxation", "response", "Debye to Havriliak-Negami, KWW, Jonscher and their sums, in frequency and time",
                          {{"Qiao et al., Prog. Mater. Sci. 104, 250 (2019)", "10.1016/j.pmatsci.2019.04.005"},
                           {"Wuttke, Algorithms 5, 604 (2012)", "10.3390/a5040604"}});
  return entry;
}

}  // namespace heteroglass::relaxation
