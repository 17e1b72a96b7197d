/// The neighbourhood of an atom as a list of numbers that do not change when it is turned: what linear models of structure read.
///
/// Behler and Parrinello, with f(r) = [1 + cos(pi r / r_max)] / 2:
///     G_X(mu)            = sum_{j in X} exp[-(r_ij - mu)^2 / width^2] f(r_ij)
///     G_XY(xi, lambda, zeta) = 2^(1 - zeta) sum_{j in X, k in Y, j < k} (1 + lambda cos theta_jik)^zeta
///                              exp[-(r_ij^2 + r_ik^2 + r_jk^2) / xi^2] f(r_ij) f(r_ik) f(r_jk)
/// (angles with r_angular for r_max in f). Power spectrum, the rotation-invariant of SOAP with radial shells mu:
///     p_X(mu, l) = 4 pi / (2 l + 1) sum_m |c_mu,lm|^2 = sum_{j, k in X} w_j w_k P_l(cos theta_jik),   w_j = exp[-(r_ij - mu)^2 / width^2] f(r_ij)
/// X, Y run over species, so that the number of features grows with them. All are smooth in the positions.
/// Cost O(N neighbours features); angles and power spectrum O(N neighbours^2). Threaded.
/// References: Behler, Parrinello, Phys. Rev. Lett. 98, 146401 (2007), doi:10.1103/PhysRevLett.98.146401; Cubuk et al., Phys. Rev.
/// Lett. 114, 108001 (2015), doi:10.1103/PhysRevLett.114.108001; Bartok, Kondor, Csanyi, Phys. Rev. B 87, 184115 (2013),
/// doi:10.1103/PhysRevB.87.184115.
#pragma once

#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/frame.hpp"
#include "core/value.hpp"

namespace heteroglass::structure {

struct SymmetryOptions {
  double r_min = 0;                   ///< [angstrom] first mu
  double r_max = 0;                   ///< [angstrom] end of the radial functions
  double step = 0;                    ///< [angstrom] between the mu, also their width
  double r_angular = 0;               ///< [angstrom] end of the angular functions
  std::vector<double> xi = {};        ///< [angstrom] empty: no angular functions
  std::vector<double> zeta = {1, 4};  ///< [1]
  int l_max = 0;                      ///< of the power spectrum; 0: none
};

/// Lengths from the spacing of the atoms, rho^(-1/3).
SymmetryOptions radial_set(const Frame& frame);
SymmetryOptions radial_angular_set(const Frame& frame);
SymmetryOptions power_spectrum_set(const Frame& frame);

struct Features {
  std::vector<std::string> name;
  Matrix values;  ///< [1, (atoms, features)]
};

Features symmetry_functions(const Frame& frame, const SymmetryOptions& options, Context& context = Context::quiet());

}  // namespace heteroglass::structure
