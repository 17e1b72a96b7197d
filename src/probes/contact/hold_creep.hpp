/// Creep under a sphere: compliance and spectrum of retardation times from loading and hold, for the load as it was.
///
///     (h - h_0)^(3/2) / K = Int J(t - s) dP(s),   J(t) = J_g + Int L (1 - e^{-t/tau}) dln tau + t/eta
///
/// K = 3 (1 - nu)/(8 sqrt R), so that J is a compliance in shear. L >= 0 is smooth, with the strength of smoothing from the data and a
/// credible band (numeric/inversion.hpp); the load history is in the equations, so the loading need not be instantaneous. Points are
/// averaged over equal steps of ln t. A compliance of the material only as long as the contact is viscoelastic: with plastic flow under the tip it is an
/// apparent one. Times below that of loading are weakly determined. Reference: Lu et al., Mech. Time-Depend. Mater. 7, 189 (2003),
/// doi:10.1023/B:MTDM.0000007217.07156.9b.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/value.hpp"
#include "probes/contact/viscoelastic_contact.hpp"

namespace heteroglass::probes {

struct HoldCreep {
  std::vector<double> time, compliance, compliance_error, compliance_model;  ///< [s] since contact; [1/GPa] of the load then
  std::vector<double> tau, spectrum, spectrum_error, low, high;              ///< [s], [1/GPa]
  std::vector<int> inside;                                                   ///< whether the times measured determine it
  Measured glassy, fluidity;                                                 ///< [1/GPa], [1/(GPa s)]
  bool done = false;
  std::string why;
};

/// @param contact_depth [nm] @param noise [nm] standard deviation of a depth @param k K for P in mN, J in 1/GPa, h in nm
HoldCreep hold_creep(const LoadHistory& history, double contact_depth, double noise, double k, std::uint64_t seed);

}  // namespace heteroglass::probes
