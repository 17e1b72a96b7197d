/// Measured diffraction curves as the probes read them, and what the sample is.
///
/// A curve holds an intensity, S(Q), F(Q) = Q [S(Q) - 1] or G(r) = 4 pi rho_0 r (g - 1), by the role of its column. Q is in 1/angstrom; a
/// file that counts in 1/nm must say so or the user must (--column-units q=1/nm). 2 theta becomes Q = 4 pi sin(theta) / lambda by the energy
/// or the `wavelength` of the file. Points are sorted out to [q_min, q_max] and must rise in Q.
/// Errors: the file's, or the root of counts, or the scatter of each point about the mean of its neighbours, sqrt(2/3) rms over 51 points,
/// which sees independent noise only.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/composition.hpp"
#include "core/context.hpp"
#include "core/curve.hpp"

namespace heteroglass::probes {

enum class PatternKind { intensity, structure_factor, pair_function };

struct Pattern {
  PatternKind kind = PatternKind::intensity;
  std::string source, label;
  std::vector<double> x;             ///< [1/angstrom] Q; [angstrom] r of a pair function
  std::vector<double> value, error;  ///< of intensity, S(Q) or G(r)
  std::vector<double> background;    ///< column of the same file; empty: none
  std::string error_note;            ///< where the errors come from
  std::optional<double> azimuth;     ///< [deg]
};

struct PatternSettings {
  std::optional<double> q_min, q_max;  ///< [1/angstrom]
  std::optional<double> energy;        ///< [keV]
  bool counts = false;                 ///< intensities are numbers of photons
};

/// q, two_theta, r; intensity, background, structure_factor, reduced_structure_factor, g_reduced with their errors; azimuth.
const ColumnRoles& diffraction_columns();

/// @throws InputError for a curve without abscissa or values, too few points, Q that does not rise
Pattern pattern(const Curve& curve, const PatternSettings& settings);

/// Values at `x` on straight lines between points. @throws InputError when `x` leaves the points
std::vector<double> interpolated(const Pattern& from, std::span<const double> x);

/// The curves that `label` means: by label, file name, or a part of just these. @throws InputError when none
std::vector<std::size_t> curves_named(std::span<const Curve> curves, const std::string& label, const std::string& flag);

/// S(Q) must tend to 1: its mean over the last quarter of its range. Warns from 0.05 off. @throws InputError from 0.2 off
void check_tail(const Pattern& structure_factor, Context& context);
/// Mean of `s` over the last quarter of the range of `q`, with the error of the mean from `error`.
double tail_mean(std::span<const double> q, std::span<const double> s);

struct Sample {
  Composition composition;  ///< no components: not given
  double density = 0;       ///< [1/angstrom^3]
};

/// Density as 0.0347/A^3, 34.7/nm^3 or 6.7g/cm^3, which the composition converts; a bare number is in 1/angstrom^3.
/// @throws InputError when the density is missing, or the composition where it is needed
Sample sample(const std::string& composition, const std::string& density, bool needs_composition);

/// <f^2>, <f>^2 and the incoherent intensity, all per atom, at each q.
struct ScatteringFactors {
  std::vector<double> mean_square, square_mean, incoherent;
};
/// @param radiation "xray" or "neutron"
ScatteringFactors scattering_factors(const Composition& composition, std::span<const double> q, const std::string& radiation);

}  // namespace heteroglass::probes
