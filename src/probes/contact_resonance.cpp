#include "probes/contact_resonance.hpp"

#include <cmath>
#include <complex>
#include <numbers>

#include "core/error.hpp"
#include "core/propagation.hpp"
#include "probes/afm/beam.hpp"
#include "probes/afm/contact_inversion.hpp"

namespace heteroglass::probes {
namespace {

using Options = ContactResonanceOptions;

Beam beam_of(const Options& o) { return {o.tip_position, o.tip_height, o.lateral_ratio, o.tilt * std::numbers::pi / 180}; }

double reduced(double m_sample, double m_tip) { return 1 / (1 / m_sample + 1 / m_tip); }

}  // namespace

std::complex<double> contact_ratio(const Options& o, std::complex<double> kl) {
  std::complex<double> best(NAN, NAN);
  for (const auto& k : contact_stiffness(beam_of(o), kl))
    if (k.real() > 0 && !(best.real() <= k.real())) best = k;
  return best;
}

std::complex<double> contact_wavenumber(const Options& o, double frequency, std::optional<double> quality) {
  std::complex<double> f = frequency / *o.free_frequency;
  if (quality) f *= std::complex<double>(1, 1 / (2 * *quality));
  return free_mode(o.mode) * std::sqrt(f);
}

double contact_modulus(const Options& o, double ratio) {
  const double power = o.contact == "flat" ? 1 : 1.5;
  if (o.reference_modulus && o.reference_frequency && o.free_frequency) {
    const double reference = contact_ratio(o, contact_wavenumber(o, *o.reference_frequency, {})).real();
    return reduced(*o.reference_modulus, o.tip_modulus) * std::pow(ratio / reference, power);
  }
  if (!o.spring_constant || !o.tip_radius) return NAN;
  const double k = ratio * *o.spring_constant;
  if (o.contact == "flat") return k / (2 * *o.tip_radius * 1e-9) * 1e-9;
  return o.load ? std::sqrt(k * k * k / (6 * *o.tip_radius * 1e-9 * *o.load * 1e-9)) * 1e-9 : NAN;
}

double sample_modulus(const Options& o, double e) { return e < o.tip_modulus ? 1 / (1 / e - 1 / o.tip_modulus) : NAN; }

namespace {

std::complex<double> wavenumber(const Options& o, double frequency) { return contact_wavenumber(o, frequency, o.quality); }

ContactResonance evaluated(const Options& o) {
  ContactResonance r;
  if (!o.kl && !o.contact_frequency) {
    for (Measured* m : {&r.stiffness_ratio, &r.loss_tangent, &r.contact_stiffness, &r.reduced_modulus, &r.sample_modulus, &r.sensitivity})
      m->note = "needs --contact-frequency or --kl";
    return r;
  }
  const std::complex<double> kl = o.kl ? std::complex<double>(*o.kl) : wavenumber(o, *o.contact_frequency), k = contact_ratio(o, kl);
  r.stiffness_ratio.value = k.real();
  if (o.quality && !o.kl)
    r.loss_tangent.value = k.imag() / k.real();
  else
    r.loss_tangent.note = "needs --quality and frequencies";
  // kL goes with the square root of the frequency
  r.sensitivity.value =
      std::log(contact_ratio(o, kl * 1.0001).real() / contact_ratio(o, kl * 0.9999).real()) / (2 * std::log(1.0001 / 0.9999));
  if (o.spring_constant)
    r.contact_stiffness.value = k.real() * *o.spring_constant;
  else
    r.contact_stiffness.note = "needs --spring-constant";
  r.reduced_modulus.value = contact_modulus(o, k.real());
  r.sample_modulus.value = sample_modulus(o, r.reduced_modulus.value);
  if (std::isnan(r.reduced_modulus.value))
    r.reduced_modulus.note = r.sample_modulus.note =
        "needs --reference-modulus with --reference-frequency, or --spring-constant, --tip-radius and (sphere) --load";
  else if (std::isnan(r.sample_modulus.value))
    r.sample_modulus.note = "the contact is stiffer than the tip";
  return r;
}

void points(std::span<const Curve> curves, const Options& o, ContactResonance& r, Context& context) {
  std::size_t without_stiffness = 0, stiffer_than_tip = 0;
  double sum = 0, squares = 0, n = 0;
  for (const Curve& c : curves)
    for (const double f : c.at("contact_frequency").values) {
      const double ratio = contact_ratio(o, wavenumber(o, f)).real(), e = contact_modulus(o, ratio), m = sample_modulus(o, e);
      if (!std::isfinite(ratio)) ++without_stiffness;
      if (std::isfinite(e) && !std::isfinite(m)) ++stiffer_than_tip;
      r.point.push_back(double(r.point.size() + 1)), r.point_stiffness.push_back(ratio), r.point_modulus.push_back(m);
      if (std::isfinite(m)) sum += m, squares += m * m, ++n;
    }
  if (without_stiffness > 0)
    context.warn(fmt::format("{} of {} points have no stiffness: their frequency is not above the free one and below the pinned limit",
                             without_stiffness, r.point.size()));
  if (stiffer_than_tip > 0)
    context.warn(fmt::format("{} of {} points have no modulus: the contact is stiffer than the tip, {:g} GPa (--tip-modulus)",
                             stiffer_than_tip, r.point.size(), o.tip_modulus));
  if (n < 3) {
    r.modulus_width.note = "needs at least three points with a modulus";
    return;
  }
  const double mean = sum / n, relative = std::sqrt(std::max(0.0, (squares - n * mean * mean) / (n - 1))) / mean;
  r.modulus_width = {relative, relative / std::sqrt(2 * (n - 1)), "of a normal sample of this size"};
}

void modes(const Options& o, ContactResonance& r) {
  for (int k = 0; k <= 60; ++k) {
    r.stiffness.push_back(0.1 * std::pow(10, k / 12.0));
    r.mode_1.push_back(resonance(beam_of(o), r.stiffness.back(), 1));
    r.mode_2.push_back(resonance(beam_of(o), r.stiffness.back(), 2));
    r.mode_3.push_back(resonance(beam_of(o), r.stiffness.back(), 3));
  }
}

}  // namespace

ContactResonance contact_resonance(std::span<const Curve> curves, const Options& o, Context& context) {
  if (!o.kl && !(o.contact_frequency || !curves.empty()))
    throw InputError("probes/contact_resonance: --kl, or --contact-frequency with --free-frequency (kHz), or a table must be given");
  if (!o.kl && !o.free_frequency)
    throw InputError("probes/contact_resonance: --free-frequency (kHz), of the same mode in air, must be given");
  ContactResonance r = propagated<ContactResonance>(o, o.errors, evaluated);
  if ((o.kl || o.contact_frequency) && !std::isfinite(r.stiffness_ratio.value))
    throw InputError(
        fmt::format("probes/contact_resonance: the resonance must lie above the free one of mode {} and below its pinned limit; no "
                    "positive stiffness gives kL = {:.4f}",
                    o.mode, o.kl ? *o.kl : wavenumber(o, *o.contact_frequency).real()));
  if (std::isfinite(r.sensitivity.value) && r.sensitivity.value > 20)
    context.warn(
        fmt::format("the contact is so stiff that 1 % of frequency is {:.0f} % of stiffness: use a higher mode or a stiffer cantilever",
                    r.sensitivity.value));
  r.modulus_width.note = "needs a table";
  if (!curves.empty()) points(curves, o, r, context);
  modes(o, r);
  return r;
}

const Fields& ContactResonanceOptions::fields() {
  using O = ContactResonanceOptions;
  static const Fields table = {
      field<&O::kl>("kl", "1", "wavenumber times length of the beam, instead of frequencies").positive(),
      field<&O::contact_frequency>("contact_frequency", "kHz", "contact resonance").positive(),
      field<&O::free_frequency>("free_frequency", "kHz", "resonance of the same mode in air").positive(),
      field<&O::mode>("mode", "1", "number of the flexural mode").range(1, 8),
      field<&O::quality>("quality", "1", "quality factor of the contact resonance").positive(),
      field<&O::tip_position>("tip_position", "1", "tip from the clamp over length of the beam").range(0.3, 1),
      field<&O::tip_height>("tip_height", "1", "height of the tip over length of the beam").non_negative(),
      field<&O::lateral_ratio>("lateral_ratio", "1", "lateral over normal contact stiffness").non_negative(),
      field<&O::tilt>("tilt", "deg", "tilt of the cantilever").range(0, 45),
      field<&O::spring_constant>("spring_constant", "N/m", "static spring constant of the cantilever").positive(),
      field<&O::contact>("contact", "", "shape of the tip's end").one_of({"sphere", "flat"}),
      field<&O::tip_radius>("tip_radius", "nm", "radius of the sphere, or of the flat contact").positive(),
      field<&O::load>("load", "nN", "normal load").positive(),
      field<&O::tip_modulus>("tip_modulus", "GPa", "indentation modulus of the tip; silicon 100: 165 GPa").positive(),
      field<&O::reference_modulus>("reference_modulus", "GPa", "indentation modulus of a known sample").positive(),
      field<&O::reference_frequency>("reference_frequency", "kHz", "contact resonance on that sample at the same load").positive(),
      field<&O::errors>("errors", "1", errors_help),
  };
  return table;
}

const ColumnRoles& ContactResonanceOptions::columns() {
  static const ColumnRoles roles = {{"contact_frequency", "kHz", "contact resonance at a point", true, {"frequency", "f"}}};
  return roles;
}

const Fields& ContactResonance::fields() {
  using R = ContactResonance;
  static const Fields table = {
      field<&R::stiffness_ratio>("stiffness_ratio", "1", "contact stiffness over spring constant of the cantilever"),
      field<&R::loss_tangent>("loss_tangent", "1", "imaginary over real contact stiffness"),
      field<&R::contact_stiffness>("contact_stiffness", "N/m", "contact stiffness"),
      field<&R::reduced_modulus>("reduced_modulus", "GPa", "modulus of the contact E*"),
      field<&R::sample_modulus>("sample_modulus", "GPa", "indentation modulus E/(1 - nu^2) of the sample"),
      field<&R::sensitivity>("sensitivity", "1", "relative change of stiffness over that of frequency"),
      field<&R::stiffness>("stiffness", "1", "contact stiffness over spring constant").exact("chosen").log_axis(),
      field<&R::mode_1>("mode_1", "1", "kL of the first mode").over("stiffness").exact("solution of the beam equation"),
      field<&R::mode_2>("mode_2", "1", "kL of the second mode").over("stiffness").exact("solution of the beam equation"),
      field<&R::mode_3>("mode_3", "1", "kL of the third mode").over("stiffness").exact("solution of the beam equation"),
      field<&R::point>("point", "1", "row of the table").exact("counted"),
      field<&R::point_stiffness>("point_stiffness", "1", "stiffness ratio at each point")
          .over("point", Plot::points)
          .exact("the table gives no errors of frequencies"),
      field<&R::point_modulus>("point_modulus", "GPa", "sample modulus at each point")
          .over("point", Plot::points)
          .exact("the table gives no errors of frequencies"),
      field<&R::modulus_width>("modulus_width", "1", "standard deviation over mean of the moduli"),
  };
  return table;
}

const Analysis& contact_resonance_analysis() {
  static const Analysis entry = analysis<&contact_resonance>(
      "probes", "contact_resonance", "contact stiffness, modulus and damping from a cantilever's contact resonance",
      {{"Rabe, Janser, Arnold, Rev. Sci. Instrum. 67, 3281 (1996)", "10.1063/1.1147409"},
       {"Wagner et al., Nat. Mater. 10, 439 (2011)", "10.1038/nmat3024"}});
  return entry;
}

}  // namespace heteroglass::probes
