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

double neutron_length(const std::string& element) {
  if (const Element* e = find_element(element); e && !std::isnan(e->neutron_length)) return e->neutron_length;
  throw InputError(fmt::format("neutron weights: every species must be an element with a known scattering length, got '{}'", element));
}

}  // namespace heteroglass::numeric
