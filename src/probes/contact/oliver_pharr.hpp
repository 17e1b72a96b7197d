/// Hardness and modulus from the beginning of an unloading, after Oliver and Pharr, with the names of ISO 14577-1.
///
///     P = B (h - h_p)^m,   S = dP/dh at h_max,   h_c = h_max - eps P_max/S,   H_IT = P_max / A_p(h_c)
///     E_r = sqrt(pi) S / (2 beta sqrt(A_p)),   1/E_r = (1 - nu^2)/E_IT + (1 - nu_i^2)/E_i
///     eps(m) = m {1 - 2 Gamma[m/(2(m-1))] (m - 1) / (sqrt(pi) Gamma[1/(2(m-1))])}
///
/// h_max is the depth of the power law at P_max, so that it has no noise of a single point. h_r: the tangent at h_max continued to P = 0. n_IT: elastic over total work. C_IT: growth of depth in the hold over the depth at its begin.
/// Tips: sphere A_p = pi (2 R h_c - h_c^2), ideal Berkovich 24.494 h_c^2, Vickers 24.504 h_c^2, cube corner 2.598 h_c^2, or
/// A_p = sum c_k h_c^(2, 1, 1/2, 1/4, ...) with given c_k. The errors are those of the fit of the unloading and of the contact point: not
/// those of the tip area, pile-up (which makes the area too small, up to 50 % in metallic glasses), frame and surface.
/// References: Oliver, Pharr, J. Mater. Res. 19, 3 (2004), doi:10.1557/jmr.2004.19.1.3; ISO 14577-1:2015.
#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "core/value.hpp"
#include "probes/contact/contact_curve.hpp"

namespace heteroglass::probes {

struct Tip {
  std::string shape = "sphere";        ///< sphere | berkovich | vickers | cube-corner | function
  double radius = 2;                   ///< [um] of a sphere
  std::vector<double> area = {};       ///< c_k for h_c in nm and A_p in nm^2
  double area_at(double depth) const;  ///< [nm^2]
  std::string text() const;            ///< the area function in words
};

struct UnloadingSettings {
  double from = 0.98, to = 0.5;        ///< part of the largest load that is fitted
  std::optional<double> epsilon = {};  ///< unset: from m
  double beta = 1;                     ///< ISO 14577; 1.034 is usual for Berkovich tips
  double poisson = 0.363;              ///< of the sample
  double tip_modulus = 1146.6;         ///< [GPa] E_i/(1 - nu_i^2); diamond 1141 GPa, 0.07
};

struct OliverPharr {
  bool done = false;
  std::string why;                                                               ///< not
  double h_max = NAN, p_max = NAN;                                               ///< [nm], [mN]
  double stiffness = NAN, stiffness_error = NAN, m = NAN, h_p = NAN;             ///< [mN/nm], [1], [nm]
  double epsilon = NAN, h_c = NAN, h_r = NAN, area = NAN;                        ///< [1], [nm], [nm], [nm^2]
  double h_it = NAN, h_it_error = NAN, e_r = NAN, e_it = NAN, e_it_error = NAN;  ///< [GPa]
  double n_it = NAN, c_it = NAN;                                                 ///< [1]
};

/// Intercept factor of a power-law unloading.
double intercept_factor(double m);

/// @param contact_depth [nm] and its error: where depth counts from
OliverPharr oliver_pharr(const ContactCurve& curve, double contact_depth, double contact_error, const Tip& tip,
                         const UnloadingSettings& settings);

}  // namespace heteroglass::probes
