#include <gtest/gtest.h>

#include "io/curve_file.hpp"
#include "io/format.hpp"
#include "io/test_files.hpp"

namespace heteroglass::io {
namespace {

class ScatteringFile : public test::Folder {};

const CurveColumn& column(const Curve& c, std::size_t i) { return c.columns.at(i); }

TEST_F(ScatteringFile, Fit2dSaysItsUnits) {
  const std::string f = file(
      "a.chi",
      "C:\\data\\a.tif: Q-Space Scan\nQ (Inverse Nanometres)\nIntensity\n       3\n 2.6E-02  0.0\n 8.0E-02  1.5E+01\n 1.3E-01  2.0E+01\n");
  EXPECT_EQ(format_of_file(f), Format::scattering);
  const Curve c = read_curves(f).at(0);
  EXPECT_EQ(column(c, 0).name, "q");
  EXPECT_EQ(column(c, 0).unit, "1/nm");
  EXPECT_EQ(column(c, 1).name, "intensity");
  EXPECT_EQ(column(c, 1).values, (std::vector<double>{0, 15, 20}));
  const Curve t = read_curves(file("b.chi", "title 5\n2-Theta Angle (Degrees)\nIntensity\n  4\n1 5\n2 6\n3 7\n4 8\n")).at(0);
  EXPECT_EQ(column(t, 0).name, "two_theta");
  EXPECT_EQ(column(t, 0).unit, "deg");
}

TEST_F(ScatteringFile, Fit2dThatIsCutShortIsRefused) {
  const std::string f = file("a.chi", "title\nQ (Inverse Angstroms)\nIntensity\n       2048\n 0.1 1\n 0.2 2\n 0.3 3\n");
  EXPECT_NE(test::message([&] { return read_curves(f); }).find("must hold 2048 points"), std::string::npos);
}

TEST_F(ScatteringFile, PdfgetxTwoHasItsErrors) {
  const std::string f = file(
      "a.gr",
      "History written:  Wed\n####### Get_XPDF #######\nsettings= 3\n  0    1    0    1    3\n##### start data\n#F a.gr\n#S 1    G(r)\n"
      "#L r    G(r)    d_r    d_Gr\n 1.0e-02 -7.7e-02 -1.3e-02 3.1e-02\n 2.0e-02 -1.5e-01 -2.7e-02 6.0e-02\n 3.0e-02 -2.5e-01 -4.1e-02 "
      "8.5e-02\n");
  const Curve c = read_curves(f).at(0);
  ASSERT_EQ(c.columns.size(), 4u);
  EXPECT_EQ(column(c, 0).name, "r");
  EXPECT_EQ(column(c, 0).unit, "angstrom");
  EXPECT_EQ(column(c, 1).name, "g_reduced");
  EXPECT_EQ(column(c, 1).unit, "1/angstrom^2");
  EXPECT_EQ(column(c, 2).name, "r_error");
  EXPECT_EQ(column(c, 3).name, "g_reduced_error");
  EXPECT_EQ(column(c, 3).values.at(2), 8.5e-2);
  EXPECT_EQ(c.warnings.size(), 1u);  // the unit is that of the program
}

TEST_F(ScatteringFile, PdfgetxThreeNamesUnitsInTex) {
  const Curve c = read_curves(file("a.fq",
                                   "[DEFAULT]\nversion = pdfgetx3 1.1\nqmax = 25.0\n#### start data\n#S 1\n#L Q($\\AA^{-1}$)  "
                                   "F($\\AA^{-1}$)\n0 0\n0.05 -0.04\n0.1 -0.09\n"))
                      .at(0);
  EXPECT_EQ(column(c, 0).unit, "1/angstrom");
  EXPECT_EQ(column(c, 1).name, "reduced_structure_factor");
  EXPECT_EQ(column(c, 1).unit, "1/angstrom");
}

TEST_F(ScatteringFile, PyfaiTellsNanometresAndAzimuth) {
  const Curve c = read_curves(file("sector.dat",
                                   "# == pyFAI calibration ==\n# Wavelength: 1.2e-11 m\n# azimuth_range: (20, 40) deg\n# --> sector.dat\n# "
                                   "      q_nm^-1             I         sigma\n"
                                   "  1.0  10 1\n  1.1  11 1\n  1.2  12 2\n"))
                      .at(0);
  EXPECT_EQ(column(c, 0).name, "q");
  EXPECT_EQ(column(c, 0).unit, "1/nm");
  EXPECT_EQ(column(c, 2).name, "intensity_error");
  EXPECT_NEAR(c.property("azimuth", "deg").value(), 30, 1e-12);
  EXPECT_NEAR(c.property("wavelength", "angstrom").value(), 0.12, 1e-12);
}

// No header: the name of the file says what the columns are, and nothing says their units.
TEST_F(ScatteringFile, BareColumnsGetNamesByExtensionAndNoUnits) {
  const Curve c = read_curves(file("a.sq", "0.5 0.1\n0.6 0.2\n0.7 0.3\n0.8 0.5\n")).at(0);
  EXPECT_EQ(column(c, 0).name, "q");
  EXPECT_EQ(column(c, 0).unit, "");
  EXPECT_EQ(column(c, 1).name, "structure_factor");
  const Curve d = read_curves(file("a.xy", "0.5 0.1\n0.6 0.2\n0.7 0.3\n0.8 0.5\n")).at(0);
  EXPECT_EQ(column(d, 0).name, "column 1");
}

TEST_F(ScatteringFile, DamageIsNamedByLine) {
  const std::string f = file("a.gr", "# qmax 20\n#L r  G(r)\n1 2\n2 3\n3 4\n4\n5 6\n");
  EXPECT_NE(test::message([&] { return read_curves(f); }).find("a.gr:6"), std::string::npos);
  const std::string g = file("b.gr", "#L r  G(r)\n1 2\n2 3\n3 4\n4 x7\n5 6\n");
  EXPECT_NE(test::message([&] { return read_curves(g); }).find("b.gr:5"), std::string::npos);
  EXPECT_NE(test::message([&] { return read_curves(file("c.gr", "#L r  G(r)\n")); }).find("must follow the header"), std::string::npos);
}

// g(r) and G(r) are two functions: only the capital is the reduced one.
TEST_F(ScatteringFile, CaseOfGMatters) {
  EXPECT_EQ(column(read_curves(file("a.gr", "#L r(A)  g(r)\n1 2\n2 3\n3 4\n")).at(0), 1).name, "g(r)");
  EXPECT_EQ(column(read_curves(file("b.gr", "#L r(A)  G(r)\n1 2\n2 3\n3 4\n")).at(0), 1).name, "g_reduced");
}

}  // namespace
}  // namespace heteroglass::io
