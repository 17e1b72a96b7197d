/// A tip pressed slowly into a surface and drawn back: load against depth.
///
/// The load rises to `load` [nN] in `time` [ms] and falls again in the same time,
///     load = (4/3) E* sqrt(R) h^(3/2) + eta sqrt(R h) h'
/// Without viscosity both ways are Hertz's curve; with it the depth at the largest load is smaller and the way back lies deeper.
/// Linear in h^(3/2), so solved in closed form from one load to the next. Adhesion is left out.
#pragma once

#include <vector>

#include "probes/afm/oscillator.hpp"

namespace heteroglass::probes {

struct PressLoop {
  std::vector<double> load, depth;  ///< [nN], [nm]
  double depth_at_peak = 0;         ///< [nm] when the load is largest
  double dissipation = 0;           ///< [eV] area of the loop
};
PressLoop press_loop(const TipSurface& surface, double load, double time);

}  // namespace heteroglass::probes
