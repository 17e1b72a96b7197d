/// Viscoelastic moduli of a glass from its modes: nonaffine lattice dynamics with memory friction.
///
///     M(w) = M_Born - (1/V) sum_p |Xi_p|^2 / (w_p^2 - w^2 + i w nu(w)),   nu(w) = int_0^inf nu(t) e^{-iwt} dt
///     G = mean over five shears, K of dilatation,   E = 9 K G / (3 K + G)
///
/// nu(t) = nu0 exp[-(t/tau)^b] (stretched), exponential (b = 1), or none: a constant friction. The moduli are those of the
/// Cauchy stress at the stress of the frame, so that at w -> 0 they are `landscape elastic`'s (Voigt averages) and at w -> inf its affine ones.
/// Loss is never negative, and storage and loss are a Kramers-Kronig pair; both are checked in every run: `kramers_kronig_residual`
/// is |M'(inf) - M'(0) - (2/pi) int M''/w dw| / (M'(inf) - M'(0)), numerical integral over the whole of frequencies.
/// Modes: all of them (dense) to 6,000 degrees of freedom, else Lanczos quadrature from the affine forces (nonaffine_spectrum.hpp).
/// With a friction much above the vibrations each mode relaxes at the rate w_p^2 / nu(0): a strong kernel (nu(0) of 1e12 /ps) brings the
/// spectrum of soft modes into the range of a laboratory; what its strength is the theory does not say: see relaxation/nonaffine_fit.
/// C_V(T)/T^3 of the same modes, with the Debye level: the boson peak in heat capacity. From all modes, or by kernel polynomials with
/// --heat-capacity. A box has no waves longer than itself: below about h nu_min / 4 k_B it lacks them, and values there are not given.
/// Error of a shear modulus: scatter of the five shears over the root of five. Not for frames at temperature, nor the motion between minima.
/// References: Cui, Yang, Qiao, Jiang, Dai, Wang, Zaccone, Phys. Rev. B 96, 094203 (2017), doi:10.1103/PhysRevB.96.094203; Lemaitre,
/// Maloney, J. Stat. Phys. 123, 415 (2006), doi:10.1007/s10955-005-9015-5; Palyulin et al., Soft Matter 14, 8475 (2018),
/// doi:10.1039/C8SM01468J.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::relaxation {

struct NonaffineOptions {
  std::string potential = "CuZr-Mendelev2007";
  std::string kernel = "constant";
  double friction = 1;             ///< [1/ps] nu(0)
  std::optional<double> nu0 = {};  ///< [1/ps^2] instead of friction
  double tau = 1;                  ///< [ps]
  double beta = 0.5;               ///< b
  std::vector<double> omega = {};  ///< [rad/ps]
  double points_per_decade = 20;
  std::string method = "auto";
  int steps = 300;
  bool heat_capacity = false;
  double force_limit = 1e-3;  ///< [eV/angstrom]
  int seed = 1;
  static const Fields& fields();
};

struct Nonaffine {
  std::string method;
  std::vector<double> omega;                                                                 ///< [rad/ps]
  std::vector<double> shear_storage, shear_storage_error, shear_loss, shear_loss_error;      ///< [GPa]
  std::vector<double> youngs_storage, youngs_storage_error, youngs_loss, youngs_loss_error;  ///< [GPa]
  std::vector<double> bulk_storage, bulk_loss;                                               ///< [GPa]
  Measured shear_relaxed, shear_unrelaxed;                                                   ///< [GPa] M(0), M(inf)
  double bulk_relaxed = 0, bulk_unrelaxed = 0;                                               ///< [GPa]
  Measured loss_peak;                                                                        ///< [rad/ps] of shear
  double nu0 = 0, friction = 0;
  double static_difference = 0;                       ///< [1] M(0) against conjugate gradients
  double smallest_loss = 0;                           ///< [GPa]
  double kramers_kronig_residual = 0;                 ///< [1]
  std::vector<double> mode_frequency, mode_strength;  ///< [THz], [GPa]
  std::vector<double> temperature, heat_capacity, heat_capacity_error, heat_capacity_t3, heat_capacity_t3_error, heat_capacity_t3_debye;
  static const Fields& fields();
};

/// @throws InputError for a frame that is no minimum, or too little memory for `dense`; NumericalError for a frame with negative modes
Nonaffine nonaffine(const Frame& frame, const NonaffineOptions& options = {}, Context& context = Context::quiet());

/// dense | lanczos, for `size` degrees of freedom when `dense_bytes` are needed and `free_bytes` there.
/// @throws InputError when `asked` is dense and does not fit.
std::string nonaffine_method(const std::string& asked, std::size_t size, double dense_bytes, double free_bytes);

/// What a run will cost, in a line. @throws InputError as nonaffine_method
std::string nonaffine_cost(const NonaffineOptions& options, double atoms, double free_bytes);

}  // namespace heteroglass::relaxation
