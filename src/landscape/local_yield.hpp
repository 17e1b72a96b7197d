/// Where a glass is soft: the stress at which a region around each atom first yields, in shear and in dilatation.
///
///     gamma -> F(gamma) r outside a sphere of `radius`, atoms inside relax;  Delta tau_k = tau(drop) - tau(0) along shear k
///     yield_increment_shear = min_k Delta tau_k
///     yield_increment_projected = min_k Delta tau_k / (2 m_k : m_L)  over shears with 2 m_k : m_L > 0.2 (L: simple shear of `plane`)
///
/// tau = sigma : m of the inner atoms' virial stress (landscape/local_region.hpp), m = (s n + n s)/2 in shear and 1/d in dilatation, where the strain
/// is that of the volume and the stress the mean normal stress. Increments from the state at rest predict where a glass rearranges better
/// than stresses do, since each region has its own stress at rest. `radius` is `radius_multiple` times the distance of the first peak of g(r);
/// the table `sensitivity` repeats the test at other multiples: small regions are held by their frozen surroundings and yield late, large ones
/// average over several weak spots.
///
/// Correlation of the shear and the dilatation map: Spearman, standard error (1 - rho^2) / sqrt(n - 2).
/// A perfect crystal sits on an unstable point by symmetry when its lattice becomes unstable: give it a `kick`.
/// Cost per centre and direction: some 1,000 force evaluations of the region (EAM: 5,000 atoms at the default radius, so half a minute on
/// one core; Lennard-Jones in two dimensions: 250 atoms, a tenth of a second), whatever the size of the glass. Threads over centres.
/// A configuration with a force above force_limit is refused; below, it is brought to its minimum first.
/// When not: for the order in which a glass yields under one load (deform/aqs).
/// References: Patinet, Vandembroucq, Falk, Phys. Rev. Lett. 117, 045501 (2016), doi:10.1103/PhysRevLett.117.045501; Barbot et al., Phys. Rev. E
/// 97, 033001 (2018), doi:10.1103/PhysRevE.97.033001.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/field.hpp"
#include "core/frame.hpp"

namespace heteroglass::landscape {

struct LocalYieldOptions {
  std::string potential = "CuZr-Mendelev2007";
  std::string centres = "10";
  double radius_multiple = 5;
  std::optional<double> radius = {};     ///< [angstrom] instead
  std::optional<int> orientations = {};  ///< unset: 18 in two dimensions, 12 in three
  bool dilatation = true;
  std::string plane = "xy";
  std::vector<double> sensitivity = {3, 4};
  int sensitivity_centres = 4;
  double strain_step = 2e-3, max_strain = 0.3, strain_tolerance = 1e-4;
  double force_tolerance = 1e-5;  ///< [eV/angstrom]
  double force_limit = 1e-3;      ///< [eV/angstrom] of the configuration given
  double least_drop = 1e-3;       ///< [eV]
  double kick = 0;                ///< [angstrom]
  int seed = 1;
  static const Fields& fields();
};

struct LocalYieldMap {
  double first_peak = 0, radius = 0;             ///< [angstrom]
  double atoms_inside = 0, atoms_simulated = 0;  ///< means over the centres
  int centres_tested = 0;
  Measured mean_yield_increment_shear, mean_yield_increment_tension;
  Measured shear_tension_correlation;
  double residual_force = 0;  ///< [eV/angstrom] of the configuration given
  double force_evaluations = 0;
  double not_yielded = 0;  ///< fraction of the tests
  Table orientations, sensitivity, centres;
  std::vector<double> yield_increment_shear, yield_stress_shear, yield_strain_shear, yield_increment_projected;
  std::vector<double> yield_increment_tension, yield_stress_tension, yield_strain_tension;
  Matrix weakest_direction, weakest_normal;
  std::string potential_reference;
  static const Fields& fields();
};

/// @throws InputError, Interrupted
LocalYieldMap local_yield(const Frame& frame, const LocalYieldOptions& options = {}, Context& context = Context::quiet());

/// What a run will cost, in a line.
std::string local_yield_cost(const LocalYieldOptions& options, double atoms);

}  // namespace heteroglass::landscape
