/// Structure factor and pair distribution functions from an X-ray (or neutron) diffraction pattern of a glass.
///
///     S(Q) = [alpha (I - b I_b) - C - (<f^2> - <f>^2)] / <f>^2                     (reduction.hpp)
///     G(r) = (2/pi) int Q [S - 1] M(Q) sin(Qr) dQ = 4 pi rho_0 r (g - 1)           (pair_functions.hpp)
///     RDF = 4 pi rho_0 r^2 g,   T = RDF / r,   coordination = int RDF over the first shell
///
/// Input: a curve of intensity with its background, or of S(Q), F(Q) = Q [S - 1] or G(r), by the role of its column. Q = 4 pi sin(theta)/lambda in
/// 1/angstrom, r in angstrom, rho_0 in atoms per cubic angstrom, S(Q) -> 1. The data must be corrected for dark current, polarisation and
/// solid angle, as integration programs do. A background is one more input curve, named by `background`, or a column; its scale is given or
/// refined, as is the density, by the straight line -4 pi rho_0 r that G must follow below r_cutoff.
/// Errors: points (file, counting, or their scatter) and Q_max; systematic errors of the form factors and of Compton scattering are not in them.
/// Round trip: S(Q) M(Q) after the transform to r_max and back, rms difference over Q: what r_max leaves out.
/// Not for crystals' sharp peaks beyond r of about pi / dQ, nor for the partial functions of an alloy: they need several contrasts.
/// Cost O(points of Q x points of r): 4000 x 2000 in 4 ms of one core, some hundred times that when something is refined.
/// References: Egami, Billinge, Underneath the Bragg Peaks, 2nd edition, Elsevier (2012), chapters 3 and 5; Keen, J. Appl. Cryst. 34, 172 (2001),
/// doi:10.1107/S0021889800019993; Eggert et al., Phys. Rev. B 65, 174105 (2002), doi:10.1103/PhysRevB.65.174105.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"
#include "probes/scattering/reduction.hpp"

namespace heteroglass::probes {

struct XrayPdfOptions {
  ReductionOptions reduction = {};
  std::string window = "lorch";
  std::optional<double> window_start = {};  ///< [1/angstrom] of the cosine window
  double r_max = 20;                        ///< [angstrom]
  double r_step = 0.02;                     ///< [angstrom]
  std::optional<double> shell_radius = {};  ///< [angstrom] of the coordination number
  static constexpr bool joins_files = true;
  static const Fields& fields();
  static const ColumnRoles& columns();
};

struct XrayPdf {
  std::vector<double> q;                                         ///< [1/angstrom] measured points used
  std::vector<double> structure_factor, structure_factor_error;  ///< [1]
  std::vector<double> structure_factor_raw, structure_factor_back;
  std::vector<double> reduced_structure_factor, reduced_structure_factor_error;  ///< [1/angstrom] Q [S - 1] M
  std::vector<double> r;                                                         ///< [angstrom]
  std::vector<double> g, g_error;                                                ///< [1]
  std::vector<double> g_reduced, g_reduced_error;                                ///< [1/angstrom^2]
  std::vector<double> rdf, rdf_error;                                            ///< [1/angstrom]
  std::vector<double> total_correlation, total_correlation_error;                ///< [1/angstrom^2]
  Measured first_peak, first_peak_height, coordination, shell_radius, first_diffraction_peak;
  Measured density, background_scale, scale;
  double r_cutoff = 0, small_r_residual = 0, round_trip_error = 0, tail = 0;
  std::string errors_from;
  static const Fields& fields();
};

/// @throws InputError for a missing composition or density, an unknown unit of Q, S(Q) that does not tend to 1, several samples
XrayPdf xray_pdf(std::span<const Curve> curves, const XrayPdfOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::probes
