/// How a reverse Monte Carlo walk begins: closest distances, and atoms pushed apart until none are nearer.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "core/frame.hpp"
#include "core/value.hpp"

namespace heteroglass::structure {

/// Species of a pair written Cu-Zr. @throws InputError naming `flag`
std::pair<std::size_t, std::size_t> species_of(const std::string& pair, const Frame& frame, const std::string& flag);

/// [angstrom, (species, species)] as given by pair, else 0.8 of the sum of the metallic radii; 0 where they are not known.
Matrix least_distances(const Frame& frame, const std::map<std::string, double>& given);

/// Moves atoms that are nearer than allowed apart, both by half of what is missing, until none are or 500 sweeps are done.
void push_apart(Frame& frame, const Matrix& least);

}  // namespace heteroglass::structure
