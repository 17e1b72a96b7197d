/// The dissipation of a simulated tip over A/A0 in a range of ratios, as dissipation_mechanism fits it.
///
/// Repulsive state: grown in the middle of the range from that without attraction, of which there is one only, and followed inwards and
/// outwards as long as it lasts; attractive state: from far away inwards. Where the state asked for does not reach, the other one takes
/// over. Coarser steps of integration than elsewhere (1e-9 of the amplitude): a curve of 24 points takes some 20 ms.
#pragma once

#include <vector>

#include "probes/afm/oscillator.hpp"

namespace heteroglass::probes {

/// Without losses.
TipSurface bare(TipSurface surface);

class DissipationCurve {
 public:
  struct Point {
    double ratio, energy;  ///< [1], [eV]
  };
  /// @param low, high ends of the range of A/A0 @param points of a curve
  DissipationCurve(const Cantilever& lever, const TipSurface& surface, bool attractive, int points, double low, double high);
  /// Ascending in the ratio; empty when there is no such state.
  std::vector<Point> points(const TipSurface& surface) const;

 private:
  std::vector<Point> rising(const std::vector<Orbit>& orbits) const;
  Orbit grown(const TipSurface& surface) const;
  std::vector<Point> inner(const TipSurface& surface) const;
  std::vector<Point> outer(const TipSurface& surface) const;

  Cantilever lever_;
  bool attractive_;
  int points_;
  double low_, high_, middle_;
  Orbit inside_;
};

/// Cubic through neighbouring points with slopes by differences; constant beyond the ends.
double interpolated(const std::vector<DissipationCurve::Point>& points, double ratio);

}  // namespace heteroglass::probes
