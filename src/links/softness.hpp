/// Softness: the distance of an atom's neighbourhood from the hyperplane that best parts those that rearrange from those that do not.
///
///     S_i = (b + a.z_i) / |a|,   z_i: features of the neighbourhood (structure/symmetry_functions.hpp), standardised
///
/// Frames are configurations of one sample in their order (along a strain, or a time); give inherent structures. Each frame but the last is labelled by what its
/// atoms do until the next: the `fraction` with the largest D2min (mean over neighbours) of each species are the rearrangers. A
/// logistic regression with a ridge is trained for each species, both classes weighing the same. With `samples` > 1 the frames are so many equal runs one after the other.
/// The softness of an atom, and every quality given, comes from a classifier that has not seen its part of the box (cross-validation over
/// `folds` groups of blocks, the same blocks in all frames): neighbours share features and rearrange together, so that leaving out single atoms would flatter.
///
///     accuracy = (rearrangers with S > 0 + others with S < 0) / all, both classes weighing the same;   1/2: nothing learnt
///     auc = probability that a rearranger is softer than another atom
///     enhancement = P(rearrange | S > 0) / P(rearrange)
///
/// Soft sites, S > 0, percolate when a chain of them, linked within r_cut, wraps around the box; `critical_fraction` is the part of softest atoms for
/// which they do, beside that of atoms at random.
/// Errors: spread over the folds / sqrt(folds). The number of rearrangers limits what can be learnt: some hundreds a species are wanted.
/// Cost O(N features^2) for training, O(N neighbours^2) for features; a minute for 10 frames of 4,000 atoms.
/// References: Cubuk et al., Phys. Rev. Lett. 114, 108001 (2015), doi:10.1103/PhysRevLett.114.108001; Schoenholz et al., Nat. Phys. 12, 469
/// (2016), doi:10.1038/nphys3644.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/field.hpp"
#include "core/frame.hpp"

namespace heteroglass::links {

struct SoftnessOptions {
  std::string features = "radial-angular";
  double fraction = 0.05;  ///< [1] of rearrangers
  double ridge = 0.01;     ///< [1]
  int folds = 5;
  int samples = 1;
  std::optional<double> r_cut = {};  ///< [angstrom] of D2min and of links; unset: first minimum of g(r) of the first frame
  int seed = 1;
  static const Fields& fields();
};

struct Softness {
  Measured accuracy, auc, enhancement;                                ///< [1] over all species
  Table species;                                                      ///< a row for each species
  Table weights;                                                      ///< features by weight, of classifiers trained on everything
  Table percolation;                                                  ///< a row for each frame
  std::vector<double> bin, soft_probability, soft_probability_error;  ///< [1] rearrangers among atoms of that softness
  double r_cut = 0;                                                   ///< [angstrom]
  std::vector<double> softness;                                       ///< [1, (atoms)] of the first frame
  static const Fields& fields();
};

/// @throws InputError for a single frame, frames that do not split into samples, or too few rearrangers.
Softness softness(std::span<const Frame> frames, const SoftnessOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::links
