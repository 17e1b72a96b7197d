/// Where a melt starts: atoms of exact composition on a face-centred cubic lattice with random empty sites, at liquid-like density.
///
/// No two atoms overlap, so no minimisation is needed; the lattice is far above its melting point and is lost within a few ps.
#pragma once

#include <cstdint>

#include "core/composition.hpp"
#include "core/frame.hpp"

namespace heteroglass::sample {

/// @param masses [g/mol] in the order of the composition; seeds are reproducible on every machine.
Frame lattice_start(const Composition& composition, const std::vector<double>& masses, int atoms, std::uint64_t seed);

/// Seed of member i of an ensemble: well mixed, so that neighbouring seeds share no member. In 1 .. 900,000,000 as LAMMPS takes it.
int member_seed(int seed, int member);

}  // namespace heteroglass::sample
