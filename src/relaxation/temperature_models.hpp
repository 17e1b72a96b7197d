/// How relaxation times and viscosities depend on temperature: eight laws, one formula each.
///
/// | law           | log10 tau - log10 tau0                                   | parameters            |
/// |---------------|----------------------------------------------------------|-----------------------|
/// | arrhenius     | E/(k T ln10)                                             | E [eV]                |
/// | vft           | B/((T - T0) ln10)                                        | B, T0 [K]             |
/// | wlf           | -C1 (T - Tr)/(C2 + T - Tr), tau0 = tau(Tr)               | C1, C2 [K]; Tr given  |
/// | myega         | (K/T) exp(C/T)/ln10                                      | K, C [K]              |
/// | adam-gibbs    | D/(T ln(T/TK) ln10), S_c of a constant heat-capacity step | D, TK [K]             |
/// | avramov       | (A/T)^a/ln10                                             | A [K], a              |
/// | cohen-grest   | 2 B/(T - T0 + sqrt((T - T0)^2 + C T))/ln10               | B, T0, C [K]          |
/// | mode-coupling | -gamma log10((T - Tc)/Tc), T > Tc                        | Tc [K], gamma         |
///
/// The first parameter of each is log10 tau0 (s, or Pa s for a viscosity). Fragility m = d log10 tau/d(Tg/T) at Tg.
/// References: Vogel, Phys. Z. 22, 645 (1921); Williams, Landel, Ferry, J. Am. Chem. Soc. 77, 3701 (1955), doi:10.1021/ja01619a008;
/// Mauro et al., PNAS 106, 19780 (2009), doi:10.1073/pnas.0911705106; Adam, Gibbs, J. Chem. Phys. 43, 139 (1965), doi:10.1063/1.1696442;
/// Avramov, J. Non-Cryst. Solids 351, 3163 (2005), doi:10.1016/j.jnoncrysol.2005.08.021; Cohen, Grest, Phys. Rev. B 20, 1077 (1979),
/// doi:10.1103/PhysRevB.20.1077; mode coupling: Goetze, Sjogren, Rep. Prog. Phys. 55, 241 (1992), doi:10.1088/0034-4885/55/3/001.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "numeric/least_squares.hpp"

namespace heteroglass::relaxation {

enum class Law { arrhenius, vft, wlf, myega, adam_gibbs, avramov, cohen_grest, mode_coupling };

struct LawParameter {
  std::string name, unit;
  double start, low, high;
};

std::string law_name(Law);
std::vector<std::string> law_names();
/// @throws InputError with the nearest name
Law parse_law(const std::string& name, const std::string& where);
/// log10_tau0 first, then as in the table above.
const std::vector<LawParameter>& law_parameters(Law);

/// log10 of time or viscosity at T [K]; NaN or infinite where the law ends. `reference` is the Tr of wlf.
double law_value(Law law, double temperature, std::span<const double> parameters, double reference = 0);
/// d log10 tau / d(1/T) [K].
double law_slope(Law law, double temperature, std::span<const double> parameters, double reference = 0);
/// The temperature at which the law reaches `log10_value`, NaN when it does not between 1 K and 20,000 K.
double law_temperature(Law law, double log10_value, std::span<const double> parameters, double reference = 0);

/// Start values from data: the nonlinear parameters on a grid, the others by straight lines.
std::vector<double> law_start(Law law, std::span<const double> temperature, std::span<const double> log10_value, double reference = 0);
/// Least-squares fit of log10 values. `error` (log10) may be empty. `profile`: with 95 % intervals.
numeric::LeastSquares fit_law(Law law, std::span<const double> temperature, std::span<const double> log10_value,
                              std::span<const double> error, double reference = 0, bool profile = false);

}  // namespace heteroglass::relaxation
