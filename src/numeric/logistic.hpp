/// Logistic regression with Firth's penalty: probabilities of yes against predictors, finite even when the data are separable.
///
///     ln[p/(1-p)] = sum_k b_k x_k,   maximise  sum ln L(b) + (1/2) ln det I(b),   I = X^T W X, W = p (1 - p)
///
/// Errors from the inverse of I at the optimum. Cost O(iterations x n x k^2).
/// Source: Firth, Biometrika 80, 27 (1993), doi:10.1093/biomet/80.1.27; Heinze, Schemper, Stat. Med. 21, 2409 (2002),
/// doi:10.1002/sim.1047 (separable data).
#pragma once

#include <vector>

#include "core/value.hpp"

namespace heteroglass::numeric {

struct Logistic {
  std::vector<double> coefficient, error;  ///< (k)
  Matrix covariance;                       ///< (k, k)
  bool converged = false;
  int misclassified = 0;  ///< rows on the wrong side of p = 1/2
};

/// @param predictors (n, k), a column of ones for the intercept @param yes (n)
/// @throws NumericalError when predictors are linearly dependent
Logistic logistic(const Matrix& predictors, const std::vector<bool>& yes);

}  // namespace heteroglass::numeric
