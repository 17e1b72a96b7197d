/// Density waves: the wavevectors that a periodic box allows, and sums of exp(i q r) over the atoms.
///
///     q = 2 pi H^-T (h, k, l),    rho_i(q) = sum_{k in i} exp(i q r_k)
///
/// Of q and -q, whose waves are complex conjugates, one is kept. Sines and cosines are polynomials evaluated eight atoms at a time, exact to
/// 1e-13. Cost O(N vectors), threaded; results do not depend on the number of threads.
#pragma once

#include <array>
#include <complex>
#include <cstdint>
#include <vector>

#include "core/context.hpp"
#include "core/frame.hpp"

namespace heteroglass::structure {

struct Wavevector {
  std::array<std::int32_t, 3> hkl;
};

/// Vectors of the box by bin of |q|: bin k holds k width <= |q| < (k + 1) width. At most `most` in a bin (0: all), a random
/// subset drawn with `seed`. @throws InputError if there are too many for memory.
std::vector<std::vector<Wavevector>> wavevectors(const Box& box, double q_max, std::size_t bins, std::size_t most, std::uint64_t seed);

/// rho of each group (the atoms with that number in `group`) for each vector: [(vectors, groups)].
std::vector<std::complex<double>> density_waves(const Frame& frame, const std::vector<int>& group, std::size_t groups,
                                                const std::vector<Wavevector>& vectors, Context& context = Context::quiet());

}  // namespace heteroglass::structure
