/// Wool's twinkling fractal theory: solid clusters in a liquid flicker, and at T_g they percolate.
///
///     U(x) = D0 [1 - exp(-a x)]^2                 Morse bond; past its inflection (U = D0/4) a bond counts as liquid
///     p_s(T) = integral_0^{D0/4} g(E) exp(-E/kT) dE / integral_0^{D0} g(E) exp(-E/kT) dE,   g(E) ~ (1 - E/D0)^{-1/2}
///     p_s(T_g) = p_c;      Wool's rule: T_g = 2 D0 / 9k
///     F(w) ~ w^{d_f - 1} exp[-b (T*^2 - T^2)/(R T)],   d_f = 4/3       twinkling spectrum, fractons of the clusters
///
/// g(E) is the classical density of states of the Morse bond, so p_s is the fraction of bonds that vibrate inside their inflection.
/// p_c sets T_g; Wool's rule is shown beside it with their difference. The spectrum is normalised to 1 up to the Debye frequency and carries the
/// Boltzmann factor of the anharmonic activation energy b (T*^2 - T^2), which is frozen at T_g below it; T* (about 1.2 T_g) is where solid
/// clusters vanish. A theory of bonds in one dimension: of a metallic glass expect the order of magnitude.
/// Errors: carried from `errors`. Cost O(1000 points). References: Wool, J. Polym. Sci. B 46, 2765 (2008), doi:10.1002/polb.21596; Orbach,
/// Science 231, 814 (1986), doi:10.1126/science.231.4740.814.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::theory {

struct TwinklingFractalOptions {
  double bond_energy = 25;                  ///< [kJ/mol] D0
  double percolation_threshold = 0.5;       ///< [1] p_c
  std::optional<double> temperature = {};   ///< [K] unset: T_g
  double fracton_dimension = 4.0 / 3;       ///< [1] d_f
  double debye_frequency = 3e13;            ///< [rad/s]
  double activation_coefficient = 1.26e-3;  ///< [kJ/(mol K^2)] b, 0.3 cal/(mol K^2)
  double vanishing_ratio = 1.2;             ///< [1] T*/T_g
  std::map<std::string, double> errors = {};
  static const Fields& fields();
};

struct TwinklingFractal {
  Measured glass_transition;                     ///< [K] p_s = p_c
  Measured glass_transition_rule;                ///< [K] 2 D0 / 9k
  Measured rule_difference;                      ///< [K] the first minus the second
  Measured solid_fraction;                       ///< [1] at `temperature`
  Measured activation_energy;                    ///< [kJ/mol] b (T*^2 - T^2)
  Measured mean_frequency;                       ///< [rad/s] of the spectrum, with its Boltzmann factor
  std::vector<double> temperature, solid_curve;  ///< [K], [1]
  std::vector<double> frequency, spectrum;       ///< [rad/s], [s]
  static const Fields& fields();
};

/// @throws InputError when p_c is not reached at any temperature
TwinklingFractal twinkling_fractal(const TwinklingFractalOptions& options, Context& context = Context::quiet());

}  // namespace heteroglass::theory
