/// Normal modes of a minimum: all of them by a dense solver, or the softest by shift and invert.
///
///     D e_p = lambda_p e_p,   e_p . e_q = delta_pq,   participation ratio p = 1 / (N sum_i |e_i|^4)
///
/// What `landscape vibrations` and `landscape point_defects` stand on; frequencies are Harmonic::frequency(lambda).
#pragma once

#include <span>
#include <vector>

#include "landscape/harmonic.hpp"

namespace heteroglass::landscape {

struct Modes {
  std::vector<double> value, error;  ///< of D, ascending; the error of the solver
  std::vector<double> vector;        ///< one after the other
  double largest = 0;                ///< of the spectrum
  std::size_t zero = 0;
};

/// All, translations with them.
Modes all_modes(Harmonic& minimum);
/// The `count` softest without the translations; by a polynomial filter where a factor does not fit into `free_bytes`.
/// @throws NumericalError when D is not bounded from below
Modes softest_modes(Harmonic& minimum, std::size_t count, std::size_t seed, double free_bytes, Context& context);

double participation(std::span<const double> e, std::size_t dimension, std::size_t atoms);

}  // namespace heteroglass::landscape
