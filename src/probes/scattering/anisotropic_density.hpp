/// The l = 0 and l = 2 parts of the density of neighbours about an axis, from harmonics of S(Q) or from the atoms of a frame.
///
///     rho_l(r) = (i^l / 2 pi^2) int S_l(Q) j_l(Qr) Q^2 M(Q) dQ         (S_0 - 1 for l = 0, which gives rho_0 - rho_0 of the mean density)
///     rho_l(r) = <Y_l(n_ij)> summed over pairs of a shell / (N 4 pi r^2 dr),   Y_0 = 1, Y_2 = sqrt5 P2(n . axis)
///
/// and what a uniform uniaxial strain of 1 with Poisson ratio nu makes of the first of them:
///
///     shape(r) = -(1/sqrt5) [2 (1 + nu) / 3] r d rho_0 / dr
///
/// found for S(Q) as the transform of +(1/sqrt5) [2 (1 + nu) / 3] Q dS_0/dQ, so that window and Q_max act on data and prediction alike.
/// That is linear in the strain, good while strain x Q r stays small; about a strain eps the l = 2 part of S_0(|F^T Q|), F the
/// affine deformation, takes its place (over eps), which holds for any Q r. For
/// a frame without reference from shell averages by the integral of r^3 d rho_0/dr over the shell. With a reference frame the
/// shape is rho_2 of the reference carried by the cell, less its own, over the strain: the same pairs, so that their noise cancels, and
/// right for any size of the strain. Strains of cells are logarithmic, in the axes of the strained frame. Errors: points of S(Q); frames:
/// jackknife over 27 blocks of the box.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/frame.hpp"
#include "probes/scattering/azimuthal.hpp"
#include "probes/scattering/pair_functions.hpp"

namespace heteroglass::probes {

struct AnisotropicDensity {
  std::vector<double> r, rho_0, rho_0_error, rho_2, rho_2_error;
  std::vector<double> shape;           ///< [1/angstrom^3] of unit strain
  bool excess = false;                 ///< rho_0 is without the mean density, which was not given
  std::vector<double> shape_error;     ///< of the points of S_0; zero for frames
  std::vector<double> q, rho_2_noise;  ///< rho_2 = sum_i noise_i j_2(q_i r) for one standard error of each S_2; empty for frames
  /// Blocks left out one by one, for the jackknife: rho_2 and shape of each; empty for S(Q).
  std::vector<std::vector<double>> rho_2_without, shape_without;
};

/// Standard error of sum_k c_k rho_2(r_k) by the errors of the points of S_2: points of r are not independent, those of Q are.
double error_of_sum(const AnisotropicDensity& density, std::span<const std::size_t> k, std::span<const double> c);

struct RadialGrid {
  double r_max = 0, step = 0;
};

/// @param strain about which the shape is found; 0: the linear formula
AnisotropicDensity anisotropic_density(const Harmonics& harmonics, const WindowChoice& window, double poisson, RadialGrid grid,
                                       double strain = 0);

/// Strain of a frame against its reference along an axis.
struct AxialStrain {
  Vec3 axis;           ///< unit vector
  double strain = 0;   ///< logarithmic, along the axis
  double poisson = 0;  ///< minus the mean strain across over that along
};
/// @param direction x, y, z, or auto: the principal axis of the largest deviatoric strain
/// @throws InputError when atoms differ, or the cell has no strain along the axis
AxialStrain axial_strain(const Frame& reference, const Frame& current, const std::string& direction);

/// @param reference nullptr: none, then the anisotropy that the frame had before stays in rho_2, and the shape is by the formula
/// @param cell strain of the cell; without a reference only its axis and Poisson ratio are used
AnisotropicDensity anisotropic_density(const Frame& frame, const Frame* reference, const AxialStrain& cell, RadialGrid grid,
                                       Context& context);

}  // namespace heteroglass::probes
