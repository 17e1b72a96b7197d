/// Mixing enthalpies of the pairs of an alloy, and the rule for a strong slow beta relaxation.
///
///     dH_mix = 4 sum_{i<j} c_i c_j dH_ij,   weight of a pair w_ij = c_i c_j / sum_{k<l} c_k c_l
///
/// dH_ij of the equiatomic liquid by Miedema's model (miedema.hpp), or given. The rule: where all pairs attract each other about alike
/// (dH_ij negative and similar) the slow beta relaxation is a peak; where a pair repels, or the enthalpies differ widely, it is suppressed to a wing.
/// Here: `pronounced` when every pair of weight above `least_weight` is negative and the weighted spread is below `alike` times the mean; `suppressed`
/// when one of them is positive or the spread exceeds the mean; `shoulder` between; `undecided` for a binary, where there is nothing to compare.
/// An empirical rule with exceptions (La-Al and La-Cu are binaries with strong attraction and a mere wing): read it as a hint.
/// Without a composition the table itself is given. References: Takeuchi, Inoue, Mater. Trans. 46, 2817 (2005),
/// doi:10.2320/matertrans.46.2817 (enthalpies); Yu, Samwer, Wang, Wang, Nat. Commun. 4, 2204 (2013), doi:10.1038/ncomms3204 (rule).
#pragma once

#include <map>
#include <string>

#include "core/analysis.hpp"

namespace heteroglass::relaxation {

struct MixingEnthalpyOptions {
  std::string composition = {};
  std::map<std::string, double> enthalpies = {};  ///< [kJ/mol] of pairs, Zr-Cu=-23: goes before the table
  double least_weight = 0.02;                     ///< [1] pairs that are rarer do not decide
  double alike = 0.35;                            ///< [1] spread over mean
  static const Fields& fields();
};

struct MixingEnthalpy {
  double mixing_enthalpy = 0;  ///< [kJ/mol] of the alloy
  double pair_mean = 0;        ///< [kJ/mol] weighted mean over pairs
  double pair_spread = 0;      ///< [kJ/mol] weighted standard deviation
  std::string verdict, reason;
  Table pairs;  ///< pair, enthalpy, weight
  static const Fields& fields();
};

/// @throws InputError for a pair that is neither in the table nor given
MixingEnthalpy mixing_enthalpy(const MixingEnthalpyOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::relaxation
