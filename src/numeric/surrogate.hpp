/// Random fields with the histogram and, nearly, the power spectrum of a given one: what thresholding smooth noise alone would give.
///
/// Amplitudes of the Fourier transform are kept, phases are drawn anew, and values are exchanged by rank for those of the
/// original; the last two steps are repeated (iterated amplitude-adjusted Fourier transform). The field is taken as periodic.
/// Cost O(N log N) an iteration. Source: Schreiber, Schmitz, Phys. Rev. Lett. 77, 635 (1996), doi:10.1103/PhysRevLett.77.635.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace heteroglass::numeric {

/// @param values x fastest, then y, then z (size 1 for an image) @param seed a different one for each surrogate
std::vector<float> surrogate(std::span<const float> values, std::array<std::size_t, 3> size, std::uint64_t seed, int iterations = 4);

}  // namespace heteroglass::numeric
