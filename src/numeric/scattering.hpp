/// How strongly an atom scatters: X-ray form factors and coherent neutron scattering lengths.
///
/// X-ray: f(q) of the neutral atom, elastic, without anomalous terms, from xraylib (Schoonjans et al., Spectrochim. Acta B 66,
/// 776 (2011), doi:10.1016/j.sab.2011.09.011); f(0) = Z. Here q = 4 pi sin(theta) / lambda.
/// Neutron: bound coherent lengths of core/elements.hpp (natural elements, real part); Sears, Neutron News 3(3), 26 (1992),
/// doi:10.1080/10448639208218770. Strong absorbers (B, Cd, Sm, Eu, Gd, Dy) have an imaginary part that is left out.
#pragma once

#include <string>

namespace heteroglass::numeric {

/// [electrons] q in 1/angstrom. @throws InputError if the element is not known.
double xray_form_factor(const std::string& element, double q);
/// [electrons^2] incoherent (Compton) intensity of the neutral atom, S(q) of xraylib: 0 at q = 0, Z far out; without recoil factor.
double compton_intensity(const std::string& element, double q);
/// [fm] @throws InputError if the element is not in the table.
double neutron_length(const std::string& element);

}  // namespace heteroglass::numeric
