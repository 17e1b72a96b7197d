/// A set of atoms chosen by species, by a per-atom property, or both; and random sets to compare it with.
///
/// Conditions that are given must all hold. `top` and `bottom` are shares of each species, since species differ trivially in most
/// properties. Atoms whose property is not a number are never chosen. Without any condition all atoms are.
///
/// Controls hold as many atoms of each species:
///     shuffled   any atoms of the species: no correlation in space at all
///     smooth     those with the largest values of a random field that has the spectrum of the property's ranks (numeric/surrogate.hpp) on
///                a grid of about one point an atom: what correlated noise of the same range gives. Open directions count as periodic.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/field.hpp"
#include "core/frame.hpp"

namespace heteroglass::structure {

struct ChosenAtomsOptions {
  std::vector<std::string> species = {};
  std::string property = {};
  int component = 1;
  std::optional<double> at_least = {}, at_most = {};
  std::optional<double> top = {}, bottom = {};  ///< [1] share of each species
  static const Fields& fields();
};

struct ChosenAtoms {
  std::vector<std::size_t> index;  ///< ascending
  std::vector<double> score;       ///< [(atoms)] higher: chosen first; NaN: never. 1 and 0 where there is no one-sided property
  bool ordered = false;            ///< score comes from a property, from one side
  bool all = false;                ///< every atom is chosen
};

/// @throws InputError for unknown species or properties, contradictory conditions, and when no atom is chosen
ChosenAtoms chosen_atoms(const Frame& frame, const ChosenAtomsOptions& options);

std::vector<std::size_t> shuffled_choice(const Frame& frame, const ChosenAtoms& chosen, std::uint64_t seed);
std::vector<std::size_t> smooth_choice(const Frame& frame, const ChosenAtoms& chosen, std::uint64_t seed);

/// All atoms, best score first; equal ones by index. Atoms with no score come last.
std::vector<std::size_t> by_score(const ChosenAtoms& chosen);

}  // namespace heteroglass::structure
