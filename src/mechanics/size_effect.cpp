#include "mechanics/size_effect.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "core/propagation.hpp"
#include "numeric/least_squares.hpp"

namespace heteroglass::mechanics {
namespace {

/// sigma_band^2 d [GPa^2 nm]: J/m^2 is GPa nm.
double band_constant(double energy, double modulus, double aspect) { return 2 * std::numbers::sqrt2 * energy * modulus / aspect; }

double strength(double d, double constant, double bulk, double small) { return std::min(small, std::sqrt(bulk * bulk + constant / d)); }

SizeEffect evaluated(const SizeEffectOptions& o) {
  SizeEffect r;
  const double constant = band_constant(o.band_energy, o.youngs_modulus, o.aspect_ratio);
  r.yield_stress.value = strength(o.size, constant, o.bulk_strength, o.homogeneous_strength);
  r.transition_size.value = constant / (o.homogeneous_strength * o.homogeneous_strength - o.bulk_strength * o.bulk_strength);
  r.band_energy.value = o.band_energy;
  r.bulk_strength.value = o.bulk_strength, r.homogeneous_strength.value = o.homogeneous_strength;
  return r;
}

struct Samples {
  std::vector<double> size, stress;
};

Samples samples_of(std::span<const Curve> curves) {
  Samples s;
  for (const Curve& c : curves) {
    const auto &d = c.at("size").values, &y = c.at("yield_stress").values;
    for (std::size_t i = 0; i < c.size(); ++i) {
      if (!(d[i] > 0 && y[i] > 0))
        throw InputError(
            fmt::format("{}, row {}: size and yield stress must be positive, got {} nm and {} GPa", c.source, i + 1, d[i], y[i]));
      s.size.push_back(d[i]), s.stress.push_back(y[i]);
    }
  }
  if (s.size.size() < 5) throw InputError(fmt::format("mechanics/size_effect: must have at least 5 rows to fit, got {}", s.size.size()));
  return s;
}

/// The corner of the model makes the misfit rough: the best of several starts for the transition is taken.
numeric::LeastSquares fitted(const Samples& s) {
  const double least = *std::min_element(s.stress.begin(), s.stress.end()), most = *std::max_element(s.stress.begin(), s.stress.end());
  numeric::LeastSquares best;
  best.chi2 = INFINITY;
  for (const double transition : s.size) {
    const double constant = transition * std::max(1e-6, most * most - least * least);
    const auto found = numeric::least_squares({{"constant", constant, 0}, {"bulk", least, 0}, {"small", most, 0}}, s.size.size(),
                                              [&](std::span<const double> p, std::span<double> residual, double*) {
                                                for (std::size_t i = 0; i < residual.size(); ++i)
                                                  residual[i] = s.stress[i] - strength(s.size[i], p[0], p[1], p[2]);
                                              });
    if (found.chi2 < best.chi2) best = found;
  }
  if (!best.converged) throw NumericalError("mechanics/size_effect: the fit must converge: " + best.message);
  return best;
}

}  // namespace

SizeEffect size_effect(std::span<const Curve> curves, const SizeEffectOptions& options, Context& context) {
  SizeEffectOptions o = options;
  std::map<std::string, double> errors = o.errors;
  Samples s;
  if (!curves.empty()) {
    s = samples_of(curves);
    const auto found = fitted(s);
    const double per_constant = o.aspect_ratio / (2 * std::numbers::sqrt2 * o.youngs_modulus);
    o.band_energy = found.value[0] * per_constant, o.bulk_strength = found.value[1], o.homogeneous_strength = found.value[2];
    errors.insert(
        {{"band_energy", found.error[0] * per_constant}, {"bulk_strength", found.error[1]}, {"homogeneous_strength", found.error[2]}});
    std::erase_if(errors, [](const auto& e) { return !(e.second > 0); });
  }
  if (!(o.homogeneous_strength > o.bulk_strength))
    throw InputError(fmt::format("mechanics/size_effect: the homogeneous strength must exceed the bulk strength {} GPa, got {} GPa",
                                 o.bulk_strength, o.homogeneous_strength));
  SizeEffect r = propagated<SizeEffect>(o, errors, evaluated);
  const double constant = band_constant(o.band_energy, o.youngs_modulus, o.aspect_ratio), d = r.transition_size.value;
  const double from = s.size.empty() ? d / 30 : *std::min_element(s.size.begin(), s.size.end()) / 2;
  const double to = s.size.empty() ? d * 30 : *std::max_element(s.size.begin(), s.size.end()) * 2;
  for (int k = 0; k <= 120; ++k) {
    r.size.push_back(from * std::pow(to / from, k / 120.0));
    r.model.push_back(strength(r.size.back(), constant, o.bulk_strength, o.homogeneous_strength));
  }
  r.measured_size = s.size, r.measured_strength = s.stress;
  const bool tension = o.loading == "tension";
  const double low = tension ? 100 : 200, high = tension ? 100 : 500;
  r.nucleus = fmt::format("transition at {:.0f} nm; band nuclei are {} nm in {}", d, tension ? "about 100" : "200 to 500", o.loading);
  if (d < low / 2 || d > 2 * high)
    context.warn("the transition size is more than a factor of two away from the sizes of band nuclei in the literature");
  return r;
}

const Fields& SizeEffectOptions::fields() {
  using O = SizeEffectOptions;
  static const Fields table = {
      field<&O::youngs_modulus>("youngs_modulus", "GPa", "Young's modulus").positive(),
      field<&O::aspect_ratio>("aspect_ratio", "1", "height over width of the sample").positive(),
      field<&O::band_energy>("band_energy", "J/m^2", "energy of a shear band; fitted when there is a table").positive(),
      field<&O::bulk_strength>("bulk_strength", "GPa", "yield stress of large samples; fitted when there is a table").positive(),
      field<&O::homogeneous_strength>("homogeneous_strength", "GPa",
                                      "stress of homogeneous flow of small samples; fitted when there is a table")
          .positive(),
      field<&O::size>("size", "nm", "width of the sample").positive(),
      field<&O::loading>("loading", "", "for the comparison with the size of band nuclei").one_of({"compression", "tension"}),
      field<&O::errors>("errors", "1", errors_help),
  };
  return table;
}

const ColumnRoles& SizeEffectOptions::columns() {
  static const ColumnRoles roles = {
      {"size", "nm", "width of the sample", true, {"d", "diameter", "width"}},
      {"yield_stress", "GPa", "uniaxial yield stress", true, {"strength", "stress", "sigmay"}},
  };
  return roles;
}

const Fields& SizeEffect::fields() {
  using R = SizeEffect;
  static const Fields table = {
      field<&R::yield_stress>("yield_stress", "GPa", "at the size given"),
      field<&R::transition_size>("transition_size", "nm", "below it flow is homogeneous"),
      field<&R::band_energy>("band_energy", "J/m^2", "energy of a shear band, given or fitted"),
      field<&R::bulk_strength>("bulk_strength", "GPa", "given or fitted"),
      field<&R::homogeneous_strength>("homogeneous_strength", "GPa", "given or fitted"),
      field<&R::nucleus>("nucleus", "", "comparison with the size of a shear-band nucleus").exact("words"),
      field<&R::size>("size", "nm", "width of the sample").exact("chosen").log_axis(),
      field<&R::model>("model", "GPa", "yield stress").over("size").exact("its errors are those of the three parameters"),
      field<&R::measured_size>("measured_size", "nm", "of the table").exact("of the table").log_axis(),
      field<&R::measured_strength>("measured_strength", "GPa", "of the table")
          .over("measured_size", Plot::points)
          .with("model")
          .exact("the table gives no errors"),
  };
  return table;
}

const Analysis& size_effect_analysis() {
  static const Analysis entry =
      analysis<&size_effect>("mechanics", "size_effect", "yield stress against sample size by the energy of a shear band",
                             {{"Volkert, Donohue, Spaepen, J. Appl. Phys. 103, 083539 (2008)", "10.1063/1.2884584"}});
  return entry;
}

}  // namespace heteroglass::mechanics
