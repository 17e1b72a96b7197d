/// A sphere (disc) of atoms in surroundings that can only move affinely, and the strain at which it first yields.
///
///     r_i = F(gamma) r_i0 outside,   E(gamma) = min over the inner atoms,   yields where the minimum vanishes
///
/// Atoms and images within radius + range of the potential are cut out of the frame, so that the cost does not depend on its size; images
/// of inner atoms belong to the surroundings. The drop is found as in deform/quasistatic.hpp, from its heat and by bisection.
/// The local stress is the sum of the inner atoms' virials over their number times the mean atomic volume.
/// Reference: Patinet, Vandembroucq, Falk, Phys. Rev. Lett. 117, 045501 (2016), doi:10.1103/PhysRevLett.117.045501.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/frame.hpp"
#include "potential/potential.hpp"

namespace heteroglass::landscape {

/// A way to strain: shear by gamma along s in the plane of normal n, m = (s n + n s) / 2; or dilatation, m = 1 / d.
struct LocalStrain {
  Vec3 direction, normal;  ///< zero: dilatation
  Mat3 m;
};
/// `count` shears spread evenly: in two dimensions angles k 180 / count degrees of s, both signs being among them; in three the
/// directions (s, n) are two axes of rotations on a spiral in quaternion space (Alexa, CVPR 2022, doi:10.1109/CVPR52688.2022.00811).
std::vector<LocalStrain> shears(int count, int dimension);
LocalStrain dilatation(int dimension);

/// min_k increment_k / (2 m_k : m_L), L: simple shear of `plane`, over shears with 2 m_k : m_L > 0.2: what the load drives by less says nothing
/// of the load, and would be magnified beyond any strength. NaN when none of these has an increment.
double projected_increment(const std::vector<LocalStrain>& shears, const std::vector<double>& increments, const std::string& plane);

struct RegionSettings {
  double radius = 0;  ///< [angstrom]
  double strain_step = 2e-3;
  double max_strain = 0.3;
  double strain_tolerance = 1e-4;
  double force_tolerance = 1e-5;  ///< [eV/angstrom]
  double least_drop = 1e-3;       ///< [eV]
  double kick = 0;                ///< [angstrom] see deform/quasistatic.hpp
};

struct LocalYield {
  double strain = 0;     ///< at the drop; NaN: none up to max_strain
  double stress = 0;     ///< [GPa] there, just before
  double increment = 0;  ///< [GPa] of the stress from the unstrained state
  int force_evaluations = 0;
};

class LocalRegion {
 public:
  /// @throws InputError when the radius is so small that no atom but the centre is inside
  LocalRegion(std::shared_ptr<const potential::Potential> potential, const Frame& frame, std::size_t centre,
              const RegionSettings& settings);

  std::size_t inner() const { return inner_; }            ///< atoms that relax
  std::size_t simulated() const { return part_.size(); }  ///< with the frozen ones
  LocalYield yield(const LocalStrain& strain, Context& context) const;

 private:
  std::shared_ptr<const potential::Potential> potential_;
  RegionSettings settings_;
  Frame part_;
  std::vector<char> frozen_;
  std::size_t inner_ = 0;
  double atomic_volume_ = 0;
};

}  // namespace heteroglass::landscape
