/// A configuration refined until its structure factor or pair distribution function is the measured one (reverse Monte Carlo).
///
///     chi2 = sum_k (m_k - y_k)^2 / sigma_k^2,   a move of one atom is accepted with probability min(1, exp(-(chi2_new - chi2_old)/2))
///
/// m: S(Q) (Faber-Ziman) or g(r) of the configuration as `rmc_target.hpp` defines them, y +- sigma: the data. Atoms never come nearer than
/// `minimum_distance` (close pairs of the start only become fewer). Any number of data sets (X-ray and neutron, S and g) at once, with
/// `weights` for each, and mean coordination numbers as further data.
/// Conventions: the density, composition and box are those of the starting configuration. Distances count up to r_max, at most half the
/// smallest height of the box; S(Q) is multiplied in r by the window sin(pi r/r_max)/(pi r/r_max), and the measured S is smoothed by the
/// same window, so that model and data mean the same; its last 2 pi/r_max are left out. g(r) from a transform that ended at Q_max is
/// compared with a model spread alike when `q_max` says so.
/// With a `potential` (EAM), moves are weighed by exp(-dE/kT) too, which keeps out of the set of solutions what no alloy would do.
/// Errors: the result is one configuration of many that agree with the data: the most disordered ones are the likeliest. Three-body
/// order (bond angles, icosahedra) is not in the data; compare several seeds and starts before believing it. Errors of g_partial count pairs.
/// Cost: neighbours within r_max times points of data for each move, whatever the number of atoms; some 50 to 200 moves an atom. Threaded;
/// the result does not depend on the threads. When not: for crystals, or below Q = 2 pi/r_max.
/// References: McGreevy, Pusztai, Mol. Simul. 1, 359 (1988), doi:10.1080/08927028808080958; McGreevy, J. Phys.: Condens. Matter 13, R877 (2001),
/// doi:10.1088/0953-8984/13/46/201.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::structure {

struct ReverseMonteCarloOptions {
  std::vector<std::string> weights;                   ///< number, xray or neutron: one for all data sets or one for each
  double moves = 100;                                 ///< an atom, at most
  double tolerance = 0.01;                            ///< relative fall of chi2 over ten moves an atom below which the walk ends; 0: never
  double scramble = 0;                                ///< [angstrom] random displacement of the start, each component up to this
  std::map<std::string, double> minimum_distance;     ///< [angstrom] by pair; others: 0.8 of the sum of metallic radii
  std::optional<double> r_max = {};                   ///< [angstrom] unset: half the smallest height of the box, at most 15
  std::optional<double> q_max = {};                   ///< [1/angstrom] where the transform behind g(r) ended; unset: g as it is
  std::optional<double> structure_factor_sigma = {};  ///< standard error of all points; unset: the column of the data, else 0.01
  std::optional<double> g_sigma = {};                 ///< likewise; else 0.03
  std::vector<std::string> coordination;              ///< Cu-Zr=6.5:3.4 - mean number of Zr around Cu within 3.4 angstrom
  double coordination_sigma = 0.05;
  std::string potential;     ///< an energy beside the data; empty: none
  double temperature = 300;  ///< [K] of that energy
  double max_move = 0.2;     ///< [angstrom] at the start
  int seed = 1;
  static const ColumnRoles& columns();
  static const Fields& fields();
};

struct ReverseMonteCarlo {
  double chi_squared_per_point = 0, chi_squared_per_point_start = 0;
  bool converged = false;
  double moves = 0;            ///< proposed, an atom
  double acceptance = 0;       ///< of all proposals
  double energy_per_atom = 0;  ///< [eV] NaN without a potential
  int close_pairs = 0;         ///< nearer than their minimum distance
  double r_max = 0;
  std::map<std::string, double> minimum_distance;
  double displacement_rms = 0;  ///< [angstrom] from the start (after scrambling)
  Table data;                   ///< name, kind, weights, points, chi_squared_per_point, r_factor
  std::vector<double> q, structure_factor_data, structure_factor_data_error, structure_factor, structure_factor_start;
  std::vector<double> r, g_data, g_data_error, g, g_start;
  std::vector<double> distance;
  std::vector<std::string> pair;
  Matrix g_partial, g_partial_error;
  std::vector<double> moves_per_atom, chi_squared;  ///< along the walk; chi2 a point
  std::vector<Frame> configuration;
  static const Fields& fields();
};

/// @param frames one starting configuration, periodic
/// @throws InputError without a configuration, data or weights, for an open box, data whose S does not tend to 1, unknown pairs
ReverseMonteCarlo reverse_monte_carlo(std::span<const Frame> frames, std::span<const Curve> curves,
                                      const ReverseMonteCarloOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::structure
