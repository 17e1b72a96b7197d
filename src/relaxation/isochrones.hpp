/// Activation energy from loss peaks at several frequencies, and where two processes merge.
///
///     ln f_k = ln f_0 - E/(k T_p,k),   tau0 = 1/(2 pi f_0)
///
/// Errors of T_p are carried into ln f by the slope; the scatter about the line is taken where it is larger. A tau0 outside 1e-16 to 1e-10 s is called
/// unphysical: attempt frequencies of atoms are 1e12 to 1e14 Hz, so such a line joins several processes, or the peak moves for another reason.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "core/value.hpp"

namespace heteroglass::relaxation {

struct Isochrones {
  Measured energy;      ///< [eV]
  Measured log10_tau0;  ///< of tau0/s
  bool physical = true;
  std::string message;  ///< why it is not
};

/// At least two points; frequencies in Hz. @throws InputError
Isochrones isochrones(std::span<const double> frequency, std::span<const double> peak_temperature, std::span<const double> error);

/// The temperature in [low, high] at which two times are equal, from their logarithms; nothing when they do not cross.
std::optional<double> merging_temperature(const std::function<double(double t)>& log_first,
                                          const std::function<double(double t)>& log_second, double low, double high);

}  // namespace heteroglass::relaxation
