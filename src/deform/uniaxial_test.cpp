#include "deform/uniaxial.hpp"

#include <gtest/gtest.h>

#include "crystals.hpp"
#include "lammps.hpp"

namespace heteroglass::deform {
namespace {

using UniaxialTest = test::WithLammps;

class InFolder : public Context {
 public:
  explicit InFolder(const std::filesystem::path& folder) { directory = folder; }
};

UniaxialOptions tiny() {
  UniaxialOptions o;
  o.axis = "x";
  o.test.rate = 2e10, o.test.max_strain = 0.04, o.test.temperature = 20, o.test.equilibration_time = 1, o.test.frames = 2,
  o.test.windows = 20;
  return o;
}

// Cubic crystal: tension lengthens, the sides shrink, and compression gives nearly the same modulus with the opposite change of length.
TEST_F(UniaxialTest, TensionAndCompressionAgreeAtSmallStrain) {
  UniaxialOptions o = tiny();
  InFolder tension(folder / "t"), compression(folder / "c");
  const Uniaxial t = uniaxial(test::b2_crystal(4, 3.26), o, tension);
  o.mode = "compression";
  const Uniaxial c = uniaxial(test::b2_crystal(4, 3.26), o, compression);
  EXPECT_NEAR(t.strain_raw.back(), 0.04, 1e-9);
  EXPECT_NEAR(c.strain_raw.back(), 0.04, 1e-9);
  EXPECT_GT(t.configuration[1].box.edges()[0][0], t.configuration[0].box.edges()[0][0]);
  EXPECT_LT(c.configuration[1].box.edges()[0][0], c.configuration[0].box.edges()[0][0]);
  EXPECT_GT(t.youngs_modulus.value, 0);
  EXPECT_GT(c.youngs_modulus.value, 0);
  EXPECT_NEAR(t.poisson_ratio.value, 0.4, 0.25);
  EXPECT_NEAR(c.poisson_ratio.value, 0.4, 0.25);
}

TEST_F(UniaxialTest, FixedSidesStayAndAreStiffer) {
  UniaxialOptions o = tiny();
  InFolder free(folder / "f"), context(folder / "x");
  const Uniaxial relaxed = uniaxial(test::b2_crystal(4, 3.26), o, free);
  o.lateral = "fixed";
  const Uniaxial fixed = uniaxial(test::b2_crystal(4, 3.26), o, context);
  EXPECT_EQ(fixed.configuration[0].box.edges()[1][1], fixed.configuration[1].box.edges()[1][1]);
  EXPECT_TRUE(std::isnan(fixed.poisson_ratio.value));
  EXPECT_GT(fixed.youngs_modulus.value, relaxed.youngs_modulus.value);
}

}  // namespace
}  // namespace heteroglass::deform
