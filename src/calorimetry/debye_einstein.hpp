/// Heat capacity of a glass at low temperature: electrons, sound, and the excess modes of the boson peak as one Einstein oscillator.
///
///     C(T) = gamma T + (1 - n) D(theta_D / T) + n E(theta_E / T)                                      per mole of atoms
///     D(u) = 9 R u^-3 int_0^u x^4 e^x / (e^x - 1)^2 dx,   E(u) = 3 R u^2 e^u / (e^u - 1)^2
///
/// n: fraction of the vibrational modes that stand out of the Debye spectrum; k theta_E = h nu of them, about the frequency of the boson peak.
/// The hump of (C - gamma T)/T^3 lies near theta_E / 5. Fitted over all points, beside a Debye spectrum alone: `excess_needed` is the difference of
/// AICc, above 10 the data need the oscillator. Without a file the formula is evaluated with the options.
/// Residuals are divided by heat_capacity_error when the file has it, else by the heat capacity; errors by the covariance.
/// One sharp frequency stands for a broad spectrum, so the fit is good to some per cent and describes 2 to 30 K; tunnelling states below 1 K are left
/// out. Cp is taken for CV: they differ by 1 % at 100 K. Cost: a second.
/// References: Zeller, Pohl, Phys. Rev. B 4, 2029 (1971), doi:10.1103/PhysRevB.4.2029; Li, Bai, Wang, Samwer, Phys. Rev. B 74, 052201
/// (2006), doi:10.1103/PhysRevB.74.052201.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::calorimetry {

struct DebyeEinsteinOptions {
  static constexpr bool one_curve = true;
  bool electrons = true;                  ///< fit gamma; false: 0
  double debye_temperature = 250;         ///< [K] without a file
  double einstein_temperature = 60;       ///< [K] without a file
  double einstein_fraction = 0.02;        ///< [1] without a file
  double sommerfeld = 0;                  ///< [J/(mol K^2)] without a file
  std::vector<double> temperatures = {};  ///< [K] without a file
  static const Fields& fields();
  static const ColumnRoles& columns();
};

struct DebyeEinstein {
  Measured debye_temperature, einstein_temperature, einstein_fraction, sommerfeld;  ///< [K], [K], [1], [J/(mol K^2)]
  Measured boson_peak_temperature, boson_peak_height;  ///< [K] of the largest (C - gamma T)/T^3, [1] that over the Debye value at 0 K
  Measured einstein_frequency;                         ///< [THz]
  double excess_needed = 0;                            ///< [1] AICc of the Debye spectrum alone less that of the fit
  double rms_residual = 0;                             ///< [1] relative, or in standard errors
  bool converged = true;
  std::vector<double> temperature, heat_capacity, fit, residual;  ///< [K], [J/(mol K)], [J/(mol K)], [1]
  std::vector<double> reduced, reduced_fit, reduced_debye;        ///< [J/(mol K^4)] (C - gamma T)/T^3
  static const Fields& fields();
};

/// @throws InputError for fewer than 8 points, or values that are not positive
DebyeEinstein debye_einstein(std::span<const Curve> curves, const DebyeEinsteinOptions& options = {}, Context& context = Context::quiet());

/// [J/(mol K)] D and E above.
double debye_heat(double theta, double temperature);
double einstein_heat(double theta, double temperature);

}  // namespace heteroglass::calorimetry
