/// Elastic constants of a solid-like matrix (0) with spherical liquid-like regions (1): does Poisson's ratio rise or fall with them?
///
///     K = K0 (1 + A V_f),  G = G0 (1 + B V_f)                                                          (dilute, Eshelby)
///     A = (K1-K0)/(K0 + a0 (K1-K0)),  a0 = (1+nu0)/(3(1-nu0));  B = (G1-G0)/(G0 + b0 (G1-G0)),  b0 = 2(4-5nu0)/(15(1-nu0))
///     nu = [3 nu0 + (1+nu0) A V_f - (1-2nu0) B V_f] / [3 + 2(1+nu0) A V_f + (1-2nu0) B V_f]
///
/// Beside it the Mori-Tanaka, the self-consistent estimate and the Hashin-Shtrikman bounds, all exact to first order in V_f.
/// nu rises with V_f where A/B < 1 (shear softening), falls where A/B > 1 (dilatational softening), and stays when A = B.
/// With a table of shear modulus and Poisson's ratio of one glass in several states (an annealing series): A/B by least squares of
/// nu against G/G0 - 1 = B V_f, which needs no V_f. G0, nu0 are those of the stiffest state unless given; nu0 is fitted too.
/// Do not use the dilute form above V_f of about 0.2: compare it with the others. Cost O(1).
/// Source: Sun, Wang, Liu, Yang et al. 2016 as quoted by Qiao et al., Prog. Mater. Sci. 104, 250 (2019),
/// doi:10.1016/j.pmatsci.2019.04.005, eq. 5.2; Eshelby, Proc. R. Soc. A 241, 376 (1957), doi:10.1098/rspa.1957.0133;
/// Hashin, Shtrikman, J. Mech. Phys. Solids 11, 127 (1963), doi:10.1016/0022-5096(63)90060-7.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::mechanics {

struct PoissonOptions {
  std::optional<double> matrix_bulk = {}, matrix_shear = {};        ///< [GPa] K0, G0
  std::optional<double> inclusion_bulk = {}, inclusion_shear = {};  ///< [GPa] K1, G1
  double fraction = 0.2;                                            ///< [1] V_f
  std::optional<double> reference_shear = {};                       ///< [GPa] G0 of the fit
  std::map<std::string, double> errors = {};
  static const Fields& fields();
  static const ColumnRoles& columns();
};

struct Poisson {
  Measured poisson_ratio, bulk_modulus, shear_modulus;                 ///< [1], [GPa] dilute
  Measured a, b;                                                       ///< [1] A, B
  Measured a_over_b;                                                   ///< [1] from the constants, or fitted
  Measured matrix_poisson_ratio;                                       ///< [1] nu0, or fitted
  std::string softening;                                               ///< verdict
  Table estimates;                                                     ///< method by K, G, nu
  std::vector<double> fraction, dilute, mori_tanaka, self_consistent;  ///< [1] nu against V_f
  std::vector<double> softening_strain;                                ///< [1] G0/G - 1 of the table
  std::vector<double> measured_ratio, fitted_ratio;                    ///< [1] nu
  static const Fields& fields();
};

/// @throws InputError when neither the four moduli nor a table are given, or a modulus gives nu outside (-1, 0.5)
Poisson poisson(std::span<const Curve> curves, const PoissonOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::mechanics
