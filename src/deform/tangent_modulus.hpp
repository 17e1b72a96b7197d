/// Slope of a loading's stress at the start, from second derivatives of the energy alone: Born part less nonaffine part.
///
///     d(sigma)/d(strain) = B : e + W sigma - sigma W,   e, W = symmetric, antisymmetric part of dF/d(strain)
///
/// B is the slope of the Cauchy stress under a strain without rotation (landscape/strain_response.hpp); in uniaxial loading the lateral strains are those
/// that keep the lateral stresses. No step is taken, so that no drop, however early, can bias it. Cost: one solution by conjugate
/// gradients, about that of ten steps.
/// Reference: Lemaitre, Maloney, J. Stat. Phys. 123, 415 (2006), doi:10.1007/s10955-005-9015-5.
#pragma once

#include <memory>

#include "core/context.hpp"
#include "core/frame.hpp"
#include "core/value.hpp"
#include "deform/quasistatic.hpp"

namespace heteroglass::deform {

/// [GPa] of a minimum; NaN with a note where it has a negative mode or an atom no mass. @throws Interrupted
Measured tangent_modulus(const Frame& minimum, std::shared_ptr<const potential::Potential> potential, const Loading& loading,
                         double force_tolerance, Context& context);

}  // namespace heteroglass::deform
