/// The two-body excess entropy of each atom, and its average over the first shell. See structure/descriptors.hpp for the equations.
#pragma once

#include <vector>

#include "core/context.hpp"
#include "core/frame.hpp"

namespace heteroglass::structure {

struct EntropyLengths {
  double range = 0, width = 0, r_cut = 0;  ///< [angstrom] upper limit of the integral, broadening, radius of the average
};

/// [k_B, (atoms)] The integral is by the trapezoidal rule on a grid of width / 4.
std::vector<double> two_body_entropy(const Frame& frame, const EntropyLengths& lengths, Context& context = Context::quiet());
std::vector<double> averaged_entropy(const Frame& frame, const std::vector<double>& entropy, double r_cut);

}  // namespace heteroglass::structure
