/// Strain tensor in the plane of the detector from the shift of the first diffraction peak, or of the first peak of g(r), with azimuth.
///
///     eps(phi) = (Q_0 - Q(phi)) / Q(phi) = (r(phi) - r_0) / r_0
///     eps(phi) = eps_11 cos^2 phi + eps_12 sin 2 phi + eps_22 sin^2 phi,   phi counted from `axis`
///
/// Q(phi): place of a pseudo-Voigt peak on a straight background, fitted within `peak_width` of the highest point of each sector. r(phi): the
/// highest point of the first peak of g(r) of each sector, found when composition (of intensities) and density are given. Both are lengths
/// u = 1/Q or r with u(phi) = u_0 (1 + eps), fitted by weighted least squares, so that the tensor is exact for any size of the strain.
/// u_0: from the curves named by `reference`, or q_0 and r_0, or from the Poisson ratio by eps_22 = -nu eps_11 (uniaxial load along the
/// axis); with none of them the tensor is given without its in-plane mean, eps_11 + eps_22 = 0, which is said.
/// Tension positive. Errors: points, scaled up by the misfit of the tensor, and of u_0. The strain from the first peak of S(Q) and from
/// g(r) differ: the first sees medium-range order, the second the nearest neighbours, which are stiffer.
/// Not for patterns that are off centre: a shift of the beam by x gives eps ~ (x / radius) cos phi, which the tensor does not have; a
/// misfit tells. Cost O(points of Q x points of r) a sector.
/// References: Poulsen, Wert, Neuefeind, Honkimaki, Daymond, Nature Materials 4, 33 (2005), doi:10.1038/nmat1266; Hufnagel, Ott, Almer,
/// Phys. Rev. B 73, 064204 (2006), doi:10.1103/PhysRevB.73.064204.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"
#include "probes/scattering/reduction.hpp"

namespace heteroglass::probes {

struct PeakStrainOptions {
  ReductionOptions reduction = {};
  double axis = 0;                           ///< [deg]
  std::string reference = {};                ///< curves without load
  std::optional<double> q_0 = {}, r_0 = {};  ///< [1/angstrom], [angstrom] without strain
  std::optional<double> poisson = {};
  double peak_width = 0.15;              ///< [1] half width of the fitted range over the place of the peak
  std::optional<double> peak_near = {};  ///< [1/angstrom] unset: highest point
  std::string window = "lorch";
  static constexpr bool joins_files = true;
  static const Fields& fields();
  static const ColumnRoles& columns();
};

struct PeakStrain {
  std::vector<std::string> direction;  ///< parallel, perpendicular
  Matrix strain, strain_error;         ///< [1, (2, 2)] from the diffraction peak
  Matrix strain_r, strain_r_error;     ///< [1, (2, 2)] from the first peak of g(r)
  Measured q_0, r_0, principal_angle;
  double misfit = 0, misfit_r = 0;  ///< [1] chi^2 per degree of freedom
  std::vector<double> azimuth;      ///< [deg]
  std::vector<double> peak_q, peak_q_error, shift, shift_error, shift_fit;
  std::vector<double> peak_r, peak_r_error, shift_r, shift_r_error, shift_r_fit;
  static const Fields& fields();
};

/// @throws InputError for sectors without azimuth, fewer than three of them, or a peak that lies at the end of the range
PeakStrain peak_strain(std::span<const Curve> curves, const PeakStrainOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::probes
