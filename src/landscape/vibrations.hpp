/// Vibrational modes of a minimum: frequencies, participation, soft spots, density of states, boson peak.
///
///     D e_p = omega_p^2 e_p,   nu = omega / 2 pi,   D_ij = H_ij / sqrt(m_i m_j)
///     participation ratio  p = 1 / (N sum_i |e_i|^4)                 1: all atoms alike; 2/3: a plane wave; 1/N: one atom
///     soft-mode participation  P_i = sum over the softest modes of |e_i|^2        (the lowest 1 % of modes)
///
/// 3 N modes (2 N for a two-dimensional potential), of which three (two) are translations: they are not in `soft_mode_participation`.
/// A negative frequency is an imaginary one: the frame is a saddle, not a minimum; they are counted and warned about.
/// Methods, chosen by the number of degrees of freedom n and the free memory when not given:
///     dense               all modes; 16 n^2 bytes, to about 20,000 degrees of freedom (6,000 by itself: minutes above)
///     lowest              the softest modes only, by block Lanczos on a Cholesky factor, or, where that does not fit, by a Chebyshev filter
///     kernel-polynomial   the density of states alone, from products: 1e5 to 1e6 atoms; no modes, so no participation
///     both                lowest and kernel-polynomial
/// A box allows sound waves only at certain frequencies (see phonons.hpp, moduli by strain_response.hpp). Modes near them are sound, or
/// soft spots mixed with sound ("hybridised"): they are marked in every figure, and a warning tells how many of the soft modes are.
/// Density of states, boson peak, exponent of the low modes, with errors: density_of_states.hpp.
/// Not for a frame at temperature: minimise first (`landscape minimise`). A frame with forces above force_limit is refused.
/// Cost: dense about 10 n^3 operations; lowest n^3 / 3 with an EAM potential (its matrix is nearly full), far less with short pair potentials;
/// kernel-polynomial moments / 2 x vectors products, each about two force evaluations.
/// References: Widmer-Cooper, Perry, Harrowell, Reichman, Nat. Phys. 4, 711 (2008), doi:10.1038/nphys1025; Ding, Patinet, Falk, Cheng, Ma,
/// PNAS 111, 14052 (2014), doi:10.1073/pnas.1412095111; Lerner, Duering, Bouchbinder, Phys. Rev. Lett. 117, 035501 (2016),
/// doi:10.1103/PhysRevLett.117.035501.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::landscape {

struct VibrationsOptions {
  std::string potential = "CuZr-Mendelev2007";
  std::string method = "auto";
  std::optional<int> modes = {};  ///< of `lowest`; unset: the soft fraction
  double soft_fraction = 0.01;
  double force_limit = 1e-3;   ///< [eV/angstrom]
  double phonon_width = 0.05;  ///< [1] relative distance from a level that counts as near it
  int moments = 500;
  int vectors = 8;
  std::optional<int> bins = {};
  int seed = 1;
  static const Fields& fields();
};

struct Vibrations {
  std::string method;
  std::vector<double> frequency, frequency_error;  ///< [THz, (modes found)] ascending; without the translations for `lowest`
  std::vector<double> participation_ratio;         ///< [1, (modes found)]
  std::vector<double> participation_near_phonon;   ///< [1, (modes found)] the same near a phonon level, else NaN
  std::vector<double> soft_mode_participation;     ///< [1, (atoms)]
  std::vector<double> dos_frequency, dos, dos_error;
  std::vector<double> reduced_dos, reduced_dos_error, reduced_dos_debye;
  std::vector<double> phonon_transverse, phonon_longitudinal;  ///< at the bins that hold a level
  Table phonons, low_modes;
  Measured boson_peak_frequency, boson_peak_height, debye_frequency;
  Measured transverse_speed, longitudinal_speed;  ///< [angstrom/ps]
  Measured low_exponent;
  double modes = 0, zero_modes = 0, negative_modes = 0, soft_modes = 0, soft_modes_near_phonons = 0;
  double soft_frequency = 0;  ///< [THz] of the last of the soft modes
  double residual_force = 0;  ///< [eV/angstrom]
  double smearing = 0;        ///< [THz]
  static const Fields& fields();
};

/// @throws InputError for a frame that is no minimum, or too little memory for `dense` (saying how much, and what to take instead).
Vibrations vibrations(const Frame& frame, const VibrationsOptions& options = {}, Context& context = Context::quiet());

/// dense | lowest | kernel-polynomial | both, for `size` degrees of freedom when `dense_bytes`, `factor_bytes` are needed and `free_bytes` there.
/// @throws InputError when `asked` is dense and does not fit.
std::string vibration_method(const std::string& asked, std::size_t size, double dense_bytes, double factor_bytes, double free_bytes);

/// What a run will cost, in a line. @throws InputError as vibration_method
std::string vibrations_cost(const VibrationsOptions& options, double atoms, double free_bytes);

}  // namespace heteroglass::landscape
