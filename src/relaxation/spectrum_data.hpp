/// What a curve says about a spectrum: measured values with weights, and the range of times or energies that they cover.
#pragma once

#include <vector>

#include "core/context.hpp"
#include "core/curve.hpp"
#include "relaxation/spectrum_kernels.hpp"

namespace heteroglass::relaxation {

struct SpectrumOptions;

struct SpectrumData {
  std::vector<Measurement> list;  ///< sorted by x
  ExtraColumns extra;
  Heating heating;
  double scale = 1;         ///< largest value of the data
  double from = 0, to = 0;  ///< [s or eV] that the data cover
  double offset = 0;        ///< subtracted from a deficit, so that what is left is positive
  bool energies() const { return list[0].channel == "deficit" || list[0].channel == "heat"; }
  bool creep() const { return list[0].channel == "compliance"; }
};

/// @throws InputError
SpectrumData spectrum_data(const Curve& curve, const SpectrumOptions& options, Context& context);

/// Equidistant in ln tau or E: the range covered plus the margin, at most 161 points.
std::vector<double> spectrum_grid(const SpectrumData& data, const SpectrumOptions& options);

}  // namespace heteroglass::relaxation
