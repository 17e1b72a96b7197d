#include "core/propagation.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"

namespace heteroglass {
namespace {

struct Inputs {
  double a = 3, b = 4;
  std::optional<double> c = {};
  static const Fields& fields() {
    static const Fields table = {field<&Inputs::a>("a", "1", "a"), field<&Inputs::b>("b", "1", "b"), field<&Inputs::c>("c", "1", "c")};
    return table;
  }
};

struct Outputs {
  Measured product, length, fitted;
  std::vector<double> x, line, line_error;
  static const Fields& fields() {
    static const Fields table = {
        field<&Outputs::product>("product", "1", "a b"),
        field<&Outputs::length>("length", "1", "hypotenuse"),
        field<&Outputs::fitted>("fitted", "1", "has its own error"),
        field<&Outputs::x>("x", "1", "x").exact("chosen"),
        field<&Outputs::line>("line", "1", "a x").over("x"),
        field<&Outputs::line_error>("line_error", "1", "of line").error_for("line"),
    };
    return table;
  }
};

Outputs evaluated(const Inputs& in) {
  Outputs out;
  out.product.value = in.a * in.b;
  out.length.value = std::hypot(in.a, in.b);
  out.fitted = {7, 0.5, "fit"};
  out.x = {0, 1, 2};
  for (const double x : out.x) out.line.push_back(in.a * x);
  return out;
}

// s(ab)^2 = b^2 sa^2 + a^2 sb^2; s(hypot) = sqrt(a^2 sa^2 + b^2 sb^2) / hypot; s(a x) = x sa.
TEST(Propagation, AddsIndependentErrorsInQuadrature) {
  const Outputs out = propagated<Outputs>(Inputs{}, {{"a", 0.1}, {"b", 0.2}}, evaluated);
  EXPECT_DOUBLE_EQ(out.product.value, 12);
  EXPECT_NEAR(out.product.error, std::hypot(4 * 0.1, 3 * 0.2), 1e-9);
  EXPECT_NEAR(out.length.error, std::hypot(3 * 0.1, 4 * 0.2) / 5, 1e-3);
  EXPECT_DOUBLE_EQ(out.fitted.error, 0.5);
  ASSERT_EQ(out.line_error.size(), 3u);
  EXPECT_NEAR(out.line_error[2], 0.2, 1e-9);
}

TEST(Propagation, SaysWhyThereIsNoError) {
  const Outputs out = propagated<Outputs>(Inputs{}, {}, evaluated);
  EXPECT_TRUE(std::isnan(out.product.error));
  EXPECT_NE(out.product.note.find("--errors"), std::string::npos);
  EXPECT_TRUE(std::isnan(out.line_error[1]));
}

TEST(Propagation, RefusesErrorsOfWhatIsNotThere) {
  EXPECT_THROW(propagated<Outputs>(Inputs{}, {{"d", 1}}, evaluated), InputError);
  EXPECT_THROW(propagated<Outputs>(Inputs{}, {{"c", 1}}, evaluated), InputError);
  EXPECT_THROW(propagated<Outputs>(Inputs{}, {{"a", -1}}, evaluated), InputError);
}

}  // namespace
}  // namespace heteroglass
