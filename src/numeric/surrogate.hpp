/// Random fields with the histogram and, nearly, the power spectrum of a given one: what thresholding smooth noise alone would give.
///
/// Amplitudes of the Fourier transform are kept, phases are drawn anew, and values are exchanged by rank for those of the
/// original; the last two steps are repeated (iterated amplitude-adjusted Fourier transform). The field is taken as periodic. Jumps across the
/// edges of one that does not repeat would add a cross of short waves to its spectrum: for maps (MapSurrogates) and volumes take the spectrum
/// of its periodic part, field = periodic + smooth, where the smooth part has the jumps and no Laplacian inside (Moisan). Masked pixels are filled with the
/// mean and masked again at the end.
/// Cost O(N log N) an iteration; ranks by counting (order.hpp). 10^6 values: a third of a second.
/// Source: Schreiber, Schmitz, Phys. Rev. Lett. 77, 635 (1996), doi:10.1103/PhysRevLett.77.635; Moisan, J. Math. Imaging Vis.
/// 39, 161 (2011), doi:10.1007/s10851-010-0227-1.
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
  /// With the histogram of one field and the spectrum of another.
  Surrogates(std::span<const float> values, std::span<const double> spectrum_of, std::array<std::size_t, 3> size);
  /// @param seed a different one for each surrogate
  std::vector<float> draw(std::uint64_t seed, int iterations = 4) const;

 private:
  std::array<std::size_t, 3> size_;
  std::vector<float> sorted_;
  std::vector<double> amplitude_;
};

/// One surrogate.
std::vector<float> surrogate(std::span<const float> values, std::array<std::size_t, 3> size, std::uint64_t seed, int iterations = 4);

/// The part of a map or volume that repeats without jumps; the rest is smooth. No value may be masked.
std::vector<double> periodic_part(std::span<const double> values, std::array<std::size_t, 3> size);

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
