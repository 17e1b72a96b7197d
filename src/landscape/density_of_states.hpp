/// Vibrational density of states, from modes or from products alone, and what is read off it.
///
///     g(nu) = sum_p delta(nu - nu_p) / modes,   int g dnu = 1   (zero and negative modes left out)
///
/// From modes: a histogram, error sqrt(count), as if modes were independent; they repel each other, so this is an upper bound.
/// By kernel polynomials (see numeric/spectral_density.hpp): error from the spread of the random vectors.
/// Boson peak: maximum of g / nu^(d-1), smoothed over a tenth of nu, above one and a half times the lowest transverse phonon of the box
/// (below it single phonon levels stand up as peaks); place and height from a parabola through the unsmoothed points around it.
/// Exponent of the modes below the lowest phonon, g ~ nu^x: maximum likelihood, x = (m - 1) / sum ln(nu_c / nu_p) - 1, error
/// (x + 1) / sqrt(m - 2); x = 4 for quasi-localised modes, d - 1 for sound.
/// References: Shintani, Tanaka, Nat. Mater. 7, 870 (2008), doi:10.1038/nmat2293; Lerner, Duering, Bouchbinder, Phys. Rev. Lett. 117, 035501
/// (2016), doi:10.1103/PhysRevLett.117.035501; Clauset, Shalizi, Newman, SIAM Rev. 51, 661 (2009), doi:10.1137/070710111.
#pragma once

#include <span>
#include <vector>

#include "landscape/harmonic.hpp"
#include "landscape/phonons.hpp"

namespace heteroglass::landscape {

struct DensityOfStates {
  std::vector<double> frequency;   ///< [THz] middle of the bins
  std::vector<double> g, g_error;  ///< [1/THz]
  double width = 0;                ///< [THz] of a bin
  double smearing = 0;             ///< [THz] of the method, at low frequency; 0: a histogram
  bool negative = false;           ///< there are negative modes (kernel polynomials)
};

DensityOfStates histogram_density(std::span<const double> frequency, std::size_t bins);

struct KernelSettings {
  std::size_t moments = 500, vectors = 8, bins = 200;
  unsigned long seed = 1;
};
DensityOfStates kernel_density(Harmonic& minimum, const KernelSettings& settings, Context& context);

struct BosonPeak {
  Measured frequency;  ///< [THz] NaN: none, the note says why
  Measured height;     ///< [1] over the Debye level
};
BosonPeak boson_peak(const DensityOfStates& dos, const Sound& sound, double lowest_phonon);

/// Of the modes between 0 and `below`.
Measured low_exponent(std::span<const double> frequency, double below);

/// [1] C_V / k_B per atom at `temperature` [K] of harmonic quantum oscillators, and its error from that of g.
Measured heat_capacity(const DensityOfStates& dos, double temperature, int dimension);

}  // namespace heteroglass::landscape
