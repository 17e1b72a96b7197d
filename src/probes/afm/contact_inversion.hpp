/// From contact resonances to stiffness and modulus, pixel by pixel: what probes/contact_resonance and its map share.
#pragma once

#include <complex>
#include <optional>

#include "probes/contact_resonance.hpp"

namespace heteroglass::probes {

/// kL of a frequency [kHz], complex with a quality factor.
std::complex<double> contact_wavenumber(const ContactResonanceOptions& o, double frequency, std::optional<double> quality);

/// k*/k_c: positive, and of two roots the smaller (the larger one belongs to a stiffer mode of the tip); NaN where there is none.
std::complex<double> contact_ratio(const ContactResonanceOptions& o, std::complex<double> kl);

/// E* [GPa] of a stiffness ratio; NaN when the options do not say enough.
double contact_modulus(const ContactResonanceOptions& o, double ratio);

/// Indentation modulus of the sample [GPa] of E*; NaN when the contact is stiffer than the tip.
double sample_modulus(const ContactResonanceOptions& o, double reduced);

}  // namespace heteroglass::probes
