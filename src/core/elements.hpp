/// The chemical elements: symbol, atomic number, standard atomic weight.
///
/// Weights are the IUPAC conventional values of 2021 (doi:10.1515/pac-2019-0603); for elements without stable isotopes the
/// mass number of the longest-lived one.
#pragma once

#include <span>
#include <string_view>

namespace heteroglass {

struct Element {
  int number;               ///< Z
  std::string_view symbol;
  double mass;              ///< [g/mol]
};

/// Ascending in atomic number, from hydrogen.
std::span<const Element> elements();
/// nullptr when there is no such symbol (case matters: Co is cobalt).
const Element* find_element(std::string_view symbol);

}  // namespace heteroglass
