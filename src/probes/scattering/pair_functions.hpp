/// From S(Q) to the functions of distance, with the errors that points and Q_max bring.
///
///     G(r) = (2/pi) int Q [S(Q) - 1] M(Q) sin(Qr) dQ = 4 pi rho_0 r [g(r) - 1],   RDF = 4 pi rho_0 r^2 g,   T = RDF / r
///
/// Windows M(Q), all 0 at Q_max but `none`:
///     lorch         sin(x) / x,  x = pi Q / Q_max
///     soper-barney  3 (sin x - x cos x) / x^3,  x = 4.4934 Q / Q_max (the first zero of the bracket)
///     cosine        1 up to window_start, then [1 + cos(pi (Q - start) / (Q_max - start))] / 2
/// A window broadens peaks by about 5.4 / Q_max (lorch, full width at half height; none: 3.8 / Q_max) and lowers them; without one,
/// ripples of period 2 pi / Q_max stand beside each peak and shift it.
/// Errors from points: sigma^2(G) = (2/pi)^2 sum (w Q M sigma_S)^2 sin^2(Qr), points independent. Errors from Q_max, of the first peak and the
/// coordination number: half their change when Q_max falls by pi / r_1, which turns the ripples under the peak around.
/// Coordination: integral of RDF from where g leaves zero to the first minimum of g behind the first peak.
/// References: Lorch, J. Phys. C 2, 229 (1969), doi:10.1088/0022-3719/2/2/305; Soper, Barney, J. Appl. Cryst. 44, 714 (2011),
/// doi:10.1107/S0021889811021455; Drewitt, Sanloup, Bytchkov, Brassamin, Hennet, Phys. Rev. B 87, 224201 (2013), doi:10.1103/PhysRevB.87.224201
/// (cosine); names: Keen, J. Appl. Cryst. 34, 172 (2001), doi:10.1107/S0021889800019993.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/value.hpp"

namespace heteroglass::probes {

/// M at each q. @param start of `cosine`; unset: 3/4 of the last q
std::vector<double> window(std::span<const double> q, const std::string& name, std::optional<double> start);

struct PairFunctions {
  std::vector<double> r, g, g_error, g_reduced, g_reduced_error, rdf, rdf_error, total, total_error;
};

/// g, RDF and T of G(r).
PairFunctions pair_functions(std::vector<double> r, std::vector<double> g_reduced, std::vector<double> g_reduced_error, double density);
/// At r = r_step, 2 r_step, ... up to r_max.
PairFunctions pair_functions(std::span<const double> q, std::span<const double> s, std::span<const double> s_error,
                             std::span<const double> window, double density, double r_max, double r_step);

struct FirstShellOfPdf {
  Measured position, height, minimum, coordination;
  double position_points =
      0;  ///< the part of the error of the position that comes from the points; that of Q_max is common to curves alike
};

struct WindowChoice {
  std::string name;
  std::optional<double> start;
};

/// @param shell_radius upper end of the coordination integral; unset: the first minimum
/// @throws NumericalError when there is no peak between 0.5 and 2 distances of close-packed neighbours
FirstShellOfPdf first_shell(std::span<const double> q, std::span<const double> s, std::span<const double> s_error,
                            const WindowChoice& window, const Measured& density, std::optional<double> shell_radius);
/// The same of a measured g(r), whose points are independent and know no Q_max.
FirstShellOfPdf first_shell(const PairFunctions& functions, const Measured& density, std::optional<double> shell_radius);

}  // namespace heteroglass::probes
