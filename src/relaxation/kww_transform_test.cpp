#include "relaxation/kww_transform.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "reference.hpp"

namespace heteroglass::relaxation {
namespace {

using Complex = std::complex<double>;
constexpr double pi = std::numbers::pi;

void expect_close(const Complex& chi, const Complex& exact, double tolerance, double w, double beta) {
  const double real = beta > 1 ? std::abs(exact) : std::abs(exact.real()), imaginary = beta > 1 ? std::abs(exact) : std::abs(exact.imag());
  EXPECT_NEAR(chi.real(), exact.real(), tolerance * real) << "beta " << beta << " w " << w;
  EXPECT_NEAR(chi.imag(), exact.imag(), tolerance * imaginary) << "beta " << beta << " w " << w;
}

TEST(KwwTransform, EqualsDebyeAtBetaOne) {
  const KwwTransform kww(1);
  for (double l = -8; l <= 8; l += 0.37) {
    const double w = std::pow(10, l), d = 1 + w * w;
    expect_close(kww.susceptibility(w), {1 / d, -w / d}, 1e-11, w, 1);
  }
}

/// erfc(z) e^{z^2} for Re z > 0: its Taylor series, or Laplace's continued fraction.
Complex scaled_erfc(Complex z) {
  if (std::abs(z) < 2.5) {
    Complex term = z, sum = z;
    for (int n = 1; n < 80; ++n) term *= -z * z / double(n), sum += term / double(2 * n + 1);
    return std::exp(z * z) * (1.0 - 2 / std::sqrt(pi) * sum);
  }
  Complex fraction = z;
  for (int n = 400; n > 0; --n) fraction = z + n / 2.0 / fraction;
  return 1 / std::sqrt(pi) / fraction;
}

// chi = sqrt(pi / (4 s)) exp(1/(4 s)) erfc(1/(2 sqrt s)), s = i w.
TEST(KwwTransform, ClosedFormAtBetaOneHalf) {
  const KwwTransform kww(0.5);
  for (double l = -2; l <= 8; l += 0.31) {
    const double w = std::pow(10, l);
    const Complex z = 0.5 / std::sqrt(Complex(0, w));
    const Complex exact = std::sqrt(pi) * z * scaled_erfc(z);
    expect_close(kww.susceptibility(w), exact, 2e-11, w, 0.5);
  }
}

TEST(KwwTransform, LossOfAGaussianIsGaussian) {
  const KwwTransform kww(2);
  for (double w = 0.01; w < 12; w *= 1.3)
    EXPECT_NEAR(-kww.susceptibility(w).imag(), std::sqrt(pi) / 2 * w * std::exp(-w * w / 4), 1e-11 * std::abs(kww.susceptibility(w))) << w;
}

/// Brute force: chi = int u e^{-u} e^{-i w t} dx or 1 - chi on another, finer and wider contour, t = e^{x - i theta}, u = t^beta.
Complex brute_force(double beta, double w, bool complement) {
  const double theta = 0.4 * std::min(pi, pi / (2 * beta)), h = theta / 25;
  Complex sum = 0;
  for (double x = -45 / (1 + beta) - std::max(std::log(w), 0.0) - 5;
       x < std::log(80.0 / (complement ? std::cos(beta * theta) : w * std::sin(theta))) / (complement ? beta : 1); x += h) {
    const Complex t = std::exp(Complex(x, -theta)), u = std::exp(beta * Complex(x, -theta)), a = Complex(0, w) * t;
    const auto expm1 = [](Complex v) {
      return std::abs(v) < 1e-2 ? v * (1.0 + v / 2.0 * (1.0 + v / 3.0 * (1.0 + v / 4.0 * (1.0 + v / 5.0)))) : std::exp(v) - 1.0;
    };
    sum += complement ? -h * beta * u * std::exp(-u) * expm1(-a) : -h * a * std::exp(-a) * expm1(-u);
  }
  return sum;
}

TEST(KwwTransform, SeriesAndContourAgreeWithBruteForceEverywhere) {
  for (const double beta : {0.1, 0.13, 0.21, 0.35, 0.5, 0.62, 0.77, 0.9, 0.99, 1.0, 1.02, 1.2, 1.5, 1.77, 2.0}) {
    const KwwTransform kww(beta);
    for (double l = -8; l <= 8; l += 0.53) {
      const double w = std::pow(10, l);
      const Complex chi = kww.susceptibility(w), other = brute_force(beta, w, true);
      // 1 - chi is exact in its imaginary part at low w, chi in both at high w
      if (beta < 0.95 || beta > 1)
        expect_close(chi, w > 1 / kww_mean_time(beta) ? brute_force(beta, w, false) : 1.0 - other, 3e-11, w, beta);
      expect_close({chi.real(), chi.imag()}, {chi.real(), w > 1 / kww_mean_time(beta) ? chi.imag() : -other.imag()}, 3e-11, w, beta);
    }
  }
}

// Written with 30 digits in the notes of the field: c = int cos(wt) e^{-t^beta} dt, s with sin.
TEST(KwwTransform, CosineAndSineIntegrals) {
  struct Row {
    double beta, w, c, s;
  };
  for (const Row& r : {Row{.3, 1e-2, 5.5784824777578402, 2.8493349970094046},
                       {.3, 1, .16774807683426031, .42967798907567512},
                       {.3, 1e2, 8.1883163580051456e-4, 8.1525862915044868e-3},
                       {.5, 1e-2, 1.9882866355392576, .11838190590824974},
                       {.5, 1, .27051358016221414, .46512202546648243},
                       {.5, 1e4, 6.2167273488946794e-7, 9.9373358514631462e-5},
                       {.7, 1e-2, 1.2652034992623557, .025128062116418655},
                       {.7, 1, .36765181757604169, .49097535864985872},
                       {.7, 1e4, 1.2818719756488311e-7, 9.9934529483543786e-5}}) {
    const Complex f = KwwTransform(r.beta).fourier(r.w);
    EXPECT_NEAR(f.real(), r.c, 2e-11 * r.c) << r.beta << " " << r.w;
    EXPECT_NEAR(-f.imag(), r.s, 2e-11 * r.s) << r.beta << " " << r.w;
  }
}

TEST(KwwTransform, ReferenceTable) {
  const auto rows = test::reference_rows("kww_susceptibility");
  if (rows.empty()) GTEST_SKIP() << "the table of reference values is not beside the source";
  EXPECT_GE(rows.size(), 30u);
  for (const auto& r : rows)
    expect_close(KwwTransform(r.at("beta")).susceptibility(r.at("omega_tau")), {r.at("chi1"), -r.at("chi2")}, 1e-10, r.at("omega_tau"),
                 r.at("beta"));
}

TEST(KwwTransform, LossPeak) {
  struct Row {
    double beta, place, height;
  };
  for (const Row& r : {Row{0.3, -0.4213774202430282, 0.16901150731630932},
                       {0.5, -0.3051937024800111, 0.27348827023144007},
                       {0.7, -0.18284755799809327, 0.37060067552291853}}) {
    const KwwTransform kww(r.beta);
    EXPECT_NEAR(kww_loss_peak(kww), r.place, 1e-6);
    EXPECT_NEAR(-kww.susceptibility(std::exp(kww_loss_peak(kww))).imag(), r.height, 1e-10);
  }
}

TEST(KwwTransform, DerivativesAreThoseOfDifferences) {
  for (const double beta : {0.2, 0.45, 0.5, 0.8, 1.3})
    for (double l = -6; l <= 6; l += 0.7) {
      const double w = std::pow(10, l), h = 1e-5;
      KwwTransform::Derivatives d;
      const KwwTransform kww(beta);
      const Complex chi = kww.susceptibility(w, d);
      EXPECT_EQ(chi, kww.susceptibility(w));
      const Complex by_w = (kww.susceptibility(w * std::exp(h)) - kww.susceptibility(w * std::exp(-h))) / (2 * h);
      const Complex by_beta = (KwwTransform(beta + h).susceptibility(w) - KwwTransform(beta - h).susceptibility(w)) / (2 * h);
      EXPECT_NEAR(std::abs(d.log_omega - by_w), 0, 1e-8 * std::abs(by_w) + 1e-10) << beta << " " << w;
      EXPECT_NEAR(std::abs(d.beta - by_beta), 0, 1e-7 * std::abs(by_beta) + 1e-9) << beta << " " << w;
    }
}

TEST(KwwTransform, RefusesOtherBeta) {
  for (const double beta : {0.0, 0.09, 2.1, -1.0, double(NAN)}) EXPECT_THROW(KwwTransform{beta}, InputError);
}

}  // namespace
}  // namespace heteroglass::relaxation
