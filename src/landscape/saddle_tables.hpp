/// From searches to different events, their table and the spectrum of barriers.
#pragma once

#include <optional>
#include <vector>

#include "landscape/saddle_event.hpp"
#include "landscape/saddles.hpp"

namespace heteroglass::landscape {

struct SpectrumOptions {
  double same_displacement = 0, same_energy = 0, minimum_barrier = 0;
  std::optional<double> bin;
  double bulk_modulus = 0;  ///< [energy/length^3] NaN: no activation volumes
};

/// The same event: the barriers agree, and no atom is farther apart at the two saddles; the changes of energy agree too, or the saddles are one
/// to a quarter of that.
bool same_event(const Event& a, const Event& b, double same_displacement, double same_energy);

/// Fills everything of `out` that comes from the events. Returns the different connected ones, lowest barrier first.
std::vector<const Event*> summarise(const Frame& frame, const std::vector<Event>& all, const SpectrumOptions& options, Saddles& out);

}  // namespace heteroglass::landscape
