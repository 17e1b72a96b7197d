/// Elastic and anelastic strain of a glass from the l = 2 part of its pair density under load.
///
///     rho_l(r) = (i^l / 2 pi^2) int S_l(Q) j_l(Qr) Q^2 dQ,   S(Q, psi) = S_0 + S_2 sqrt5 P2(cos psi)
///     affine strain eps:       rho_2 = eps shape_aff,   shape_aff = -(1/sqrt5) [2 (1 + nu) / 3] r d rho_0/dr
///     elastic and anelastic:   rho_2 = (eps_app - eps_anel) shape_aff + eps_anel shape_anel,   z = (eps_app - eps_anel) / eps_app
///
/// Input: curves of azimuthal sectors (azimuthal.hpp), or two cuts, PARALLEL then PERPENDICULAR to the load; or a strained frame of a
/// simulation, with its reference frame or its strain. shape_anel comes from a sample crept and unloaded (`creep`), divided by its strain.
/// Applied strain eps_app: of the cells of the frames, or `strain`. Without it, it is taken from rho_2 beyond `far_from`, where rho_2 follows
/// the macroscopic strain, and the elastic strain from the shells nearer than that. With it and without `creep`, the
/// elastic strain is the amplitude of shape_aff over the whole fit range and the rest of eps_app is anelastic.
/// Signs: tension along the axis positive. Errors: points of S(Q) or jackknife over blocks of the frame, scaled by the misfit when that is
/// larger; they are carried from Q to the amplitude, because points of r are not independent.
/// The shape is found about the fitted strain, where strain x Q r need not be small. Not for strains beyond a few per cent, nor for textured or inhomogeneously stressed samples.
/// Cost O(points of Q x points of r); frames O(N rho r_max^3).
/// References: Suzuki, Haimovich, Egami, Phys. Rev. B 35, 2162 (1987), doi:10.1103/PhysRevB.35.2162; Dmowski, Iwashita, Chuang, Almer, Egami,
/// Phys. Rev. Lett. 105, 205502 (2010), doi:10.1103/PhysRevLett.105.205502.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"
#include "probes/scattering/reduction.hpp"

namespace heteroglass::probes {

struct AnisotropicPdfOptions {
  ReductionOptions reduction = {};
  double poisson = 0.36;
  std::optional<double> strain = {};        ///< [1] applied, along the axis
  double axis = 0;                          ///< [deg] azimuth of the load
  std::string direction = "auto";           ///< of the load in frames
  std::string creep = {};                   ///< curves of the crept sample
  std::optional<double> creep_strain = {};  ///< [1]
  std::string window = "lorch";
  std::optional<double> window_start = {};
  double r_max = 20;
  std::optional<double> r_step = {};                 ///< [angstrom] unset: 0.02 for curves, 0.1 for frames
  std::optional<double> fit_from = {}, fit_to = {};  ///< [angstrom]
  double far_from = 10;                              ///< [angstrom]
  static constexpr bool joins_files = true;
  static const Fields& fields();
  static const ColumnRoles& columns();
};

struct AnisotropicPdf {
  Measured affine_strain, anelastic_strain, applied_strain, z;
  double poisson = 0, fit_from = 0, fit_to = 0, misfit = 0;
  std::vector<double> r, rho_0, rho_0_error, rho_2, rho_2_error, rho_2_affine, rho_2_fit;
  std::vector<double> shell, shell_strain, shell_strain_error;  ///< affine strain in windows of r
  std::vector<double> q, s_0, s_0_error, s_2, s_2_error;
  std::string errors_from;
  static const Fields& fields();
};

/// @throws InputError for sectors without azimuth, a single frame without strain, more than two frames
AnisotropicPdf anisotropic_pdf(std::span<const Frame> frames, std::span<const Curve> curves, const AnisotropicPdfOptions& options = {},
                               Context& context = Context::quiet());

}  // namespace heteroglass::probes
