#include "theory/twinkling_fractal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/propagation.hpp"

namespace heteroglass::theory {
namespace {

using O = TwinklingFractalOptions;
constexpr double r = constants::gas_constant * 1e-3;  // kJ/(mol K)

/// integral_0^upper (1 - e)^{-1/2} exp(-e/t) de; with s = sqrt(1 - e) the root at e = 1 goes away. Simpson.
double population(double upper, double t) {
  const double low = std::sqrt(1 - upper);
  constexpr int n = 2000;
  const double h = (1 - low) / n;
  double sum = 0;
  for (int k = 0; k <= n; ++k) {
    const double s = low + h * k, weight = k == 0 || k == n ? 1 : k % 2 ? 4 : 2;
    sum += weight * 2 * std::exp(-(1 - s * s) / t);
  }
  return sum * h / 3;
}

/// At the reduced temperature t = RT/D0; falls from 1 to 1 - sqrt(3)/2 = 0.134.
double solid_fraction(double t) { return population(0.25, t) / population(1, t); }

double reduced_glass_transition(double threshold) {
  double low = 1e-3, high = 1e3;
  for (int i = 0; i < 80; ++i) {
    const double middle = std::sqrt(low * high);
    (solid_fraction(middle) > threshold ? low : high) = middle;
  }
  return low;
}

enum Closed { glass, rule, difference, solid, energy, frequency };

std::vector<double> evaluate(const O& o) {
  const double unit = o.bond_energy / r, tg = reduced_glass_transition(o.percolation_threshold) * unit, wool = 2.0 / 9 * unit;
  const double t = o.temperature.value_or(tg), hot = std::max(t, tg), top = o.vanishing_ratio * tg;
  const double activation = std::max(0.0, o.activation_coefficient * (top * top - hot * hot));
  const double mean = o.fracton_dimension / (o.fracton_dimension + 1) * o.debye_frequency * std::exp(-activation / (r * t));
  return {tg, wool, tg - wool, solid_fraction(t / unit), activation, mean};
}

}  // namespace

const Fields& TwinklingFractalOptions::fields() {
  static const Fields table = {
      field<&O::bond_energy>("bond_energy", "kJ/mol", "depth of the Morse bond D0").positive(),
      field<&O::percolation_threshold>("percolation_threshold", "1", "solid fraction at which clusters percolate, p_c").range(0.14, 0.999),
      field<&O::temperature>("temperature", "K", "temperature; unset: the glass transition").positive(),
      field<&O::fracton_dimension>("fracton_dimension", "1", "d_f of the density of states").range(0.5, 3),
      field<&O::debye_frequency>("debye_frequency", "rad/s", "upper end of the spectrum").positive(),
      field<&O::activation_coefficient>("activation_coefficient", "kJ/(mol K^2)", "b of the twinkling energy b (T*^2 - T^2)")
          .non_negative(),
      field<&O::vanishing_ratio>("vanishing_ratio", "1", "T*/T_g, where solid clusters vanish").range(1, 3),
      field<&O::errors>("errors", "1", errors_help),
  };
  return table;
}

const Fields& TwinklingFractal::fields() {
  using T = TwinklingFractal;
  static const Fields table = {
      field<&T::glass_transition>("glass_transition", "K", "where the solid fraction is the percolation threshold"),
      field<&T::glass_transition_rule>("glass_transition_rule", "K", "Wool's rule 2 D0 / 9k"),
      field<&T::rule_difference>("rule_difference", "K", "glass_transition minus the rule"),
      field<&T::solid_fraction>("solid_fraction", "1", "bonds that vibrate inside their inflection"),
      field<&T::activation_energy>("activation_energy", "kJ/mol", "b (T*^2 - T^2), frozen below the glass transition"),
      field<&T::mean_frequency>("mean_frequency", "rad/s", "mean twinkling frequency"),
      field<&T::temperature>("temperature", "K", "temperatures").exact("a grid"),
      field<&T::solid_curve>("solid_curve", "1", "solid fraction").over("temperature").exact("the formula"),
      field<&T::frequency>("frequency", "rad/s", "frequencies").exact("a grid").log_axis(),
      field<&T::spectrum>("spectrum", "s/rad", "twinkling spectrum").over("frequency").exact("the formula").log_axis(),
  };
  return table;
}

TwinklingFractal twinkling_fractal(const O& o, Context& context) {
  const std::vector<Measured> v = propagated(o, evaluate);
  TwinklingFractal out;
  out.glass_transition = v[glass], out.glass_transition_rule = v[rule], out.rule_difference = v[difference];
  out.solid_fraction = v[solid], out.activation_energy = v[energy], out.mean_frequency = v[frequency];
  const double tg = v[glass].value, factor = v[frequency].value / o.debye_frequency;
  if (o.temperature && *o.temperature > o.vanishing_ratio * tg)
    context.warn(fmt::format("at {:.5g} K, above T* = {:.5g} K, there are no solid clusters", *o.temperature, o.vanishing_ratio * tg));
  for (int k = 0; k <= 100; ++k) {
    out.temperature.push_back(tg * (0.2 + 0.018 * k));
    out.solid_curve.push_back(solid_fraction(out.temperature.back() * r / o.bond_energy));
    out.frequency.push_back(o.debye_frequency * std::pow(10, -6 + 0.06 * k));
    // Normalised to 1 up to the Debye frequency, times the Boltzmann factor.
    const double boltzmann = factor * (o.fracton_dimension + 1) / o.fracton_dimension;
    out.spectrum.push_back(boltzmann * o.fracton_dimension / o.debye_frequency *
                           std::pow(out.frequency.back() / o.debye_frequency, o.fracton_dimension - 1));
  }
  return out;
}

const Analysis& twinkling_fractal_analysis() {
  static const Analysis entry = analysis<&twinkling_fractal>("theory", "twinkling_fractal",
                                                             "glass transition by percolation of solid clusters of anharmonic bonds (Wool)",
                                                             {{"Wool, J. Polym. Sci. B 46, 2765 (2008)", "10.1002/polb.21596"},
                                                              {"Orbach, Science 231, 814 (1986)", "10.1126/science.231.4740.814"}});
  return entry;
}

}  // namespace heteroglass::theory
