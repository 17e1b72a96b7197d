#include "mechanics/rfot_strength.hpp"

#include <cmath>
#include <numbers>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/propagation.hpp"
#include "numeric/least_squares.hpp"

namespace heteroglass::mechanics {
namespace {

constexpr double ev_per_gpa_nm3 = 1e3 / constants::ev_per_cubic_angstrom_in_gpa;
constexpr double spinodal_factor = 24.9;  // of (5.5)
constexpr double least_threshold = 1.13, most_threshold = 1.28, least_frozen = 0.8, most_frozen = 1.0;

double kappa(double nu) { return 15 * (1 - nu) / (7 - 5 * nu); }

/// sigma_y / G.
double ratio(const RfotStrengthOptions& o, double difference) {
  const double g_v_over_k_tg = o.bead_volume
                                   ? *o.shear_modulus * *o.bead_volume * ev_per_gpa_nm3 / (constants::boltzmann * *o.glass_transition)
                                   : spinodal_factor * o.spinodal_ratio;
  return std::sqrt(std::max(0.0, 2 * difference / (kappa(o.poisson_ratio) * g_v_over_k_tg)));
}

RfotStrength evaluated(const RfotStrengthOptions& o) {
  RfotStrength r;
  const double g = *o.shear_modulus;
  r.kappa.value = kappa(o.poisson_ratio);
  r.yield_over_modulus.value = ratio(o, o.threshold_entropy - o.frozen_entropy);
  r.yield_stress.value = g * r.yield_over_modulus.value;
  r.yield_stress_low.value = g * ratio(o, least_threshold - most_frozen);
  r.yield_stress_high.value = g * ratio(o, most_threshold - least_frozen);
  r.frenkel_stress.value = g / (2 * std::numbers::pi);
  if (o.bead_volume)
    r.bead_volume.value = *o.bead_volume;
  else if (o.glass_transition)
    r.bead_volume.value = spinodal_factor * constants::boltzmann * o.spinodal_ratio * *o.glass_transition / (g * ev_per_gpa_nm3);
  else
    r.bead_volume.note = "needs --glass-transition";
  return r;
}

Table sensitivities(const RfotStrengthOptions& o) {
  Table t;
  t.columns.reserve(2);
  TableColumn &name = t.add_text("input", "option"), &slope = t.add_number("sensitivity", "1", "d ln(yield stress) / d ln(input)");
  const double base = std::log(evaluated(o).yield_stress.value);
  for (const Field& f : RfotStrengthOptions::fields()) {
    if (f.kind != Kind::real && f.kind != Kind::optional_real) continue;
    RfotStrengthOptions changed = o;
    constexpr double step = 1e-6;
    if (f.kind == Kind::real)
      f.get<double>(&changed) *= 1 + step;
    else if (auto& v = f.get<std::optional<double>>(&changed))
      *v *= 1 + step;
    else
      continue;
    name.text.push_back(f.name);
    slope.number.push_back((std::log(evaluated(changed).yield_stress.value) - base) / step);
  }
  return t;
}

void fit(std::span<const Curve> curves, const RfotStrengthOptions& o, RfotStrength& r) {
  for (const Curve& c : curves) {
    const auto &g = c.at("shear_modulus").values, &s = c.at("yield_stress").values;
    for (std::size_t i = 0; i < c.size(); ++i) {
      if (!(g[i] > 0)) throw InputError(fmt::format("{}, row {}: shear modulus must be positive, got {} GPa", c.source, i + 1, g[i]));
      r.modulus.push_back(g[i]), r.strength.push_back(s[i]);
    }
  }
  if (r.modulus.size() < 3)
    throw InputError(fmt::format("mechanics/rfot_strength: must have at least 3 rows to fit, got {}", r.modulus.size()));
  const auto line =
      numeric::least_squares({{"slope", 0.03}}, r.modulus.size(), [&](std::span<const double> p, std::span<double> residual, double*) {
        for (std::size_t i = 0; i < residual.size(); ++i) residual[i] = r.strength[i] - p[0] * r.modulus[i];
      });
  r.slope = {line.value[0], line.error[0], "scatter of the table"};
  const double per_square = kappa(o.poisson_ratio) * spinodal_factor * o.spinodal_ratio / 2;
  r.entropy_difference = {per_square * line.value[0] * line.value[0], 2 * per_square * line.value[0] * line.error[0],
                          "error of the slope only"};
  for (const double g : r.modulus) r.fitted_strength.push_back(line.value[0] * g);
}

}  // namespace

RfotStrength rfot_strength(std::span<const Curve> curves, const RfotStrengthOptions& o, Context& context) {
  if (!o.shear_modulus && curves.empty()) throw InputError("mechanics/rfot_strength: --shear-modulus (GPa) must be given, or a table");
  if (o.bead_volume && !o.glass_transition) throw InputError("mechanics/rfot_strength: --bead-volume needs --glass-transition (K) too");
  if (!(o.threshold_entropy > o.frozen_entropy))
    throw InputError(
        fmt::format("--threshold-entropy: must exceed the frozen entropy {} k, got {} k", o.frozen_entropy, o.threshold_entropy));
  RfotStrength r;
  if (o.shear_modulus) {
    r = propagated<RfotStrength>(o, o.errors, evaluated);
    r.sensitivity = sensitivities(o);
    if (r.yield_over_modulus.value > 0.06)
      context.warn(
          fmt::format("the yield stress is {:.3f} G, above the 0.02 to 0.06 G of real metallic glasses: the prefactor of the theory is "
                      "known to a factor of about two only",
                      r.yield_over_modulus.value));
  } else {
    for (Measured* m :
         {&r.yield_stress, &r.yield_stress_low, &r.yield_stress_high, &r.yield_over_modulus, &r.frenkel_stress, &r.bead_volume})
      m->note = "needs --shear-modulus";
    r.kappa = {kappa(o.poisson_ratio), NAN, "no errors of the inputs were given (--errors)"};
  }
  if (!curves.empty())
    fit(curves, o, r);
  else
    r.slope.note = r.entropy_difference.note = "needs a table";
  return r;
}

const Fields& RfotStrengthOptions::fields() {
  using O = RfotStrengthOptions;
  static const Fields table = {
      field<&O::shear_modulus>("shear_modulus", "GPa", "shear modulus G").positive(),
      field<&O::poisson_ratio>("poisson_ratio", "1", "Poisson's ratio").range(-1, 0.5).alias("nu"),
      field<&O::glass_transition>("glass_transition", "K", "glass transition temperature").positive().alias("tg"),
      field<&O::bead_volume>("bead_volume", "nm^3", "volume of a bead; unset: 24.9 k T_A / G").positive(),
      field<&O::spinodal_ratio>("spinodal_ratio", "1", "mean-field spinodal temperature T_A over Tg").positive(),
      field<&O::threshold_entropy>("threshold_entropy", "1", "entropy s* per bead, in k, at which beads move freely: 1.13 to 1.28")
          .positive(),
      field<&O::frozen_entropy>("frozen_entropy", "1", "entropy s_c(Tg) per bead, in k, of the glass: 0.8 to 1").positive(),
      field<&O::errors>("errors", "1", errors_help),
  };
  return table;
}

const ColumnRoles& RfotStrengthOptions::columns() {
  static const ColumnRoles roles = {
      {"shear_modulus", "GPa", "shear modulus of a glass", true, {"g", "mu"}},
      {"yield_stress", "GPa", "its strength in shear (half the uniaxial one)", true, {"strength", "shearstrength", "tauy"}},
  };
  return roles;
}

const Fields& RfotStrength::fields() {
  using R = RfotStrength;
  static const Fields table = {
      field<&R::yield_stress>("yield_stress", "GPa", "strength in shear"),
      field<&R::yield_stress_low>("yield_stress_low", "GPa", "with s* = 1.13 k and s_c = 1 k"),
      field<&R::yield_stress_high>("yield_stress_high", "GPa", "with s* = 1.28 k and s_c = 0.8 k"),
      field<&R::yield_over_modulus>("yield_over_modulus", "1", "strength over shear modulus; 0.02 to 0.06 in real metallic glasses"),
      field<&R::frenkel_stress>("frenkel_stress", "GPa", "Frenkel's ideal strength G/(2 pi)"),
      field<&R::kappa>("kappa", "1", "share of the stress energy that an Eshelby sphere releases"),
      field<&R::bead_volume>("bead_volume", "nm^3", "volume of a bead"),
      field<&R::sensitivity>("sensitivity", "", "by how much each input moves the strength").exact("derivatives of the formula"),
      field<&R::slope>("slope", "1", "strength over modulus of the table, through the origin"),
      field<&R::entropy_difference>("entropy_difference", "1", "s* - s_c in k that gives this slope"),
      field<&R::modulus>("modulus", "GPa", "shear modulus of the table").exact("of the table"),
      field<&R::strength>("strength", "GPa", "strength of the table").over("modulus", Plot::points).exact("the table gives no errors"),
      field<&R::fitted_strength>("fitted_strength", "GPa", "slope times modulus")
          .over("modulus", Plot::points)
          .with("strength")
          .exact("its error is that of the slope"),
  };
  return table;
}

const Analysis& rfot_strength_analysis() {
  static const Analysis entry =
      analysis<&rfot_strength>("mechanics", "rfot_strength", "strength by the random first order transition theory",
                               {{"Wisitsorasak, Wolynes, Proc. Natl. Acad. Sci. 109, 16068 (2012)", "10.1073/pnas.1214130109"}});
  return entry;
}

}  // namespace heteroglass::mechanics
