/// Random fields with the histogram and, nearly, the power spectrum of a given one: what thresholding smooth noise alone would give.
///
/// Amplitudes of the Fourier transform are kept, phases are drawn anew, and values are exchanged by rank for those of the
/// original; the last two steps are repeated (iterated amplitude-adjusted Fourier transform). The field is taken as periodic. Jumps across the
/// edges of one that does not repeat would add a cross of short waves to its spectrum: maps (MapSurrogates) and volumes take the spectrum of
/// their autocorrelation instead (`open_amplitudes`),
///
///     C(r) = sum over pairs d(x) d(x + r) / number of pairs,   times 1 up to half of the reach and cos^2 down to 0 at the reach,
///
/// the reach being half an edge, a quarter in volumes of more than 4 million voxels; negative powers are set to zero. Masked pixels are filled with
/// the mean and masked again at the end.
/// Cost O(N log N) an iteration; ranks by counting (order.hpp). 10^6 values: a third of a second.
/// Source: Schreiber, Schmitz, Phys. Rev. Lett. 77, 635 (1996), doi:10.1103/PhysRevLett.77.635; Percival, Walden,
/// Spectral Analysis for Physical Applications (1993), section 6.7 (lag windows), doi:10.1017/CBO9780511622762.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "numeric/map_view.hpp"

namespace heteroglass::numeric {

/// Draws surrogates of one field; what they share is computed once. Drawing is safe from several threads.
class Surrogates {
 public:
  /// @param values x fastest, then y, then z (size 1 for an image), finite
  Surrogates(std::span<const float> values, std::array<std::size_t, 3> size);
  /// With the histogram of a field and given amplitudes of modes (nx / 2 + 1, ny, nz), up to a factor.
  Surrogates(std::span<const float> values, std::vector<double> amplitude, std::array<std::size_t, 3> size);
  /// @param seed a different one for each surrogate
  std::vector<float> draw(std::uint64_t seed, int iterations = 4) const;

 private:
  std::array<std::size_t, 3> size_;
  std::vector<float> sorted_;
  std::vector<double> amplitude_;
};

/// One surrogate.
std::vector<float> surrogate(std::span<const float> values, std::array<std::size_t, 3> size, std::uint64_t seed, int iterations = 4);

/// Amplitudes of a field that repeats and has the autocorrelation of one that does not. No value may be masked.
std::vector<double> open_amplitudes(std::span<const float> values, std::array<std::size_t, 3> size);

/// Surrogates of a map, masked where it is.
class MapSurrogates {
 public:
  explicit MapSurrogates(const MapView& map);
  std::vector<double> draw(std::uint64_t seed, int iterations = 4) const;

 private:
  std::vector<std::size_t> masked_;
  Surrogates field_;
};

}  // namespace heteroglass::numeric
