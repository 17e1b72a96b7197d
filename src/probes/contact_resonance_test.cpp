#include "probes/contact_resonance.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"
#include "probes/afm/beam.hpp"

namespace heteroglass::probes {
namespace {

TEST(ContactResonance, WavenumberGivesTheStiffness) {
  EXPECT_NEAR(contact_resonance({}, {.kl = 2.2}).stiffness_ratio.value, 0.9486876707402825, 1e-12);
}

TEST(ContactResonance, FrequenciesAndModeGiveTheSame) {
  const double f = 75 * std::pow(2.2 / free_mode(1), 2);
  const ContactResonance r =
      contact_resonance({}, {.contact_frequency = f, .free_frequency = 75, .spring_constant = 40, .errors = {{"contact_frequency", 0.1}}});
  EXPECT_NEAR(r.stiffness_ratio.value, 0.9486876707402825, 1e-9);
  EXPECT_NEAR(r.contact_stiffness.value, 40 * 0.9486876707402825, 1e-7);
  EXPECT_NEAR(r.stiffness_ratio.error / r.stiffness_ratio.value, r.sensitivity.value * 0.1 / f, 1e-5);
}

// Hertz backwards: k* = (6 E*^2 R F)^(1/3) with E* = 80 GPa, R = 30 nm, F = 1000 nN is 1048.3 N/m... computed here.
TEST(ContactResonance, HertzContactReturnsItsModulus) {
  const double e = 80e9, k = std::cbrt(6 * e * e * 30e-9 * 1e-6), kc = 40;
  ContactResonanceOptions o{.free_frequency = 160, .spring_constant = kc, .tip_radius = 30, .load = 1000};
  o.contact_frequency = 160 * std::pow(resonance({}, k / kc, 1) / free_mode(1), 2);
  const ContactResonance r = contact_resonance({}, o);
  EXPECT_NEAR(r.reduced_modulus.value, 80, 1e-6);
  EXPECT_NEAR(1 / r.sample_modulus.value + 1 / o.tip_modulus, 1.0 / 80, 1e-9);
}

TEST(ContactResonance, ReferenceSampleReturnsItself) {
  const ContactResonance r =
      contact_resonance({}, {.contact_frequency = 600, .free_frequency = 160, .reference_modulus = 70, .reference_frequency = 600});
  EXPECT_NEAR(r.sample_modulus.value, 70, 1e-9);
}

// A contact with complex stiffness k (1 + i tan d), tan d small: the frequency's imaginary part follows from the slope dk/df.
TEST(ContactResonance, QualityFactorGivesTheLossTangent) {
  ContactResonanceOptions o{.contact_frequency = 500, .free_frequency = 160, .quality = 200};
  const ContactResonance r = contact_resonance({}, o);
  EXPECT_NEAR(r.loss_tangent.value, r.sensitivity.value / (2 * 200), 1e-3 * r.loss_tangent.value);
}

TEST(ContactResonance, TableGivesTheWidthOfTheModuli) {
  Curve c;
  c.columns = {{"contact_frequency", "kHz", {590, 600, 610, 605, 595}}};
  const ContactResonance r =
      contact_resonance(std::vector<Curve>{c}, {.free_frequency = 160, .reference_modulus = 70, .reference_frequency = 600});
  ASSERT_EQ(r.point_modulus.size(), 5u);
  EXPECT_NEAR(r.point_modulus[1], 70, 1e-9);
  EXPECT_GT(r.modulus_width.value, 0.01);
}

TEST(ContactResonance, RefusesImpossibleFrequencies) {
  EXPECT_THROW(contact_resonance({}, {.contact_frequency = 100, .free_frequency = 160}), InputError);
  EXPECT_THROW(contact_resonance({}, {.contact_frequency = 100}), InputError);
  EXPECT_THROW(contact_resonance({}, {}), InputError);
}

}  // namespace
}  // namespace heteroglass::probes
