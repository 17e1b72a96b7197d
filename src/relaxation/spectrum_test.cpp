#include "relaxation/spectrum.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <random>
#include <sstream>

#include "core/error.hpp"
#include "relaxation/spectrum_kernels.hpp"

namespace heteroglass::relaxation {
namespace {

const std::filesystem::path shared_data = HETEROGLASS_SOURCE_DIR "/../shared/data/relaxation";

Curve curve(std::vector<CurveColumn> columns) {
  Curve c;
  c.source = "test";
  c.columns = std::move(columns);
  return c;
}

/// M* = 1 + 9 (1 - chi) GPa of Havriliak-Negami at tau_0 = 1 s, with relative noise.
Curve havriliak_negami(double alpha, double gamma, double noise, std::uint64_t seed, double from = -5, double to = 5,
                       double per_decade = 8) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  std::vector<double> w, storage, loss;
  for (double l = from; l <= to + 1e-9; l += 1 / per_decade) {
    const std::complex<double> s(0, std::pow(10, l)), chi = std::pow(1.0 + std::pow(s, alpha), -gamma);
    w.push_back(s.imag());
    storage.push_back((1 + 9 * (1 - chi.real())) * (1 + noise * normal(random)));
    loss.push_back(-9 * chi.imag() * (1 + noise * normal(random)));
  }
  return curve({{"angular_frequency", "rad/s", w}, {"storage", "GPa", storage}, {"loss", "GPa", loss}});
}

/// Part of the points inside the measured range whose exact value lies in the band, over three sets of noise.
double coverage(double alpha, double gamma, double noise) {
  int in = 0, n = 0;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const Curve c = havriliak_negami(alpha, gamma, noise, seed);
    const Spectrum s = spectrum({&c, 1}, {.samples = 100});
    for (std::size_t j = 0; j < s.tau.size(); ++j) {
      if (!s.inside[j]) continue;
      const double exact = 9 * havriliak_negami_spectrum(s.tau[j], alpha, gamma);
      ++n, in += exact >= s.spectrum_low[j] && exact <= s.spectrum_high[j];
    }
  }
  return static_cast<double>(in) / n;
}

// A modulus that rises with time is no sum of exponentials; of M' and M'' there is nothing to say.
TEST(Spectrum, SpeaksOfTheColumnsThereAre) {
  Curve c = curve({{"time", "s", {}}, {"modulus", "GPa", {}}});
  for (int i = 0; i < 30; ++i)
    c.columns[0].values.push_back(std::pow(10, i / 10.0)), c.columns[1].values.push_back(1 + 0.8 * std::sin(i / 2.0));
  Context context;
  spectrum({&c, 1}, {.samples = 0}, context);
  bool misses = false;
  for (const std::string& w : context.warnings()) {
    EXPECT_EQ(w.find("M'"), std::string::npos) << w;
    misses = misses || w.find("misses the data") != std::string::npos;
  }
  EXPECT_TRUE(misses);
}

TEST(Spectrum, HavriliakNegamiLiesInTheBand) { EXPECT_GT(coverage(0.8, 0.6, 0.01), 0.9); }
TEST(Spectrum, ColeColeLiesInTheBand) { EXPECT_GT(coverage(0.6, 1, 0.01), 0.93); }
TEST(Spectrum, OfExactDataLiesInTheBandToo) {
  EXPECT_GT(coverage(0.8, 0.6, 0), 0.95);
  EXPECT_GT(coverage(0.95, 0.41, 0), 0.9);
}
// Infinite at its relaxation time and zero beyond: no smooth prior follows it there.
TEST(Spectrum, ColeDavidsonLiesInTheBandButForItsEdge) { EXPECT_GT(coverage(1, 0.5, 0.01), 0.85); }

// The spectrum with the kernels gives the response back: M' - M_0 = 9 Re(1 - chi).
TEST(SpectrumKernels, HavriliakNegamiSpectrumBelongsToItsResponse) {
  for (const auto& [alpha, gamma] : {std::pair{0.8, 0.6}, std::pair{0.6, 1.0}, std::pair{0.95, 0.41}}) {
    for (const double w : {0.01, 1.0, 30.0}) {
      double storage = 0, loss = 0, total = 0;
      const double step = 0.01;
      for (double l = -60; l < 60; l += step) {
        const double h = havriliak_negami_spectrum(std::exp(l), alpha, gamma) * step, x = w * std::exp(l);
        storage += h * x * x / (1 + x * x), loss += h * x / (1 + x * x), total += h;
      }
      const std::complex<double> chi = std::pow(1.0 + std::pow(std::complex<double>(0, w), alpha), -gamma);
      EXPECT_NEAR(total, 1, 1e-6);
      EXPECT_NEAR(storage, 1 - chi.real(), 1e-6);
      EXPECT_NEAR(loss, -chi.imag(), 1e-6);
    }
  }
}

// At 20 K/min and 1e13/s states relax at A = E/T of about 3e-3 eV/K; half of those with that energy are left a little below T.
TEST(SpectrumKernels, StatesRelaxAtTheirTemperature) {
  const Heating h{1e13, 20.0 / 60, 300};
  const double energy = h.energy_at(600);
  EXPECT_NEAR(energy / 600, 3.0e-3, 0.1e-3);
  EXPECT_NEAR(h.left(energy, 600), std::exp(-1), 0.04);  // nu k T^2/(q E) e^{-E/kT} = 1, to 2 kT/E
  EXPECT_NEAR(h.loss_rate(energy, 600), (h.left(energy, 599.5) - h.left(energy, 600.5)), 1e-4);
  EXPECT_NEAR(h.left(energy, 500), 1, 1e-3);
}

TEST(Spectrum, StatesLambdaWithItsEvidence) {
  const Curve c = havriliak_negami(0.8, 0.6, 0.01, 1);
  const Spectrum s = spectrum({&c, 1});
  EXPECT_GT(s.lambda.value, 0);
  EXPECT_GT(s.lambda.error, 0);
  EXPECT_NEAR(s.misfit.value, 0.01, 0.003);
  EXPECT_NEAR(s.plateau.value, 1, 0.05);
  EXPECT_NEAR(s.strength.value, 9, 4 * s.strength.error + 0.05);
  ASSERT_EQ(s.lambda_grid.size(), s.ln_evidence.size());
  EXPECT_EQ(*std::max_element(s.ln_evidence.begin(), s.ln_evidence.end()), 0);
  for (const std::string choice : {"gcv", "l-curve"}) {
    const Spectrum other = spectrum({&c, 1}, {.smoothness = choice, .samples = 20});
    EXPECT_NEAR(other.misfit.value, 0.01, 0.004) << choice;
  }
  const Spectrum held = spectrum({&c, 1}, {.lambda = 0.5, .samples = 20});
  EXPECT_EQ(held.lambda.value, 0.5);
}

TEST(Spectrum, OfMaximumEntropyDescribesTheData) {
  const Curve c = havriliak_negami(0.8, 0.6, 0.01, 1, -4, 4, 6);
  const Spectrum s = spectrum({&c, 1}, {.method = "maximum-entropy", .samples = 100});
  EXPECT_NEAR(s.misfit.value, 0.01, 0.004);
  int in = 0, n = 0;
  for (std::size_t j = 0; j < s.tau.size(); ++j) {
    EXPECT_GT(s.spectrum[j], 0);
    if (!s.inside[j]) continue;
    const double exact = 9 * havriliak_negami_spectrum(s.tau[j], 0.8, 0.6);
    ++n, in += exact >= s.spectrum_low[j] && exact <= s.spectrum_high[j];
  }
  EXPECT_GT(static_cast<double>(in) / n, 0.7);
}

// G = 1 + 5 e^{-t/0.1} + 2 e^{-t/30} GPa with 0.5 % noise.
TEST(Spectrum, DiscreteLinesOfTwoExponentials) {
  std::mt19937_64 random(4);
  std::normal_distribution<double> normal;
  std::vector<double> t, g;
  for (double l = -3; l < 4; l += 0.1) {
    t.push_back(std::pow(10, l));
    g.push_back((1 + 5 * std::exp(-t.back() / 0.1) + 2 * std::exp(-t.back() / 30)) * (1 + 0.005 * normal(random)));
  }
  const Curve c = curve({{"time", "s", t}, {"modulus", "GPa", g}});
  const Spectrum s = spectrum({&c, 1}, {.method = "discrete"});
  ASSERT_EQ(s.tau.size(), 2u);
  EXPECT_NEAR(s.tau[0], 0.1, 4 * s.lines.find("tau_error")->number[0]);
  EXPECT_NEAR(s.tau[1], 30, 4 * s.lines.find("tau_error")->number[1]);
  EXPECT_NEAR(s.spectrum[0], 5, 4 * s.spectrum_error[0]);
  EXPECT_NEAR(s.spectrum[1], 2, 4 * s.spectrum_error[1]);
  EXPECT_NEAR(s.plateau.value, 1, 4 * s.plateau.error);
  EXPECT_LT(s.spectrum_error[1], 0.1);
  const Spectrum smooth = spectrum({&c, 1}, {.samples = 50});  // two separate peaks of the same areas
  EXPECT_NEAR(smooth.strength.value, 7, 0.2);
}

// J = 0.02 + 0.1 (1 - e^{-t/10}) + t/1e5, 1/GPa.
TEST(Spectrum, OfCreepWithFlow) {
  std::vector<double> t, j;
  for (double l = -2; l < 4; l += 0.1) t.push_back(std::pow(10, l)), j.push_back(0.02 - 0.1 * std::expm1(-t.back() / 10) + t.back() / 1e5);
  const Curve c = curve({{"time", "s", t}, {"compliance", "1/GPa", j}});
  const Spectrum s = spectrum({&c, 1}, {.method = "discrete"});
  ASSERT_EQ(s.tau.size(), 1u);
  EXPECT_NEAR(s.tau[0], 10, 1e-3);
  EXPECT_NEAR(s.retardation[0], 0.1, 1e-5);
  EXPECT_NEAR(s.glassy_compliance.value, 0.02, 1e-5);
  EXPECT_NEAR(s.fluidity.value, 1e-5, 1e-8);
  const Spectrum smooth = spectrum({&c, 1}, {.samples = 20});
  EXPECT_NEAR(smooth.glassy_compliance.value, 0.02, 0.002);
  EXPECT_NEAR(smooth.fluidity.value, 1e-5, 1e-6);
}

// n(E): Gauss of area 0.0023 at 1.5 +- 0.1 eV, made into scans of ln(M_ref/M)/beta and of heat by integration on a grid of its own.
TEST(Spectrum, OfActivationEnergiesFromScans) {
  const Heating h{1e13, 20.0 / 60, 350};
  const double beta = 17, total = 0.0023;
  std::vector<double> t, m, reference, heat, base;
  std::mt19937_64 random(2);
  std::normal_distribution<double> normal;
  for (double at = 350; at <= 680; at += 2) {
    double left = 0, rate = 0;
    for (double e = 1; e < 2; e += 0.001) {
      const double n = total * std::exp(-std::pow((e - 1.5) / 0.1, 2) / 2) / (0.1 * std::sqrt(2 * std::numbers::pi)) * 0.001;
      left += n * h.left(e, at), rate += n * h.loss_rate(e, at);
    }
    t.push_back(at), reference.push_back(40 - 0.01 * (at - 350));
    m.push_back(reference.back() * std::exp(-beta * left) * (1 + 1e-4 * normal(random)));
    base.push_back(0.4), heat.push_back(0.4 - 5000 * rate * h.rate + 2e-4 * normal(random));
  }
  const Curve scan = curve({{"temperature", "K", t}, {"storage", "GPa", m}, {"reference", "GPa", reference}});
  const Spectrum s = spectrum({&scan, 1}, {.samples = 100, .rate = 20, .susceptibility = beta});
  const auto top = std::max_element(s.energy_spectrum.begin(), s.energy_spectrum.end()) - s.energy_spectrum.begin();
  EXPECT_NEAR(s.energy[static_cast<std::size_t>(top)], 1.5, 0.03);
  EXPECT_NEAR(s.concentration.value, total, 0.05 * total);
  EXPECT_NEAR(s.energy_spectrum[static_cast<std::size_t>(top)], total / (0.1 * std::sqrt(2 * std::numbers::pi)), 0.1 * total / 0.25);
  const Curve dsc = curve({{"temperature", "K", t}, {"heat_flow", "W/g", heat}, {"reference_heat_flow", "W/g", base}});
  const Spectrum q = spectrum({&dsc, 1}, {.samples = 100, .rate = 20});
  EXPECT_NEAR(q.heat.value, 5000 * total, 0.05 * 5000 * total);
  const auto peak = std::max_element(q.energy_spectrum.begin(), q.energy_spectrum.end()) - q.energy_spectrum.begin();
  EXPECT_NEAR(q.energy[static_cast<std::size_t>(peak)], 1.5, 0.03);
  EXPECT_THROW(spectrum({&scan, 1}), InputError) << "no rate";
  Curve at_one_hertz = scan;
  at_one_hertz.columns.push_back({"angular_frequency", "rad/s", std::vector<double>(t.size(), 6.283)});
  EXPECT_EQ(spectrum({&at_one_hertz, 1}, {.samples = 0, .rate = 20, .susceptibility = beta}).tau.size(), 0u)
      << "a scan, not a frequency sweep";
  Curve alone = scan;
  alone.columns.pop_back();
  EXPECT_THROW(spectrum({&alone, 1}, {.rate = 20}), InputError) << "no reference";
}

// tau = 1e-13 exp(E/kT) at 400 K.
TEST(Spectrum, GivesEnergiesOfTimes) {
  const Curve c = havriliak_negami(0.8, 0.6, 0.005, 1, -3, 3, 6);
  const Spectrum s = spectrum({&c, 1}, {.samples = 20, .tau0 = 1e-13, .temperature = 400});
  ASSERT_EQ(s.energy.size(), s.tau.size());
  EXPECT_NEAR(1e-13 * std::exp(s.energy[10] / (8.617333262e-5 * 400)), s.tau[10], 1e-6 * s.tau[10]);
  double area = 0;
  for (std::size_t j = 1; j < s.energy.size(); ++j)
    area += (s.energy[j] - s.energy[j - 1]) * (s.energy_spectrum[j] + s.energy_spectrum[j - 1]) / 2;
  EXPECT_NEAR(area, 0.9, 0.03);  // 9 of 10 GPa relax
}

/// Rows of numbers of a text file; other lines are skipped.
std::vector<std::vector<double>> numbers(const std::filesystem::path& file) {
  std::vector<std::vector<double>> rows;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    std::istringstream cells(line);
    std::vector<double> row;
    for (double v; cells >> v;) row.push_back(v);
    if (row.size() > 1) rows.push_back(row);
  }
  return rows;
}

// Every curve of the pyReSpect test set is described; the twin-peaked ones by two peaks.
TEST(Spectrum, OfThePyReSpectTestSet) {
  if (!std::filesystem::exists(shared_data)) GTEST_SKIP() << "no " << shared_data;
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(shared_data / "respect_tests")) {
    const bool dynamic = entry.path().extension() == ".tts";
    if (!dynamic && entry.path().extension() != ".gt") continue;
    ++files;
    Curve c = dynamic ? curve({{"angular_frequency", "rad/s", {}}, {"storage", "GPa", {}}, {"loss", "GPa", {}}})
                      : curve({{"time", "s", {}}, {"modulus", "GPa", {}}});
    for (const auto& row : numbers(entry.path()))
      for (std::size_t k = 0; k < c.columns.size(); ++k) c.columns[k].values.push_back(row[k]);
    const std::string name = entry.path().filename();
    const Spectrum s = spectrum({&c, 1}, {.samples = 10});
    EXPECT_LT(s.misfit.value, name == "test1.gt" || name == "test7.tts" ? 0.08 : 0.03) << name;
    EXPECT_GT(s.degrees_of_freedom, 5) << name;
    if (name != "test1.tts" && name != "test1n.tts") continue;
    const double most = *std::max_element(s.spectrum.begin(), s.spectrum.end());
    int peaks = 0;
    for (std::size_t j = 1; j + 1 < s.tau.size(); ++j)
      peaks += s.spectrum[j] > 0.1 * most && s.spectrum[j] > s.spectrum[j - 1] && s.spectrum[j] >= s.spectrum[j + 1];
    EXPECT_EQ(peaks, 2) << name;
  }
  EXPECT_EQ(files, 13);
}

TEST(Spectrum, RefusesWhatItCannotInvert) {
  const Curve few = curve({{"time", "s", {1, 2, 3}}, {"modulus", "GPa", {3, 2, 1}}});
  EXPECT_THROW(spectrum({&few, 1}), InputError);
  const Curve negative = curve({{"time", "s", {1, 2, 3, 4, 5}}, {"modulus", "GPa", {3, 2, 1, -0.1, 0.1}}});
  EXPECT_THROW(spectrum({&negative, 1}), InputError);
  const Curve unknown = curve({{"time", "s", {1, 2, 3, 4}}, {"storage", "GPa", {3, 2, 1, 1}}});
  EXPECT_THROW(spectrum({&unknown, 1}), InputError);
}

TEST(Spectrum, IsExactWithoutAFile) {
  const Spectrum s = spectrum({}, {.alpha = 0.6, .gamma = 1, .strength = 2});
  double area = 0;
  for (std::size_t j = 1; j < s.tau.size(); ++j) area += std::log(s.tau[j] / s.tau[j - 1]) * (s.spectrum[j] + s.spectrum[j - 1]) / 2;
  EXPECT_NEAR(area, 2, 0.02);
  EXPECT_THROW(spectrum({}), InputError);
}

// The same bits on one thread and on two.
TEST(Spectrum, DoesNotDependOnThreads) {
  const Curve c = havriliak_negami(0.8, 0.6, 0.01, 1, -2, 2, 5);
  const int threads = omp_get_max_threads();
  omp_set_num_threads(1);
  const Spectrum a = spectrum({&c, 1}, {.samples = 30});
  omp_set_num_threads(2);
  const Spectrum b = spectrum({&c, 1}, {.samples = 30});
  omp_set_num_threads(threads);
  EXPECT_EQ(a.spectrum, b.spectrum);
  EXPECT_EQ(a.spectrum_high, b.spectrum_high);
  EXPECT_EQ(a.spectrum_low, b.spectrum_low);
}

}  // namespace
}  // namespace heteroglass::relaxation
