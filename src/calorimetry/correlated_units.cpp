#include "calorimetry/correlated_units.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "core/composition.hpp"
#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/propagation.hpp"

namespace heteroglass::calorimetry {
namespace {

using O = CorrelatedUnitsOptions;
constexpr double e = std::numbers::e, ln10 = std::numbers::ln10;
constexpr double gauss_factor = 1.07;  // Berthier's link of the fluctuation to the KWW function

double donth(double temperature, double inverse_cp_step, double molar_mass, double fluctuation) {
  return constants::gas_constant * temperature * temperature * inverse_cp_step / (molar_mass * fluctuation * fluctuation);
}

double length(double units, double molar_mass, double density) {
  return std::cbrt(units * molar_mass / density * constants::density_factor);
}

/// Given numbers; NaN for what is not, so that what depends on it is NaN too.
std::vector<double> evaluate(const O& o) {
  const auto number = [](const std::optional<double>& x) { return x.value_or(NAN); };
  const double t = number(o.temperature), mass = number(o.molar_mass), beta = number(o.beta), width = number(o.fluctuation);
  const double inverse_step = 1 / number(o.cp_glass) - 1 / number(o.cp_liquid), step = number(o.cp_liquid) - number(o.cp_glass);
  const double susceptibility = beta / e * number(o.fragility) * ln10 / t;
  const double n_donth = donth(t, inverse_step, mass, width);
  const double n_berthier = constants::gas_constant / (mass * step) * t * t * susceptibility * susceptibility;
  return {n_donth,
          n_berthier,
          n_donth / n_berthier,
          std::pow(e / gauss_factor, 2) * step * inverse_step,
          inverse_step,
          step,
          susceptibility,
          gauss_factor * t / (beta * number(o.fragility) * ln10),
          gauss_factor * t / (beta * width * ln10),
          length(n_donth, mass, number(o.density)),
          length(n_berthier, mass, number(o.density))};
}

/// What the user must give for a result that came out NaN.
Measured with_reason(Measured m, const std::string& needs) {
  if (!std::isfinite(m.value)) m.note = "needs " + needs;
  return m;
}

struct Row {
  const char* glass;
  double temperature, fluctuation, cp_glass, cp_liquid, inverse_step, n_donth, n_mdsc, n_loss, beta, shift;
};

/// Table 1 as printed; its heading says K, its temperatures are degrees Celsius.
constexpr Row review_table[] = {
    {"Pd40Ni10Cu30P20", 294.5, 6.5, 0.33, 0.55, 1.0, 1040, 730, 710, 0.61, 7},
    {"Pd30Ni50P20", 314.2, 7.6, 0.40, 0.54, 0.65, 570, 960, 940, 0.62, 5.5},
    {"Pd40Ni40P20", 312.6, 7.5, 0.39, 0.51, 0.60, 590, 1100, 1060, 0.61, 6.5},
    {"Pd42.5Ni7.5Cu30P20", 299.6, 6.5, 0.38, 0.55, 0.82, 1090, 970, 1000, 0.59, 3.5},
};

Table published_table() {
  Table t;
  t.columns.reserve(16);
  TableColumn& glass = t.add_text("glass");
  const auto number = [&](const char* name, const char* unit, const char* help) -> std::vector<double>& {
    return t.add_number(name, unit, help).number;
  };
  auto& temperature = number("temperature", "K", "printed in degrees Celsius under a heading that says K");
  auto &width = number("fluctuation", "K", "dT as printed"), &glass_cp = number("cp_glass", "J/(g K)", "as printed"),
       &liquid_cp = number("cp_liquid", "J/(g K)", "as printed"), &beta = number("beta", "1", "KWW exponent as printed"),
       &shift = number("temperature_shift", "K", "as printed"), &inverse = number("inverse_cp_step_printed", "g K/J", "as printed"),
       &inverse_formula = number("inverse_cp_step_formula", "g K/J", "1/cp_glass - 1/cp_liquid of the printed values"),
       &mdsc = number("n_berthier_mdsc_printed", "1", "from modulated DSC, as printed"),
       &loss = number("n_berthier_loss_printed", "1", "from the loss modulus, as printed"),
       &fragility = number("fragility_from_fluctuation", "1", "1.07 T / (beta dT ln 10)"),
       &printed = number("n_donth_printed", "1", "as printed"), &formula = number("n_donth_formula", "1", "formula with the printed cp"),
       &difference = number("n_donth_difference", "1", "formula minus printed"),
       &other = number("n_donth_printed_step", "1", "formula with the printed inverse_cp_step");
  for (const Row& r : review_table) {
    const double kelvin = r.temperature + 273.15, mass = parse_composition(r.glass).molar_mass(), step = 1 / r.cp_glass - 1 / r.cp_liquid;
    glass.text.push_back(r.glass), temperature.push_back(kelvin), width.push_back(r.fluctuation);
    glass_cp.push_back(r.cp_glass), liquid_cp.push_back(r.cp_liquid), beta.push_back(r.beta), shift.push_back(r.shift);
    inverse.push_back(r.inverse_step), inverse_formula.push_back(step), mdsc.push_back(r.n_mdsc), loss.push_back(r.n_loss);
    fragility.push_back(gauss_factor * kelvin / (r.beta * r.fluctuation * ln10));
    printed.push_back(r.n_donth), formula.push_back(donth(kelvin, step, mass, r.fluctuation));
    difference.push_back(formula.back() - r.n_donth), other.push_back(donth(kelvin, r.inverse_step, mass, r.fluctuation));
  }
  return t;
}

void check(O& o, Context& context) {
  if (!o.temperature) throw InputError("calorimetry/correlated_units: must have --temperature of the glass transition, got none");
  if (o.cp_glass && o.cp_liquid && *o.cp_liquid <= *o.cp_glass)
    throw InputError(fmt::format("--cp-liquid: must exceed cp_glass = {} J/(g K), got {} J/(g K)", *o.cp_glass, *o.cp_liquid));
  if (o.composition.empty()) return;
  const double mass = parse_composition(o.composition, "--composition").molar_mass();
  if (!o.molar_mass) o.molar_mass = mass;
  if (std::abs(*o.molar_mass / mass - 1) > 0.01)
    context.warn(
        fmt::format("molar_mass {:.6g} g/mol is used; composition {} has {:.6g} g/mol of atoms", *o.molar_mass, o.composition, mass));
}

void warn_of_size(const CorrelatedUnits& out, Context& context) {
  const double donth = out.n_donth.value, berthier = out.n_berthier.value, ratio = out.ratio.value, expected = out.ratio_expected.value;
  if (std::isfinite(donth) && (donth < 1 || donth > 1e4))
    context.warn(
        fmt::format("N_a = {:.4g} lies outside 1 to 10^4, where every glass former lies: check units of cp and fluctuation", donth));
  if (std::isfinite(berthier) && (berthier < 1 || berthier > 1e4))
    context.warn(fmt::format("N_c = {:.4g} lies outside 1 to 10^4, where every glass former lies: check cp, fragility and beta", berthier));
  if (std::isfinite(ratio) && std::abs(std::log(ratio / expected)) > std::log(1.5))
    context.warn(fmt::format("N_a/N_c = {:.3g}, but fluctuation, fragility and beta that belong together give 6.45 Dcp D(1/cp) = {:.3g}",
                             ratio, expected));
}

}  // namespace

const Fields& CorrelatedUnitsOptions::fields() {
  static const Fields table = {
      field<&O::temperature>("temperature", "K", "glass transition temperature, at which the heat capacities are taken")
          .positive()
          .alias("tg")
          .alias("glass_transition"),
      field<&O::fluctuation>("fluctuation", "K", "mean temperature fluctuation dT").positive().difference(),
      field<&O::cp_glass>("cp_glass", "J/(g K)", "heat capacity of the glass").positive(),
      field<&O::cp_liquid>("cp_liquid", "J/(g K)", "heat capacity of the liquid").positive(),
      field<&O::molar_mass>("molar_mass", "g/mol", "molar mass of the unit; unset: of an atom of `composition`").positive(),
      field<&O::composition>("composition", "", "composition such as Pd40Ni10Cu30P20, for the molar mass"),
      field<&O::fragility>("fragility", "1", "fragility m").positive().alias("m"),
      field<&O::beta>("beta", "1", "stretching exponent of the KWW function").range(0.05, 2),
      field<&O::density>("density", "g/cm^3", "density, for correlation lengths").positive(),
      field<&O::errors>("errors", "1", errors_help),
  };
  return table;
}

const Fields& CorrelatedUnits::fields() {
  using C = CorrelatedUnits;
  static const Fields table = {
      field<&C::n_donth>("n_donth", "1", "correlated units after Donth, R T^2 D(1/cp) / (m0 dT^2)"),
      field<&C::n_berthier>("n_berthier", "1", "correlated units after Berthier, R T^2 / (m0 Dcp) (max |dphi/dT|)^2"),
      field<&C::ratio>("ratio", "1", "n_donth / n_berthier"),
      field<&C::ratio_expected>("ratio_expected", "1", "6.45 Dcp D(1/cp), what the ratio is when fluctuation and fragility agree"),
      field<&C::inverse_cp_step>("inverse_cp_step", "g K/J", "1/cp_glass - 1/cp_liquid"),
      field<&C::cp_step>("cp_step", "J/(g K)", "cp_liquid - cp_glass"),
      field<&C::susceptibility_maximum>("susceptibility_maximum", "1/K", "largest |dphi/dT|, (beta/e) m ln 10 / T"),
      field<&C::fluctuation_from_fragility>("fluctuation_from_fragility", "K", "1.07 T / (beta m ln 10)"),
      field<&C::fragility_from_fluctuation>("fragility_from_fluctuation", "1", "1.07 T / (beta dT ln 10)"),
      field<&C::length_donth>("length_donth", "angstrom", "edge of the cube that holds n_donth units"),
      field<&C::length_berthier>("length_berthier", "angstrom", "edge of the cube that holds n_berthier units"),
      field<&C::published>("published", "", "the review's Table 1 beside what its formula gives").exact("as printed, and computed from it"),
  };
  return table;
}

CorrelatedUnits correlated_units(const O& options, Context& context) {
  O o = options;
  check(o, context);
  std::vector<Measured> v = propagated(o, evaluate);
  const std::string cps = "cp_glass, cp_liquid", mass = "molar_mass or composition", kww = "fragility, beta";
  CorrelatedUnits out;
  out.n_donth = with_reason(v[0], fmt::format("fluctuation, {}, {}", cps, mass));
  out.n_berthier = with_reason(v[1], fmt::format("{}, {}, {}", cps, mass, kww));
  out.ratio = with_reason(v[2], "all inputs of n_donth and n_berthier");
  out.ratio_expected = with_reason(v[3], cps), out.inverse_cp_step = with_reason(v[4], cps), out.cp_step = with_reason(v[5], cps);
  out.susceptibility_maximum = with_reason(v[6], kww), out.fluctuation_from_fragility = with_reason(v[7], kww);
  out.fragility_from_fluctuation = with_reason(v[8], "fluctuation, beta");
  out.length_donth = with_reason(v[9], "density and the inputs of n_donth");
  out.length_berthier = with_reason(v[10], "density and the inputs of n_berthier");
  out.published = published_table();
  warn_of_size(out, context);
  return out;
}

const Analysis& correlated_units_analysis() {
  static const Analysis entry = analysis<&correlated_units>(
      "calorimetry", "correlated_units", "units that relax together at the glass transition (Donth, Berthier)",
      {{"Donth, J. Polym. Sci. B 34, 2881 (1996)", "10.1002/(SICI)1099-0488(19961130)34:17<2881::AID-POLB3>3.0.CO;2-U"},
       {"Berthier et al., Science 310, 1797 (2005)", "10.1126/science.1120714"},
       {"Qiao et al., Prog. Mater. Sci. 104, 250 (2019)", "10.1016/j.pmatsci.2019.04.005"}});
  return entry;
}

}  // namespace heteroglass::calorimetry
