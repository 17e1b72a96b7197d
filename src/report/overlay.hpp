/// The same figure of several runs, drawn over each other in one.
#pragma once

#include <string>
#include <vector>

#include "report/figure.hpp"

namespace heteroglass::report {

struct LabelledPart {
  std::string label;
  const Part* part = nullptr;
};

/// Every figure of curves or points that at least two of the parts have: all curves of a run in one colour with one entry in the legend, from a ramp in the
/// order of the runs where they are more than the palette tells apart. Of more than 12 runs 12 are shown, evenly chosen.
/// @param apart bars over numbers as well, drawn as lines; each curve of a run has its own colour and entry ("label: curve"),
/// the first ones of each run where they are more than six in all
std::vector<Figure> overlays(const std::vector<LabelledPart>& parts, bool apart = false);

}  // namespace heteroglass::report
