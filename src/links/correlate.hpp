/// How far the structure of a reference frame foretells what its atoms do: every indicator against a response, in one table.
///
/// Frames come in pairs reference, current, reference, current, ...: one pair for each independent sample. The response is
/// D2min (mean over the neighbours, see deform/strain) between the two, or a per-atom quantity of the current frame. Give inherent
/// structures (minimised frames): vibrations blur both sides. Indicators, each raw and averaged over the first shell: see
/// links/indicators.hpp; every per-atom quantity of the reference frame takes part.
///
///     spearman                 rank correlation of indicator and response; its sign is that of the indicator as it is
///     auc                      probability that an atom of the positive class has the larger indicator; below 1/2: smaller
///     top_decile_enhancement   mean response of the tenth of atoms with the largest indicator, over the mean of all
///     bottom_decile_enhancement   the same of the tenth with the smallest: the one to read where spearman is negative
///
/// The positive class is the tenth of atoms with the largest response within the group considered. Groups are the species and
/// all atoms together. Species differ trivially in volume, coordination and mobility, so that pooling them alone makes a correlation;
/// per species is what counts. The shuffled control permutes the indicator among atoms of one species: it is zero (and 1/2,
/// and 1) within a species, and within all atoms it is what composition alone gives.
///     z = (spearman - control) / spread,   the larger spread of permuted atoms and permuted blocks (see links/sample.hpp)
/// Errors: one sample: jackknife over blocks^3 parts of the box; two: their jackknife errors combined; three or more: the
/// spread of samples over sqrt(samples). Values are means over samples.
/// Verdict: |spearman| below 0.3 is called weak, below 0.5 moderate, else strong; nothing is claimed below 3 standard errors or |z| < 3.
/// Correlation is not cause, and the strongest of many indicators is strong partly by luck: look at z, and at new samples.
/// Cost: O(N) a pair, mostly permutations: 2 * shuffles * indicators * N * 20 ns.
/// References: Spearman (1904), doi:10.2307/1412159; Patinet, Vandembroucq and Falk, Phys. Rev. Lett. 117, 045501 (2016),
/// doi:10.1103/PhysRevLett.117.045501; Richard et al., Phys. Rev. Mater. 4, 113609 (2020), doi:10.1103/PhysRevMaterials.4.113609.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/field.hpp"
#include "core/frame.hpp"

namespace heteroglass::links {

struct CorrelateOptions {
  std::string response = "d2min";    ///< d2min, or a per-atom quantity of the current frame
  std::optional<double> r_cut = {};  ///< [angstrom] first shell, also of D2min; unset: first minimum of g(r) of each reference
  std::string tessellation = "radical";
  std::map<std::string, double> radii = {};  ///< [angstrom]
  int blocks = 3;                            ///< along each edge
  int shuffles = 100;
  int seed = 1;
  static const Fields& fields();
};

struct Correlate {
  std::string verdict;
  Table table;
  std::string response, positive_class, error_method;
  std::vector<double> r_cut;  ///< [angstrom, (samples)]
  double samples = 0;
  double atoms_left_out = 0;                    ///< [1] without response or indicator
  std::vector<double> decile;                   ///< [1, (10)] middle
  std::vector<std::string> curve;               ///< species: strongest indicator
  Matrix response_curve, response_curve_error;  ///< [1, (curves, 10)]
  static const Fields& fields();
};

/// @throws InputError for an odd number of frames, species that differ between samples, an unknown response.
Correlate correlate(std::span<const Frame> frames, const CorrelateOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::links
