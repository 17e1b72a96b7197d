/// A sphere pressed into a viscoelastic half-space: depth under any history of load, and its inverse by least squares.
///
///     h^(3/2)(t) = K Int J(t - s) dP(s),   K = 3 (1 - nu) / (8 sqrt R)
///     J(t) = (1/G) [1 - f exp(-t/t_c)],    Hertz f = 0, Kelvin f = 1, standard linear solid (Zener) f = G_II/(G_I + G_II), G = G_I
///
/// That is Hertz's solution with the modulus replaced by the hereditary operator (Lee, Radok), right while the contact does not shrink:
/// loading and hold. Unloading would need Ting's solution and is left out. An elastic tip adds its compliance to J. For a load that is linear between
/// its points, E_i = Int exp(-(t_i - s)/t_c) dP(s) follows exactly from E_(i-1):
///     E_i = e E_(i-1) + (1 - e)/x (P_i - P_(i-1)),   e = exp(-x),  x = (t_i - t_(i-1))/t_c
/// so that a curve of n points costs O(n), and h = h_0 + (A (P - f E))^(2/3) has analytic derivatives by h_0, ln A, ln t_c, f.
/// Fit: Levenberg-Marquardt from the best of a grid of t_c, all points alike in depth. Errors: covariance of all parameters together,
/// the depth of contact h_0 among them: noise of the depth (what the scatter leaves for it), grown by the correlation of successive
/// residuals, noise of the load, which the memory makes a slow wander of the depth (by the recursion run backwards), and the zero of the
/// load. The interval of t_c from its profile. A t_c much below the time step or above the duration is not determined; `resolved` says so.
/// References: Lee, Radok, J. Appl. Mech. 27, 438 (1960), doi:10.1115/1.3644020; Ting, J. Appl. Mech. 33, 845 (1966),
/// doi:10.1115/1.3625192; Yang, Zeng, Wang, Ye, J. Appl. Phys. 111, 014902 (2012) (metallic glasses).
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace heteroglass::probes {

/// K above for P in mN, G in GPa, R in um and h in nm.
double hertz_factor(double poisson, double radius);
/// The compliance that a tip of plane-strain modulus [GPa] adds to K/G, [nm^(3/2)/mN].
double tip_factor(double tip_modulus, double radius);

enum class ContactModel { hertz, kelvin, zener };
ContactModel contact_model(const std::string& name);

/// Points from contact on; the load before the first one rose from zero as the first points do.
struct LoadHistory {
  std::span<const double> time, load, depth;  ///< [s], [mN], [nm]
  std::size_t first = 0;                      ///< of those that are fitted; earlier ones are history only
  double load_noise = 0;                      ///< [mN] independent from point to point
};

struct ContactFit {
  double contact_depth = 0, contact_depth_error = 0;  ///< [nm] h_0
  double compliance = 0, ln_compliance_error = 0;     ///< [nm^(3/2)/mN] A
  double relaxation_time = 0, ln_time_error = 0;      ///< [s] t_c
  std::array<double, 2> time_interval = {0, 0};       ///< [s] 95 %, profile
  double fraction = 0, fraction_error = 0;            ///< f
  double covariance_ln = 0;                           ///< of ln A and ln t_c
  double rss = 0, residual_sd = 0, bic = 0;           ///< [nm^2], [nm]
  double inflation = 1;                               ///< of variances, by the correlation of residuals
  double correlation = 0;                             ///< of successive residuals
  std::size_t points = 0;
  bool converged = false, resolved = true;
};

/// `fixed_fraction`: f of the Kelvin model with an elastic tip. `load_error` [mN]: of the zero of the load.
ContactFit fit_contact(const LoadHistory& history, ContactModel model, double fixed_fraction = 1, double load_error = 0);

/// E_i above for all points. `slope`: null, or dE/d ln t_c.
void memory_integral(const LoadHistory& history, double relaxation_time, std::vector<double>& e, std::vector<double>* slope = nullptr);

/// h - h_0 at all points of the history.
std::vector<double> contact_depth(const LoadHistory& history, double compliance, double relaxation_time, double fraction);

}  // namespace heteroglass::probes
