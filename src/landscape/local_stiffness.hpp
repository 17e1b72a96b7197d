/// What each atom contributes to the stiffness of a minimum.
///
///     v_i C_i,kl = d(W_i,k)/d(e_l) - W_i,k d_l,   sum_i v_i C_i = V C
///
/// W_i: virial of the atom (half of each of its bonds), e: a homogeneous strain of the whole cell under which all atoms relax, d_l: 1 for the
/// normal components; v_i: Voronoi volume. So C_i is the slope of the local Cauchy stress against the strain of the cell. `affine`: without
/// relaxation. Derivatives by central differences along the linear path of strain_response.hpp: 24 evaluations.
/// Local moduli depend on how stress is shared among atoms; sums over regions larger than a bond hardly do.
/// References: Tsamados, Tanguy, Goldenberg, Barrat, Phys. Rev. E 80, 026112 (2009), doi:10.1103/PhysRevE.80.026112; Mizuno, Mossa, Barrat,
/// Phys. Rev. E 87, 042306 (2013), doi:10.1103/PhysRevE.87.042306.
#pragma once

#include "landscape/strain_response.hpp"

namespace heteroglass::landscape {

struct LocalStiffness {
  std::vector<potential::Stiffness> relaxed, affine;  ///< [GPa angstrom^3, (atoms)] v_i C_i
};

LocalStiffness local_stiffness(Harmonic& minimum, const StrainResponse& response);

/// [GPa] Voigt averages of a stiffness.
double shear_average(const potential::Stiffness& c, int dimension);
double bulk_average(const potential::Stiffness& c, int dimension);

}  // namespace heteroglass::landscape
