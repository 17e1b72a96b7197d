/// How much of an imposed strain is elastic, read from the directions of bonds.
///
///     A = <n.E n> over the bonds of a configuration,   E = deviatoric strain of the cell, |E| = 1,   n = bond direction
///     solidity = [A(current) - A(reference)] / [A(affine) - A(reference)],   anelastic fraction = 1 - solidity
///
/// A is the l = 2 component of the bond directions along the strain. "affine" is the reference carried by the cell alone, with neighbours within the same
/// r_cut, so that atoms which cross r_cut count alike in both. A solid whose bonds all turn with the cell has solidity 1; where atoms change
/// neighbours the anisotropy relaxes, and in a liquid nothing is left. The profile gives the same in shells: near neighbours
/// relax, far ones follow the cell.
/// `pdf_solidity` is what a diffraction experiment reads: the share of the affine shape in the change of the l = 2 pair density up to r_max,
///     z = sum_r d rho_2 d rho_2,affine r^2 / sum_r (d rho_2,affine r)^2
/// It does not depend on r_cut. Both are below 1 as soon as atoms move nonaffinely, also reversibly: in the elastic range they are near the ratio of
/// the relaxed to the affine modulus and do not depend on strain; beyond yield they fall to 0, where strain goes on and bonds do not. Values of different
/// strains compare only within the elastic range.
/// Atoms are matched by id only to find the cell's strain; bonds are those of each configuration. Strains of some per mille and more: below, the
/// noise of the reference's own anisotropy cancels only as far as bonds are the same. Use inherent structures.
/// Error: jackknife over 27 blocks of the box. Cost O(N neighbours).
/// References: Suzuki, Haimovich, Egami, Phys. Rev. B 35, 2162 (1987), doi:10.1103/PhysRevB.35.2162; Dmowski, Iwashita, Chuang,
/// Almer, Egami, Phys. Rev. Lett. 105, 205502 (2010), doi:10.1103/PhysRevLett.105.205502 (24 % of the strain is anelastic, up to 1 GPa).
#pragma once

#include <optional>
#include <vector>

#include "core/context.hpp"
#include "core/field.hpp"
#include "core/frame.hpp"

namespace heteroglass::deform {

struct SolidityOptions {
  std::optional<double> r_cut = {};  ///< [angstrom] bonds; unset: first minimum of g(r) of the reference
  double r_max = 12;                 ///< [angstrom] of the profile
  int bins = 40;
  static const Fields& fields();
};

struct Solidity {
  Measured solidity, anelastic_fraction;          ///< [1]
  Measured pdf_solidity;                          ///< [1] z
  Measured anisotropy, anisotropy_affine;         ///< [1] A less that of the reference
  double strain = 0;                              ///< [1] |deviatoric Green-Lagrange strain| of the cell
  double r_cut = 0;                               ///< [angstrom]
  std::vector<double> r, profile, profile_error;  ///< [angstrom], [1] solidity of neighbours up to r
  static const Fields& fields();
};

/// @throws InputError when the cell has no deviatoric strain.
Solidity solidity(const Frame& reference, const Frame& current, const SolidityOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::deform
