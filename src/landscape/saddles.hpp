/// Activated events around a minimum of the energy: saddles, the minima behind them, and the spectrum of barriers.
///
/// Activation-relaxation (ARTn): a centre atom and its first neighbours (within the first minimum of g(r)) are pushed by
/// `displacement` (the longest move of an atom) in a random direction; the search then climbs along the lowest mode, found by Lanczos
/// iteration on differences of forces, relaxing across it (landscape/saddle_search.hpp), while only atoms within `region_radius` move; from
/// the saddle they go down on both sides. When one side is the start, in a wider region too, all atoms relax: the saddle along its mode,
/// then both minima. Barriers, energies and forces are those of the whole system.
///
///     barrier = E(saddle) - E(start),   reverse = E(saddle) - E(final),   activation volume = V dp / B at constant volume
///
/// dp: pressure at the saddle less that of the start, B: bulk modulus of the start by finite strain. A saddle counts when its longest
/// force is below `force_tolerance` and the second lowest curvature is not negative (Lanczos over all atoms with the first deflated, until
/// the residual |H v - lambda v| is less than its size, which tells the sign; begun from a random vector and the residual force); where it
/// is, the search steps off that ridge and climbs again. An event is connected when one of its minima is the start: no atom farther than
/// `same_displacement`, energies within `same_energy`. Events with equal barrier and energy change (to `same_energy`) and saddles not
/// farther apart than `same_displacement` are one event; so are those whose saddles agree four times better, wherever avalanches end. Barriers below `minimum_barrier` are ripples: counted, not listed.
/// The start is minimised first. What is found is a sample, biased to what is near in configuration space; its completeness is not known.
/// Errors: of counting in the spectrum, s / sqrt(n) of means. The barrier's own error is a bound, |f|^2 / (2 lambda) of the residual forces
/// at the saddle and at the start, lambda the smaller size of the two curvatures.
/// Cost: 200-300 force evaluations of the region a search, 200-300 of the whole system an event. Searches run side by side on threads,
/// each with its own stream of random numbers: results do not depend on the number of threads. With an output folder finished
/// searches are kept, and a killed run goes on.
/// References: Barkema, Mousseau, Phys. Rev. Lett. 77, 4358 (1996), doi:10.1103/PhysRevLett.77.4358; Malek, Mousseau, Phys. Rev. E 62, 7723
/// (2000), doi:10.1103/PhysRevE.62.7723; Rodney, Schuh, Phys. Rev. B 80, 184203 (2009), doi:10.1103/PhysRevB.80.184203; Fan, Iwashita,
/// Egami, Nat. Commun. 5, 5083 (2014), doi:10.1038/ncomms6083.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/field.hpp"
#include "core/frame.hpp"

namespace heteroglass::landscape {

struct SaddlesOptions {
  std::string potential = "CuZr-Mendelev2007";
  int searches = 20;
  std::optional<int> searches_per_atom = {};
  std::vector<int> centres = {};             ///< ids; empty: random, or all with searches_per_atom
  std::optional<double> displacement = {};   ///< [angstrom] unset: 0.5 angstrom, 0.2 sigma
  std::optional<double> r_cut = {};          ///< [angstrom] unset: first minimum of g(r)
  std::optional<double> region_radius = {};  ///< [angstrom] unset: 2.5 rho^(-1/3)
  double force_tolerance = 1e-3;             ///< [eV/angstrom]
  double same_displacement = 0.1;            ///< [angstrom]
  double same_energy = 1e-3;                 ///< [eV]
  double minimum_barrier = 2e-3;             ///< [eV]
  int ninit = 3;
  int neigen = 1;
  int lanczos_max = 16;
  double eigenvalue_tolerance = 1e-2;
  std::vector<int> nperp = {4, 8, 12, 16};
  int max_evaluations = 300;
  std::optional<double> barrier_bin = {};  ///< [eV]
  int keep = 0;
  int seed = 1;
  static const Fields& fields();
};

struct Saddles {
  Table table;                                            ///< one row for each different event
  Table outcomes;                                         ///< how the searches ended
  double searches = 0, unconnected = 0, failed = 0;       ///< [1]
  double duplicates = 0, ripples = 0, avalanches = 0;     ///< [1]
  Measured success;                                       ///< [1] fraction of searches that gave a connected event
  Measured mean_barrier, mean_energy_change;              ///< [eV] of different connected events
  Measured evaluations_to_saddle;                         ///< [1] mean, in the region, of searches that found one
  std::vector<double> barrier, spectrum, spectrum_error;  ///< [eV], [1/eV]
  double start_energy = 0;                                ///< [eV]
  double start_moved = 0;                                 ///< [angstrom]
  double bulk_modulus = 0;                                ///< [GPa]
  double region_radius = 0, displacement = 0;             ///< [angstrom]
  std::vector<double> lowest_barrier;                     ///< [eV, (atoms)]
  std::vector<int> events;                                ///< [1, (atoms)] connected events in which the atom takes part
  std::vector<Frame> start, saddle, final_state;          ///< start; the first `keep` events
  static const Fields& fields();
};

/// @throws InputError for unknown potentials, species or ids; NumericalError when the start does not minimise; Interrupted.
Saddles saddles(const Frame& frame, const SaddlesOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::landscape
