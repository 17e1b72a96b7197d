/// From a 6 x 6 stiffness (Voigt order xx, yy, zz, yz, xz, xy; shears count gamma) to moduli.
///
///     K_V = d_ij C_ijkl d_kl / 9,   G_a = n_a : C : n_a / 2 for five orthonormal traceless n_a,   G_V = mean of G_a
///     K_R, G_R: the same averages of the compliance (equal stress);  Hill: the middle of both
///     A^U = 5 G_V / G_R + K_V / K_R - 6   (0: isotropic)
///
/// Errors: how far the cell is from isotropic, sd(G_a) / sqrt(5) and sd of (C_i1 + C_i2 + C_i3)/3 over sqrt(3). For a glass this is what the
/// finite number of atoms leaves uncertain; for a crystal it contains the anisotropy of the crystal.
/// In two dimensions K = (C11 + C22 + 2 C12) / 4, G from the two shears, E = 4 K G / (K + G), nu = (K - G) / (K + G).
/// Under stress s (positive in tension) the slope of the Cauchy stress differs from the second derivative of the energy:
///     B_ijkl = C_ijkl + (d_ik s_jl + d_jk s_il + d_il s_jk + d_jl s_ik) / 2 - s_ij d_kl
/// References: Hill, Proc. Phys. Soc. A 65, 349 (1952), doi:10.1088/0370-1298/65/5/307; Ranganathan, Ostoja-Starzewski, Phys. Rev.
/// Lett. 101, 055504 (2008), doi:10.1103/PhysRevLett.101.055504; Barron, Klein, Proc. Phys. Soc. 85, 523 (1965),
/// doi:10.1088/0370-1328/85/3/313.
#pragma once

#include <vector>

#include "core/value.hpp"
#include "potential/potential.hpp"

namespace heteroglass::landscape {

struct Moduli {
  double bulk_voigt = 0, bulk_reuss = 0, shear_voigt = 0, shear_reuss = 0;
  Measured bulk, shear, youngs, poisson;  ///< of Hill's averages, errors by the scatter of directions
  double anisotropy = 0;                  ///< A^U
  std::vector<double> shear_moduli;       ///< G_a: five, or two in the plane
};

Moduli moduli(const potential::Stiffness& stiffness, int dimension = 3);

/// B from C and the stress in the same unit.
potential::Stiffness stress_slope(const potential::Stiffness& stiffness, const potential::Voigt& stress, int dimension = 3);

/// The five traceless directions of moduli() as Voigt strains (shears gamma), n_a; two in the plane.
std::vector<potential::Voigt> shear_directions(int dimension = 3);

/// a . C . b for Voigt strains.
double contract(const potential::Voigt& a, const potential::Stiffness& stiffness, const potential::Voigt& b);

}  // namespace heteroglass::landscape
