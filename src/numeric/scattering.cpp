#include "numeric/scattering.hpp"

#include <fmt/format.h>
#include <xraylib/xraylib.h>

#include <cmath>
#include <numbers>

#include "core/elements.hpp"
#include "core/error.hpp"

namespace heteroglass::numeric {

double xray_form_factor(const std::string& element, double q) {
  const Element* e = find_element(element);
  if (!e) throw InputError(fmt::format("X-ray weights: every species must be a chemical element, got '{}'", element));
  if (q <= 0) return e->number;
  const double f = ::FF_Rayl(e->number, q / (4 * std::numbers::pi), nullptr);
  if (!(f > 0))
    throw InputError(fmt::format("X-ray weights: a form factor must be tabulated, got none for {} at q = {} 1/angstrom", element, q));
  return f;
}

double compton_intensity(const std::string& element, double q) {
  constexpr double lowest = 0.2;  // 1/angstrom; the table is too coarse below, where S ~ q^2
  const Element* e = find_element(element);
  if (!e) throw InputError(fmt::format("Compton scattering: every species must be a chemical element, got '{}'", element));
  if (q < lowest) return q <= 0 ? 0 : compton_intensity(element, lowest) * q * q / (lowest * lowest);
  const double s = ::SF_Compt(e->number, q / (4 * std::numbers::pi), nullptr);
  if (!(s > 0)) throw InputError(fmt::format("Compton scattering must be tabulated, got none for {} at q = {} 1/angstrom", element, q));
  return s;
}

double neutron_length(const std::string& element) {
  if (const Element* e = find_element(element); e && !std::isnan(e->neutron_length)) return e->neutron_length;
  throw InputError(fmt::format("neutron weights: every species must be an element with a known scattering length, got '{}'", element));
}

}  // namespace heteroglass::numeric
