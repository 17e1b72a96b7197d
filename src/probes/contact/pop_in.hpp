/// The first pop-in of a loading, and what the pop-ins of many indents say of the event behind them.
///
///     p_0 = (6 P E*^2 / (pi^3 R^2))^(1/3),   tau_max = 0.31 p_0
///     rate of events: lambda = c P exp(alpha P^(1/3)),   alpha P^(1/3) = tau_max V / (k T)
///
/// A pop-in is a jump of depth (load held) or a drop of load (depth held) that stands out of the increments over w = 1, 2, 4, 8
/// points: by `threshold` robust standard deviations from their median nearby. tau_max lies under the contact, at about half its
/// radius (0.31: nu = 0.3). The law of events is that of a rate that grows with the stress and with the volume under the contact, which goes
/// with P (Schuh, Lund). Its two constants are found by maximum likelihood along the measured history of load of each indent; indents without
/// a pop-in count up to their largest load. F is the Kaplan-Meier estimate, with Greenwood's error.
/// V from the scatter of the first pop-in is one of the event only if all indents meet the same material: heterogeneity broadens
/// the distribution and makes V too small. References: Johnson, Contact Mechanics, doi:10.1017/CBO9781139171731; Schuh, Lund, J. Mater. Res. 19, 2152
/// (2004), doi:10.1557/JMR.2004.0276; Bei, Lu, George, Phys. Rev. Lett. 93, 125504 (2004), doi:10.1103/PhysRevLett.93.125504.
#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "core/value.hpp"
#include "probes/contact/contact_curve.hpp"

namespace heteroglass::probes {

struct PopIn {
  std::size_t index = 0;            ///< last point before the jump
  double load = 0, depth = 0;       ///< [mN], [nm] there (depth as measured)
  double size = 0, size_error = 0;  ///< [nm] jump of depth, or [mN] drop of load
  double significance = 0;
  bool load_drop = false;
};

/// @param smallest [nm] least jump that counts
std::optional<PopIn> first_pop_in(const ContactCurve& curve, double threshold, double smallest);

/// Largest shear stress [GPa] under a sphere of radius [um] at a load [mN]; reduced modulus in GPa.
double shear_stress_under_sphere(double load, double reduced_modulus, double radius);

/// A loading up to its pop-in, or to its end without one.
struct LoadingHistory {
  std::vector<double> time, load;  ///< [s], [mN]
  bool event = false;
};

struct EventRate {
  double alpha = NAN, alpha_error = NAN;  ///< [mN^(-1/3)]
  double ln_front = NAN;                  ///< ln c, c in 1/(s mN)
  std::size_t events = 0;
  bool converged = false;
};
EventRate event_rate(const std::vector<LoadingHistory>& histories);

struct Survival {
  std::vector<double> value, fraction, error;  ///< sorted; fraction of indents whose event came at or below it
};
Survival kaplan_meier(const std::vector<double>& value, const std::vector<bool>& event);

}  // namespace heteroglass::probes
