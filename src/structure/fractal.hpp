/// Fractal dimension of a set of atoms: box counting and mass in spheres, beside random sets.
///
///     N(e) ~ e^(-D)      boxes of edge e that hold an atom of the set
///     M(r) ~ r^(D_m)     atoms of the set within r of one of them, itself included, mean over all
///
/// The set is chosen by species or a per-atom property (chosen_atoms.hpp), all of it or its largest cluster. Boxes divide the cell evenly
/// (numeric/point_boxes.hpp), so periodic and triclinic cells have no cut-off boxes; e is the cube root of a box's volume. Sizes run from 1.5
/// mean distances of all atoms, (V/N)^(1/3), under which single atoms are counted, to half the smallest height. The slope is taken over
/// the whole range, with its standard error. Between two cut-offs a decade apart at most - all that a simulated glass has - any smooth
/// set looks fractal: what counts is the difference from the controls, as many atoms at random (`shuffled`) and atoms
/// chosen by noise with the property's own spectrum (`smooth`).
/// Scattered atoms of share c fill all boxes larger than (V / c N)^(1/3) and tend to D = 3 there, whatever they are.
/// Open boundaries: boxes cover the box of the file, spheres are cut off by the surface, so D_m is too low.
/// Cost O(N) a box size, N^2 for M(r) up to 10^8 pairs, beyond which it is the mean around some of the atoms.
/// References: Mandelbrot, The Fractal Geometry of Nature (1982); Grassberger, Procaccia, Physica D 9, 189 (1983),
/// doi:10.1016/0167-2789(83)90298-1.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/analysis.hpp"
#include "structure/chosen_atoms.hpp"

namespace heteroglass::structure {

struct FractalOptions {
  ChosenAtomsOptions choose;
  std::string part = "all";
  std::optional<double> r_cut = {};          ///< [angstrom] links of clusters
  std::optional<double> from = {}, to = {};  ///< [angstrom] sizes of boxes and radii
  int surrogates = 9;
  int seed = 1;
  static const Fields& fields();
};

struct Fractal {
  int chosen = 0;
  Measured selected_fraction;
  Measured fractal_dimension, mass_dimension;
  double fit_from = 0, fit_to = 0, mass_from = 0, mass_to = 0;         ///< [angstrom]
  std::vector<double> box_size;                                        ///< [angstrom]
  std::vector<double> box_count, box_count_error, local_dimension;     ///< [1]
  std::vector<double> radius, mass, mass_error, local_mass_dimension;  ///< [angstrom], [1]
  Table noise;
  std::vector<int> selection;  ///< [1, (atoms)]
  static const Fields& fields();
};

/// @throws InputError for a set of fewer than eight atoms, a range without four sizes, bad choices
Fractal fractal(const Frame& frame, const FractalOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::structure
