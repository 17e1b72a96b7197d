/// One activated event: a search from a minimum, the saddle and the two minima beside it, on the whole system.
///
/// The search moves the atoms of a region. The region grows when atoms at its rim move. From the saddle the region goes down on both
/// sides: when neither end is the start the event is not connected, and the search ends there. The same is asked of a wider region, which
/// is cheaper than of the whole system and finds nearly half of those that would fail there. Then all atoms relax: the saddle along its
/// mode, then the minima. Only then is the event believed, and only with one negative curvature.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/frame.hpp"
#include "landscape/saddle_search.hpp"
#include "potential/potential.hpp"

namespace heteroglass::landscape {

enum class Outcome {
  connected,
  unconnected,   ///< neither side of the saddle leads to the start
  no_saddle,     ///< the search ended without one
  not_whole,     ///< a saddle of the region that the whole system does not have
  higher_order,  ///< more than one negative curvature
  same_minimum,  ///< both sides lead to the start
};
const char* name(Outcome outcome);

/// Displacement from the start, of the atoms that moved by more than a fiftieth of same_displacement, rounded to 1e-6.
struct Moved {
  std::vector<std::int32_t> atom;  ///< frame index, ascending
  Vectors by;                      ///< [length]
};

struct Event {
  int search = 0;
  std::int32_t centre = 0;  ///< frame index
  Outcome outcome = Outcome::no_saddle;
  double barrier = 0, energy_change = 0;              ///< [energy]
  double barrier_error = 0, energy_change_error = 0;  ///< [energy] at most, from the residual forces
  double pressure_rise = 0;                           ///< [energy] trace of the virial at the saddle less that at the start, negative: rise
  double curvature = 0, next_curvature = 0;           ///< [energy/length^2]
  double curvature_error = 0, next_curvature_error = 0;  ///< [energy/length^2] residuals |H v - lambda v|
  int curvatures_converged = 0;                          ///< of the two, by their residuals
  double residual_force = 0;                             ///< [energy/length] of the whole system at the saddle
  double outer_force = 0;                                ///< [energy/length] when the region had converged, before all atoms relaxed
  int evaluations = 0;                                   ///< to the saddle, in the region
  int region_evaluations = 0, whole_evaluations = 0;
  int region_atoms = 0;
  Moved saddle, final_state;
};

/// What is common to all searches from one minimum.
struct Start {
  const potential::Potential* potential = nullptr;
  const Frame* frame = nullptr;
  Vectors position;          ///< minimised
  double energy = 0;         ///< [energy]
  double residual_norm = 0;  ///< [energy/length] of the force, over all atoms
  double virial_trace = 0;   ///< [energy]
  double r_cut = 0;          ///< [length] of the first shell, which is pushed with the centre
};

struct EventOptions {
  double region_radius = 0;        ///< [length]
  double force_tolerance = 1e-3;   ///< [energy/length] of the whole system
  double region_tolerance = 1e-2;  ///< [energy/length] of the saddle in the region
  double same_displacement = 0.1;  ///< [length] two states are the same when no atom is farther apart ...
  double same_energy = 1e-3;       ///< [energy] ... and their energies differ by less
  double wide = 2;       ///< [1] radius of the region in which a saddle is looked at before the whole system, of that of the search
  int growths = 3;       ///< times that the region may grow when atoms at its rim move
  double growth = 1.35;  ///< [1]
  std::uint64_t seed = 1;
  SearchOptions search;  ///< scaled; its push is the longest move of an atom
};

Event find_event(const Start& start, int search, std::int32_t centre, const EventOptions& options);

}  // namespace heteroglass::landscape
