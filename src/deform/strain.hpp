/// Local deformation gradient, strain, rotation and non-affine motion of every atom between two configurations.
///
///     F_i = argmin_F  sum_j |d_ij - F d0_ij|^2        D2min_i = that least sum
///     E = (F^T F - 1) / 2
///     shear = sqrt(exy^2 + exz^2 + eyz^2 + [(exx-eyy)^2 + (exx-ezz)^2 + (eyy-ezz)^2] / 6)     volumetric = tr(E) / 3
///
/// Atoms are matched by id; j runs over the neighbours within r_cut in the reference frame, d0 and d are the separations in
/// the reference and the current frame. d is the image nearest to where the deformed cell would carry d0, so that large
/// strains and small boxes are right; a box flipped by LAMMPS is recognised and said (see deform/box_match.hpp). Conventions are OVITO's
/// (Green-Lagrange strain; volumetric strain is a third of the trace; D2min is a sum over neighbours, the mean stands beside it).
/// Rotation is that of the polar decomposition F = R U. All is zero under an affine map of the whole frame, as far as it should be.
///
/// `remove_affine` maps the current frame back by the deformation of the cell first: what is left is local.
/// Invalid: fewer than 3 neighbours, or neighbours in one plane; such atoms have NaN and are counted.
/// Non-affine displacement: from where the cell's deformation would carry the atom, less the mean over all atoms;
/// displacements beyond half the box are folded.
/// Errors of means take atoms as independent (a lower bound: plastic events are clusters); quantiles by order statistics.
/// Do not use it between frames an atom's diffusion apart: the reference neighbours are then strangers.
/// Cost O(N neighbours), about 2 us an atom and core.
/// References: Falk and Langer, Phys. Rev. E 57, 7192 (1998), doi:10.1103/PhysRevE.57.7192, eqs 2.11-2.14; Shimizu, Ogata and Li, Mater. Trans.
/// 48, 2923 (2007), doi:10.2320/matertrans.MJ200769, eqs 1-5.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/field.hpp"
#include "core/frame.hpp"

namespace heteroglass::deform {

struct StrainOptions {
  std::optional<double> r_cut = {};  ///< [angstrom] neighbours in the reference; unset: first minimum of its g(r)
  bool remove_affine = false;        ///< take out the deformation of the cell first
  static const Fields& fields();
};

struct Strain {
  double r_cut = 0;                     ///< [angstrom] used
  double invalid_atoms = 0;             ///< [1]
  std::vector<std::string> component;   ///< xx, yy, zz, xy, xz, yz
  std::vector<double> box_strain;       ///< [1, (component)] Green-Lagrange, of the cell
  Matrix box_gradient;                  ///< [1, (3, 3)] F of the cell
  Table d2min_summary, strain_summary;  ///< mean and quantiles per species
  Measured mean_d2min, mean_shear_strain, mean_volumetric_strain;
  std::vector<double> d2min_sum, d2min_mean;  ///< [angstrom^2, (atoms)]
  std::vector<double> shear_strain;           ///< [1, (atoms)]
  std::vector<double> volumetric_strain;      ///< [1, (atoms)]
  Matrix strain;                              ///< [1, (atoms, 6)] xx, yy, zz, xy, xz, yz
  std::vector<double> rotation_angle;         ///< [rad, (atoms)]
  Matrix rotation;                            ///< [rad, (atoms, 3)] axis times angle
  Matrix deformation_gradient;                ///< [1, (atoms, 9)] column by column, as OVITO
  Matrix nonaffine_displacement;              ///< [angstrom, (atoms, 3)]
  std::vector<int> neighbors;                 ///< [1, (atoms)]
  std::vector<int> invalid;                   ///< [1, (atoms)] 1: no strain
  static const Fields& fields();
};

/// @throws FormatError if the frames do not hold the same atoms; InputError if their units or periodic directions differ.
Strain strain(const Frame& reference, const Frame& current, const StrainOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::deform
