/// Stress of every atom, and the regions that the atomic-stress theory calls liquid-like.
///
///     s_i = W_i / v_i,   p_i = -tr(s_i) / 3,   von Mises: sqrt(3/2 d:d), d the deviator
///     e_i = -(p_i - <p>) / K                                  local volume strain
///     liquid-like: |e_i| > threshold (0.1)    over-packed: e_i < -threshold    loose: e_i > threshold
///
/// W_i: virial of the atom (half of each of its bonds), v_i: Voronoi volume (radical where radii are known), <p> the volume-weighted mean, which is
/// the pressure of the cell; stress is positive in tension, pressure in compression. K: bulk modulus, given or that of the frame (affine and nonaffine
/// parts when it is a minimum). e_i > 0: the atom has more room than it wants, e_i < 0: less (anti-free volume). In the theory atoms beyond
/// the threshold have another number of neighbours than their surroundings have place for; they are about a quarter of all at T_g.
/// `volume_strain_geometric` is the other measure of the same: volume against the mean volume of the species.
/// In an alloy species differ in mean pressure by their sizes, and the table tells the fractions by species.
/// At a temperature vibrations add to the pressures: take inherent structures, or read the fractions as those of a snapshot.
/// With a two-dimensional potential p = -(s_xx + s_yy) / 2, and von Mises is that of the plane, |s_1 - s_2| sqrt(3) / 2.
/// Cost: one evaluation of the virials, a tessellation, and landscape/elastic when K is not given.
/// References: Egami, Maeda, Vitek, Philos. Mag. A 41, 883 (1980), doi:10.1080/01418618008243894; Egami, Poon, Zhang, Keppens, Phys. Rev. B 76,
/// 024203 (2007), doi:10.1103/PhysRevB.76.024203.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::landscape {

struct AtomicStressOptions {
  std::string potential = "CuZr-Mendelev2007";
  double threshold = 0.1;                   ///< [1] of the local volume strain
  std::optional<double> bulk_modulus = {};  ///< [GPa] unset: that of the frame
  std::string tessellation = "auto";
  std::map<std::string, double> radii = {};  ///< [angstrom]
  static const Fields& fields();
};

struct AtomicStress {
  std::vector<double> pressure, von_mises;                     ///< [GPa, (atoms)]
  Matrix stress;                                               ///< [GPa, (atoms, 6)]
  std::vector<double> volume_strain, volume_strain_geometric;  ///< [1, (atoms)]
  std::vector<int> packing;                                    ///< [1, (atoms)] -1: over-packed, 1: loose, 0: neither
  std::vector<double> atomic_volume;                           ///< [angstrom^3, (atoms)]
  Measured liquid_like_fraction, over_packed_fraction, loose_fraction;
  Measured pressure_mean, pressure_sd, von_mises_mean, volume_strain_sd;
  Measured bulk_modulus;  ///< [GPa] used
  Table species;
  static const Fields& fields();
};

AtomicStress atomic_stress(const Frame& frame, const AtomicStressOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::landscape
