#include "numeric/symmetric3.hpp"

#include <gtest/gtest.h>

namespace heteroglass::numeric {
namespace {

// [[2, 1, 0], [1, 2, 0], [0, 0, 5]]: 1, 3, 5.
TEST(Symmetric3, EigenvaluesOfASymmetricMatrix) {
  const auto e = eigenvalues_symmetric3({2, 2, 5, 0, 0, 1});
  EXPECT_NEAR(e[0], 1, 1e-12);
  EXPECT_NEAR(e[1], 3, 1e-12);
  EXPECT_NEAR(e[2], 5, 1e-12);
  EXPECT_EQ(eigenvalues_symmetric3({2, 2, 2, 0, 0, 0})[0], 2);
}

}  // namespace
}  // namespace heteroglass::numeric
