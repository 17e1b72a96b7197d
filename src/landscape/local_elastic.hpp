/// Elastic moduli atom by atom and on a chosen length: their spread, their correlation in space, and where the softest atoms are.
///
///     v_i C_i,kl = d(W_i,k)/d(e_l) - W_i,k d_l        (see local_stiffness.hpp; volume-weighted mean = the stiffness of landscape/elastic)
///     C(r, w) = sum_j v_j C_j / sum_j v_j              over atoms within w of r
///     G = mean of the five shears, K = sum C_ij / 9    (Voigt averages of the local tensor)
///
/// The strain is that of the whole cell and every atom relaxes; the stress is local. Atomic values depend on how a bond's stress is shared
/// and may be negative; on a length of two or three atoms they mean what the words say.
/// Softest atoms: those with the smallest atomic G (relaxed; `affine` or `coarse` on request); whether they stand together:
/// soft_atoms.hpp. Correlation in space: spatial_correlation.hpp. The scatter sd / mean is given on several lengths; for independent
/// atoms it falls as w^(-3/2).
/// Errors of scatter and moduli: jackknife is not needed where atoms are many; standard errors take atoms as independent within w (so N is
/// the number of such spheres in the box). They say nothing of other samples of the glass.
/// Not for frames at temperature. Cost: as landscape/elastic, then 24 evaluations and sums over neighbours.
/// References: Tsamados, Tanguy, Goldenberg, Barrat, Phys. Rev. E 80, 026112 (2009), doi:10.1103/PhysRevE.80.026112; Mizuno, Mossa, Barrat,
/// Phys. Rev. E 87, 042306 (2013), doi:10.1103/PhysRevE.87.042306; Fan, Iwashita, Egami, Nat. Commun. 5, 5083 (2014),
/// doi:10.1038/ncomms6083.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::landscape {

struct LocalElasticOptions {
  std::string potential = "CuZr-Mendelev2007";
  std::optional<double> length = {};  ///< [angstrom] unset: one and a half times the first minimum of g(r)
  std::string softness = "relaxed";
  std::vector<double> soft_fractions = {0.025, 0.05};
  std::string tessellation = "auto";
  std::map<std::string, double> radii = {};  ///< [angstrom]
  bool tensor = false;
  double force_limit = 1e-3;         ///< [eV/angstrom]
  std::optional<double> r_max = {};  ///< [angstrom] of the correlation; unset: half the box, at most ten times the mean distance of atoms
  int seed = 1;
  static const Fields& fields();
};

struct LocalElastic {
  std::vector<double> shear_modulus_atomic, bulk_modulus_atomic, shear_modulus_affine_atomic;  ///< [GPa, (atoms)]
  std::vector<double> shear_modulus_coarse, bulk_modulus_coarse;                               ///< [GPa, (atoms)]
  std::vector<int> soft_class;                                                                 ///< [1, (atoms)]
  std::vector<double> atomic_volume;                                                           ///< [angstrom^3, (atoms)]
  Matrix stiffness_coarse;                                                                     ///< [GPa, (atoms, 21)] when asked
  Measured shear_modulus, bulk_modulus;                                                        ///< [GPa] of the whole, Voigt
  Measured shear_scatter, bulk_scatter;                                                        ///< [1] sd / mean on `length`
  Measured negative_fraction;                                                                  ///< [1] atoms with G < 0
  double length = 0;                                                                           ///< [angstrom]
  Table scaling;
  std::vector<double> modulus;  ///< [GPa] axis of the distributions
  std::vector<double> distribution_atomic, distribution_atomic_error, distribution_coarse, distribution_coarse_error;
  std::vector<double> distance, correlation, correlation_error;
  Measured correlation_length;  ///< [angstrom]
  Table soft;
  std::vector<double> r;
  std::vector<std::string> sets;
  Matrix g, g_error;  ///< [1, (sets, bins)]
  static const Fields& fields();
};

/// @throws InputError for a frame that is no minimum
LocalElastic local_elastic(const Frame& frame, const LocalElasticOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::landscape
