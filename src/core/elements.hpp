/// Facts about the elements: mass, metallic radius, neutron scattering length.
///
/// Masses: IUPAC standard atomic weights, conventional values, doi:10.1515/pac-2015-0305; without a stable isotope (up to
/// uranium) the mass number of the longest-lived one. Radii: Goldschmidt metallic radii for twelve neighbours, half the
/// distance in a close-packed metal, as tabulated by Wells, Structural Inorganic Chemistry, 5th edition, Oxford (1984), table 29.3,
/// rare earths by Greenwood and Earnshaw, Chemistry of the Elements, 2nd edition (1997), table 30.2; metalloids have none, nor have the
/// metals Sn, Bi, Eu, Pm, Th, U and all others from Po on. Neutrons: bound coherent scattering lengths of natural elements (Tc, Pm, Ra,
/// Pa, Np, Am: of the isotope measured), real part, by Sears, Neutron News 3, 26 (1992), doi:10.1080/10448639208218770.
/// B, Cd, Sm, Eu, Gd and Dy absorb strongly: theirs depends on the wavelength and the table holds the thermal value.
/// What is not known is NaN.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace heteroglass {

struct Element {
  std::string_view symbol;
  int number;              ///< Z
  double mass;             ///< [g/mol]
  double metallic_radius;  ///< [angstrom] twelve-coordinate
  double neutron_length;   ///< [fm] bound coherent, real part
};

/// In order of Z; Z stands at index Z - 1.
std::span<const Element> elements();
/// nullptr when there is no such symbol.
const Element* find_element(std::string_view symbol);
/// @throws InputError naming the nearest symbol; `where` opens the message.
const Element& element(std::string_view symbol, std::string_view where);
/// The element whose mass is nearest, when it is within `tolerance`; nullptr otherwise.
const Element* element_of_mass(double mass, double tolerance = 0.1);
/// A mass that cannot be that element's: off by more than 1 %, or another element's to 0.02 g/mol.
bool mass_contradicts(const Element& element, double mass);

}  // namespace heteroglass
