/// Logistic regression with a ridge: the hyperplane that parts two classes of points best, by Newton's method.
///
///     minimise  sum_i w_i ln(1 + exp(-y_i (b + a.z_i))) / sum_i w_i + ridge |a|^2 / 2,   y = +-1,   z standardised features
///
/// w gives both classes the same weight. The score b + a.z is zero on the hyperplane and positive on the side of the positive class. Cost
/// O(points features^2) an iteration, some ten iterations.
/// Reference: Hastie, Tibshirani, Friedman, The Elements of Statistical Learning, 2nd edition, section 4.4, doi:10.1007/978-0-387-84858-7.
#pragma once

#include <span>
#include <vector>

namespace heteroglass::links {

struct LinearClassifier {
  std::vector<double> mean, scale;  ///< of the features; scale 0: a constant feature, not used
  std::vector<double> weight;       ///< of the standardised features
  double bias = 0;
  bool converged = false;

  /// Over the length of the weights: distances from the hyperplane in standardised units.
  double score(std::span<const double> features) const;
};

/// @param rows points, each `features` numbers; @param positive class of each; both classes must be there
LinearClassifier train(const std::vector<const double*>& rows, std::size_t features, const std::vector<char>& positive, double ridge);

}  // namespace heteroglass::links
