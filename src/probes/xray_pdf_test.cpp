#include "probes/xray_pdf.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <random>

#include "analyses.hpp"
#include "core/error.hpp"
#include "probes/scattering/hard_spheres.hpp"
#include "run/curve_input.hpp"

namespace heteroglass::probes {
namespace {

/// S(Q) of hard spheres up to q_max.
Curve hard_sphere_curve(const HardSpheres& hs, double q_max, double step) {
  Curve c;
  c.source = c.label = "hard spheres";
  c.columns = {{"q", "1/angstrom", {}}, {"structure_factor", "1", {}}};
  for (double q = step; q <= q_max; q += step) c.columns[0].values.push_back(q), c.columns[1].values.push_back(hs.structure_factor(q));
  return c;
}

std::string number(double v) { return fmt::format("{:.17g}", v); }

// The closure of Percus and Yevick is g = 0 inside the core, and g(sigma+) = (1 + phi/2) / (1 - phi)^2 = 3.333 at phi = 0.4.
TEST(XrayPdf, HardSpheresHaveAnEmptyCoreAndTheirContactValue) {
  const HardSpheres hs;
  XrayPdfOptions o{.reduction = {.density = number(hs.density()), .correction = "none"}, .r_max = 30, .r_step = 0.01};
  const XrayPdf p = xray_pdf(std::vector{hard_sphere_curve(hs, 60, 0.01)}, o);
  for (std::size_t k = 50; p.r[k] < 2.85; ++k) EXPECT_NEAR(p.g[k], 0, 0.02) << p.r[k];
  // a parabola through g at 3.15, 3.3, 3.45 angstrom, carried to contact at 3
  const auto at = [&](double r) { return p.g[static_cast<std::size_t>(std::lround(r / 0.01)) - 1]; };
  const double contact = 3 * at(3.15) - 3 * at(3.3) + at(3.45);
  EXPECT_NEAR(contact, hs.contact(), 0.02 * hs.contact());
  // identities between the functions
  const double area = 4 * 3.14159265358979 * hs.density();
  for (std::size_t k = 300; k < p.r.size(); k += 400) {
    EXPECT_NEAR(p.rdf[k], area * p.r[k] * p.r[k] * p.g[k], 1e-9);
    EXPECT_NEAR(p.total_correlation[k], p.rdf[k] / p.r[k], 1e-9);
    EXPECT_NEAR(p.g_reduced[k], area * p.r[k] * (p.g[k] - 1), 1e-9);
  }
}

TEST(XrayPdf, HardSpheresComeBackFromTheirPairFunction) {
  const HardSpheres hs;
  for (const std::string w : {"none", "lorch", "soper-barney", "cosine"}) {
    XrayPdfOptions o{.reduction = {.density = number(hs.density()), .correction = "none"}, .window = w, .r_max = 100, .r_step = 0.02};
    const XrayPdf p = xray_pdf(std::vector{hard_sphere_curve(hs, 25, 0.01)}, o);
    EXPECT_LT(p.round_trip_error, w == "none" ? 0.02 : 2e-3) << w;
  }
}

// I = [S <f>^2 + C + <f^2> - <f>^2] / 0.02 + 0.7 B: all of it is taken apart again.
std::vector<Curve> generated(const HardSpheres& hs, double noise = 0) {
  const Composition alloy = parse_composition("Zr60Cu40");
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal(0, 1);
  Curve sample = hard_sphere_curve(hs, 20, 0.01), background = sample;
  const ScatteringFactors f = scattering_factors(alloy, sample.columns[0].values, "xray");
  sample.columns[1].name = background.columns[1].name = "intensity";
  sample.label = "sample", background.label = "empty";
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const double q = sample.columns[0].values[i], b = 2e4 * std::exp(-q / 4) + 4e3;
    background.columns[1].values[i] = b;
    const double electrons = hs.structure_factor(q) * f.square_mean[i] + f.incoherent[i] + f.mean_square[i] - f.square_mean[i];
    sample.columns[1].values[i] = (electrons / 0.02 + 0.7 * b) * (1 + noise * normal(random));
  }
  return {sample, background};
}

double worst(const XrayPdf& p, const HardSpheres& hs, double from) {
  double most = 0;
  for (std::size_t i = 0; i < p.q.size(); ++i)
    if (p.q[i] > from) most = std::max(most, std::abs(p.structure_factor[i] - hs.structure_factor(p.q[i])));
  return most;
}

TEST(XrayPdf, TakesAnIntensityApart) {
  const HardSpheres hs{2.8, 0.45};
  XrayPdfOptions o{
      .reduction = {.composition = "Zr60Cu40", .density = number(hs.density()), .background = "empty", .background_scale = 0.7}};
  XrayPdf p = xray_pdf(generated(hs), o);
  EXPECT_NEAR(p.scale.value, 0.02, 2e-4);
  EXPECT_LT(worst(p, hs, 0.3), 0.03);
  EXPECT_NEAR(p.tail, 1, 5e-3);
  o.reduction.background_scale = std::nullopt;
  p = xray_pdf(generated(hs), o);
  EXPECT_NEAR(p.background_scale.value, 0.7, 0.02);
  EXPECT_NEAR(p.background_scale.value, 0.7, 3 * p.background_scale.error + 5e-3);
  EXPECT_LT(worst(p, hs, 0.3), 0.05);
}

TEST(XrayPdf, RefinesTheDensity) {
  const HardSpheres hs{2.8, 0.45};
  XrayPdfOptions o{
      .reduction = {.composition = "Zr60Cu40", .density = number(0.85 * hs.density()), .background = "empty", .background_scale = 0.7}};
  o.reduction.refine_density = true, o.reduction.r_cutoff = 2.5;
  const XrayPdf p = xray_pdf(generated(hs), o);
  EXPECT_NEAR(p.density.value, hs.density(), 0.03 * hs.density());
  EXPECT_GT(p.density.error, 0);
}

TEST(XrayPdf, DoesNotDependOnTheUnitOfTheIntensity) {
  const HardSpheres hs{2.8, 0.45};
  const XrayPdfOptions o{
      .reduction = {.composition = "Zr60Cu40", .density = number(hs.density()), .background = "empty", .background_scale = 0.7}};
  std::vector<Curve> c = generated(hs);
  const XrayPdf a = xray_pdf(c, o);
  for (Curve& one : c)
    for (double& v : one.columns[1].values) v *= 1e3;
  const XrayPdf b = xray_pdf(c, o);
  for (std::size_t k = 0; k < a.g.size(); k += 50) EXPECT_NEAR(a.g[k], b.g[k], 1e-9);
}

// 200 noisy copies of S(Q): the spread of g and of the peak is what one copy says of itself.
TEST(XrayPdf, ErrorsOfPointsAreTheSpreadOfRepeats) {
  const HardSpheres hs{2.8, 0.45};
  std::mt19937_64 random(11);
  std::normal_distribution<double> normal(0, 0.01);
  const XrayPdfOptions o{.reduction = {.density = number(hs.density()), .correction = "none"}, .r_max = 6, .r_step = 0.1};
  std::vector<double> sum(60, 0), square(60, 0);
  double peaks = 0, peaks2 = 0, coordination = 0, coordination2 = 0;
  XrayPdf last;
  const XrayPdf clean = xray_pdf(std::vector{hard_sphere_curve(hs, 15, 0.02)}, o);
  XrayPdfOptions fixed = o;
  fixed.shell_radius = clean.shell_radius.value;
  constexpr int repeats = 200;
  for (int n = 0; n < repeats; ++n) {
    Curve c = hard_sphere_curve(hs, 15, 0.02);
    for (double& v : c.columns[1].values) v += normal(random);
    c.columns.push_back({"structure_factor_error", "1", std::vector<double>(c.size(), 0.01)});
    last = xray_pdf(std::vector{c}, fixed);
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += last.g[k], square[k] += last.g[k] * last.g[k];
    peaks += last.first_peak.value, peaks2 += last.first_peak.value * last.first_peak.value;
    coordination += last.coordination.value, coordination2 += last.coordination.value * last.coordination.value;
  }
  for (std::size_t k = 10; k < sum.size(); k += 7) {
    const double sd = std::sqrt(square[k] / repeats - std::pow(sum[k] / repeats, 2));
    EXPECT_NEAR(last.g_error[k] / sd, 1, 0.2) << last.r[k];
  }
  // Q_max adds to the errors of the peak and of the coordination number
  EXPECT_LT(std::sqrt(peaks2 / repeats - std::pow(peaks / repeats, 2)), 1.2 * last.first_peak.error);
  EXPECT_LT(std::sqrt(coordination2 / repeats - std::pow(coordination / repeats, 2)), 1.2 * last.coordination.error);
}

TEST(XrayPdf, ReadsReducedStructureFactorsAndPairFunctions) {
  const HardSpheres hs;
  const XrayPdfOptions o{.reduction = {.density = number(hs.density()), .correction = "none"}, .window = "none"};
  Curve c = hard_sphere_curve(hs, 25, 0.02);
  const XrayPdf s = xray_pdf(std::vector{c}, o);
  c.columns[1].name = "reduced_structure_factor", c.columns[1].unit = "1/angstrom";
  for (std::size_t i = 0; i < c.size(); ++i) c.columns[1].values[i] = c.columns[0].values[i] * (c.columns[1].values[i] - 1);
  const XrayPdf f = xray_pdf(std::vector{c}, o);
  for (std::size_t k = 0; k < s.g.size(); k += 60) EXPECT_NEAR(s.g[k], f.g[k], 1e-9);
  Curve pair;
  pair.columns = {{"r", "angstrom", s.r}, {"g_reduced", "1/angstrom^2", s.g_reduced}};
  const XrayPdf back = xray_pdf(std::vector{pair}, o);
  EXPECT_NEAR(back.coordination.value, s.coordination.value, 0.02 * s.coordination.value);
  for (std::size_t i = 50; i < back.q.size() && back.q[i] < 20; i += 40)
    EXPECT_NEAR(back.structure_factor[i], hs.structure_factor(back.q[i]), 0.05) << back.q[i];
}

TEST(XrayPdf, RefusesWhatIsMissingOrWrong) {
  const HardSpheres hs;
  const auto message = [](const std::vector<Curve>& c, const XrayPdfOptions& o) -> std::string {
    try {
      static_cast<void>(xray_pdf(c, o));
    } catch (const Error& e) {
      return e.what();
    }
    return "no error";
  };
  const auto has = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos; };
  Curve c = hard_sphere_curve(hs, 25, 0.02);
  EXPECT_TRUE(has(message({}, {}), "must be named"));
  EXPECT_TRUE(has(message({c}, {}), "--density: must be given"));
  EXPECT_TRUE(has(message({c}, {.reduction = {.density = "3 GPa"}}), "--density"));
  EXPECT_TRUE(has(message({c}, {.reduction = {.density = "6.7g/cm^3"}}), "--composition: must be given"));
  EXPECT_TRUE(has(message({c, c}, {.reduction = {.density = "0.03"}}), "one curve must be the sample"));
  EXPECT_TRUE(has(message({c}, {.reduction = {.density = "0.03", .background = "nobody"}}), "must be one of the input files"));
  Curve high = c;
  for (double& v : high.columns[1].values) v *= 1.5;
  EXPECT_TRUE(has(message({high}, {.reduction = {.density = "0.03"}}), "S(Q) must tend to 1"));
  for (std::size_t i = 0; i < c.size(); ++i) high.columns[1].values[i] = c.columns[0].values[i] * (c.columns[1].values[i] - 1);
  EXPECT_TRUE(has(message({high}, {.reduction = {.density = "0.03"}}), "if it is F(Q)"));
  Curve intensity = c;
  intensity.columns[1].name = "intensity";
  EXPECT_TRUE(has(message({intensity}, {.reduction = {.density = "0.03"}}), "--composition: must be given"));
  EXPECT_TRUE(has(message({intensity}, {.reduction = {.composition = "Ar", .density = "0.03", .background_scale = 0.5}}), "without one"));
  std::reverse(intensity.columns[0].values.begin(), intensity.columns[0].values.end());
  EXPECT_TRUE(has(message({intensity}, {.reduction = {.composition = "Ar", .density = "0.03"}}), "must rise"));
}

TEST(XrayPdf, DensityByMassIsConverted) {
  // argon, 39.948 g/mol: 1 g/cm^3 is 0.0150748 atoms per cubic angstrom
  EXPECT_NEAR(sample("Ar", "1g/cm^3", true).density, 0.0150748, 1e-6);
  EXPECT_NEAR(sample("", "34.68/nm^3", false).density, 0.03468, 1e-12);
  EXPECT_NEAR(sample("", "0.03468/A^3", false).density, 0.03468, 1e-12);
}

const std::string data = HETEROGLASS_SOURCE_DIR "/../shared/data/probes/xray/";

std::vector<Curve> files(const std::vector<std::string>& names, const std::string& units = "") {
  const auto& all = all_analyses();
  const auto found = std::find_if(all.begin(), all.end(), [](const Analysis* a) { return a->path() == "probes/xray_pdf"; });
  std::vector<std::string> paths;
  for (const std::string& n : names) paths.push_back(data + n);
  run::CurveOptions options;
  options.column_units = units;
  return run::curve_input(**found, paths, options, {}, Context::quiet()).curves;
}

// Glassure's own tests find 0.025 and 0.55 for these files by the same settings, r_cutoff = 2.28 and one iteration.
TEST(XrayPdf, ArgonAtOneGigapascal) {
  if (!std::filesystem::exists(data)) GTEST_SKIP() << "no " << data;
  XrayPdfOptions o{
      .reduction = {.composition = "Ar", .density = "0.022", .q_min = 0.3, .q_max = 9, .background = "glassure_Argon_1GPa_bkg.chi"}};
  o.reduction.refine_density = true, o.reduction.r_cutoff = 2.28;
  const XrayPdf p = xray_pdf(files({"glassure_Argon_1GPa.chi", "glassure_Argon_1GPa_bkg.chi"}), o);
  EXPECT_NEAR(p.density.value, 0.0255, 0.0005);
  EXPECT_NEAR(p.background_scale.value, 0.545, 0.005);
}

// An independent reduction of the same file without correction: Q_1 = 2.255 1/angstrom, first peak 3.58, with a Lorch window 3.54 angstrom.
TEST(XrayPdf, CeriumGlass) {
  if (!std::filesystem::exists(data)) GTEST_SKIP() << "no " << data;
  XrayPdfOptions o{.reduction = {.composition = "Ce70Al10Ni10Cu10",
                                 .density = "34.68/nm^3",
                                 .q_min = 1.5,
                                 .q_max = 7.8,
                                 .background = "Ce70Al10Ni10Cu10_amorpheus_bkg"},
                   .window = "none"};
  o.reduction.background_scale = 0.927, o.reduction.r_cutoff = 2.2;
  const std::vector<Curve> c = files({"Ce70Al10Ni10Cu10_amorpheus.dat", "Ce70Al10Ni10Cu10_amorpheus_bkg.xy"}, "q=1/angstrom");
  const XrayPdf plain = xray_pdf(c, o);
  EXPECT_NEAR(plain.first_diffraction_peak.value, 2.255, 0.002);
  EXPECT_NEAR(plain.first_peak.value, 3.58, 0.01);
  o.window = "lorch";
  EXPECT_NEAR(xray_pdf(c, o).first_peak.value, 3.535, 0.01);
  // its authors chose 0.927 for the background (Boccato et al. (2022), doi:10.1080/08957959.2022.2032032)
  o.reduction.background_scale = std::nullopt;
  const XrayPdf refined = xray_pdf(c, o);
  EXPECT_NEAR(refined.background_scale.value, 0.927, refined.background_scale.error);
  EXPECT_LT(refined.background_scale.error, 0.05);
  EXPECT_THROW(files({"Ce70Al10Ni10Cu10_amorpheus.dat"}), InputError);  // 1/nm or 1/angstrom?
}

// fcc nickel, a = 3.524: neighbours at 2.492 angstrom, 12 of them.
TEST(XrayPdf, NickelPairFunctionOfAFile) {
  if (!std::filesystem::exists(data)) GTEST_SKIP() << "no " << data;
  const XrayPdf p = xray_pdf(files({"Ni_2-8.chi.gr"}), {.reduction = {.composition = "Ni", .density = "0.0914"}, .shell_radius = 2.9});
  EXPECT_NEAR(p.first_peak.value, 2.492, 0.006);
  EXPECT_NEAR(p.coordination.value, 12, 0.6);
}

}  // namespace
}  // namespace heteroglass::probes
