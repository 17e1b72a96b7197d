#include "probes/contact_resonance_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/propagation.hpp"
#include "numeric/map_correlation.hpp"
#include "numeric/noise_table.hpp"
#include "numeric/surrogate.hpp"
#include "probes/afm/beam.hpp"
#include "probes/afm/contact_inversion.hpp"
#include "probes/afm/map_alignment.hpp"
#include "probes/afm/map_input.hpp"

namespace heteroglass::probes {
namespace {

using numeric::MapMoments;
using numeric::MapView;
using Options = ContactResonanceMapOptions;

struct Pixels {
  std::vector<double> frequency, ratio, modulus, loss, modulus_error;
  int masked = 0;  ///< beside those without a frequency
};

double error_of(const Options& o, const char* name) {
  const auto e = o.contact.errors.find(name);
  return e == o.contact.errors.end() ? 0 : e->second;
}

/// 1/Q of the contact alone.
double damping(const Options& o, double frequency, double quality) {
  return 1 / quality - (o.free_quality ? *o.contact.free_frequency / frequency / *o.free_quality : 0);
}

Pixels evaluated(const Image& image, const Options& o) {
  const std::size_t n = image.size();
  Pixels p;
  p.frequency = image.at("contact_frequency").values;
  const ImageChannel* quality = image.find("quality");
  for (auto* v : {&p.ratio, &p.modulus, &p.loss, &p.modulus_error}) v->assign(n, NAN);
  const double f_error = error_of(o, "contact_frequency");
  // E* goes with a power of the ratio, whatever gives its scale
  const double unit = contact_modulus(o.contact, 1), power = o.contact.contact == "flat" ? 1 : 1.5;
  const auto modulus = [&](double ratio) { return sample_modulus(o.contact, unit * std::pow(ratio, power)); };
  int masked = 0;
#pragma omp parallel for schedule(static) reduction(+ : masked)
  for (std::int64_t pixel = 0; pixel < static_cast<std::int64_t>(n); ++pixel) {
    const auto i = static_cast<std::size_t>(pixel);
    const double f = p.frequency[i];
    if (!std::isfinite(f)) continue;
    std::optional<double> q;
    if (quality && quality->values[i] > 0)
      if (const double d = damping(o, f, quality->values[i]); d > 0) q = 1 / d;
    const auto ratio_at = [&](double at) {
      return at > *o.contact.free_frequency ? contact_ratio(o.contact, contact_wavenumber(o.contact, at, q))
                                            : std::complex<double>(NAN, NAN);
    };
    const std::complex<double> k = ratio_at(f);
    p.ratio[i] = k.real(), p.modulus[i] = modulus(k.real());
    masked += !std::isfinite(p.modulus[i]);
    if (f_error > 0) p.modulus_error[i] = std::abs(modulus(ratio_at(f + f_error).real()) - modulus(ratio_at(f - f_error).real())) / 2;
    if (q) p.loss[i] = k.imag() / k.real();
  }
  p.masked = masked;
  return p;
}

/// Relative error of the modulus at the middle frequency from the errors of all that is common to the pixels.
double scale_error(const Options& o, double frequency) {
  double variance = 0;
  for (const auto& [name, error] : o.contact.errors) {
    if (name == "contact_frequency" || name == "quality") continue;
    const auto [low, high] = detail::around(o.contact, name, error);
    const auto at = [&](const ContactResonanceOptions& c) {
      return sample_modulus(c, contact_modulus(c, contact_ratio(c, contact_wavenumber(c, frequency, {})).real()));
    };
    variance += std::pow((at(high) - at(low)) / (2 * at(o.contact)), 2);
  }
  return o.contact.errors.empty() ? NAN : std::sqrt(variance);
}

double median(std::vector<double> v) {
  std::erase_if(v, [](double x) { return !std::isfinite(x); });
  if (v.empty()) return NAN;
  std::nth_element(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2), v.end());
  return v[v.size() / 2];
}

/// Mean with the error of `independent` areas and of the scale.
Measured mean_of(const MapMoments& m, double independent, double scale) {
  const double statistical = m.sd / std::sqrt(std::max(2.0, independent));
  return {m.mean, std::hypot(statistical, std::isfinite(scale) ? m.mean * scale : 0),
          std::isfinite(scale) ? "independent areas, and errors of the options" : "independent areas of 2 pi l^2"};
}

void widths(const MapView& map, const Options&, ContactResonanceMap& r) {
  const MapMoments all = numeric::moments(map.values);
  for (std::size_t edge = 1; edge <= std::min(map.width, map.height) / 4; edge *= 2) {
    std::vector<double> blocks;
    for (std::size_t y = 0; y + edge <= map.height; y += edge)
      for (std::size_t x = 0; x + edge <= map.width; x += edge) {
        double sum = 0, n = 0;
        for (std::size_t b = y; b < y + edge; ++b)
          for (std::size_t a = x; a < x + edge; ++a)
            if (std::isfinite(map.at(a, b))) sum += map.at(a, b), ++n;
        if (2 * n > static_cast<double>(edge * edge)) blocks.push_back(sum / n);
      }
    if (blocks.size() < 8) break;
    const MapMoments m = numeric::moments(blocks);
    const auto e = static_cast<double>(edge);
    r.scale.push_back(e * std::sqrt(map.pixel_width * map.pixel_height)), r.width.push_back(m.sd / m.mean);
    r.width_error.push_back(m.sd / m.mean / std::sqrt(2.0 * (static_cast<double>(blocks.size()) - 1)));
    r.width_shuffled.push_back(all.sd / all.mean / e);
  }
}

Table noise_control(const MapView& map, const numeric::MapCorrelation& c, const Options& o, Context& context) {
  const numeric::MapSurrogates source(map);
  const numeric::CorrelationLengths own = numeric::correlation_lengths(map, c);
  std::vector<double> xi, decay;
  for (int s = 0; s < o.surrogates; ++s) {
    context.check_cancelled();
    context.progress(0.5 + 0.5 * s / o.surrogates, fmt::format("random map {} of {}", s + 1, o.surrogates));
    const std::vector<double> random = source.draw(static_cast<std::uint64_t>(o.seed) * 1000003u + static_cast<std::uint64_t>(s));
    const numeric::CorrelationLengths l =
        numeric::correlation_lengths({map.width, map.height, map.pixel_width, map.pixel_height, random}, c);
    xi.push_back(l.xi), decay.push_back(l.decay_length);
  }
  numeric::NoiseTable table;
  table.add("correlation length xi [nm]", own.xi, xi);
  table.add("1/e length [nm]", own.decay_length, decay);
  return table.table();
}

/// The part of a map that has a partner, from column and row on.
struct Overlap {
  std::size_t width, height, x1, y1, x2, y2;  ///< corner in the first and in the second map
};

Overlap overlap_of(const Image& image, const Alignment& a) {
  const auto w = static_cast<std::ptrdiff_t>(image.width), h = static_cast<std::ptrdiff_t>(image.height);
  const auto positive = [](std::ptrdiff_t v) { return static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, v)); };
  return {positive(w - std::abs(a.x)), positive(h - std::abs(a.y)), positive(-a.x), positive(-a.y), positive(a.x), positive(a.y)};
}

void compare(const Image& before, const Image& after, const Pixels& one, const Pixels& two, const Options& o, double independent,
             ContactResonanceMap& r, Context& context) {
  if (before.width != after.width || before.height != after.height ||
      std::abs(before.pixel_width - after.pixel_width) > 1e-6 * before.pixel_width)
    throw InputError(
        fmt::format("probes/contact_resonance_map: images before and after must have the same pixels, got {} x {} of {:.6g} nm and {} x {} "
                    "of {:.6g} nm",
                    before.width, before.height, before.pixel_width, after.width, after.height, after.pixel_width));
  Alignment a;
  if (o.align) {
    a = alignment(map_of(before, one.frequency), map_of(after, two.frequency));
    if (a.coefficient < 0.3)
      context.warn(fmt::format("the two images are hardly alike (correlation {:.2f}): their alignment is doubtful", a.coefficient));
  }
  r.shift_x = a.x, r.shift_y = a.y;
  const Overlap p = overlap_of(before, a);
  r.shift_map = Matrix(p.height, p.width, NAN), r.ratio_map = Matrix(p.height, p.width, NAN);
  std::size_t both = 0;
  for (std::size_t y = 0; y < p.height; ++y)
    for (std::size_t x = 0; x < p.width; ++x) {
      const std::size_t i = (y + p.y1) * before.width + x + p.x1, j = (y + p.y2) * before.width + x + p.x2;
      r.shift_map(y, x) = two.frequency[j] - one.frequency[i], r.ratio_map(y, x) = two.modulus[j] / one.modulus[i];
      both += std::isfinite(r.shift_map(y, x));
    }
  r.overlap_x = x_axis(before), r.overlap_y = y_axis(before);
  r.overlap_x.resize(p.width), r.overlap_y.resize(p.height);
  const MapMoments shift = numeric::moments(r.shift_map.values), ratio = numeric::moments(r.ratio_map.values);
  const double n = std::max(2.0, independent * static_cast<double>(both));
  r.shift_mean = {shift.mean, shift.sd / std::sqrt(n), "independent areas of 2 pi l^2"};
  r.shift_sd = {shift.sd, shift.sd / std::sqrt(2 * (n - 1)), r.shift_mean.note};
  r.modulus_ratio = {ratio.mean, ratio.sd / std::sqrt(n), r.shift_mean.note};
}

void check(std::span<const Image> images, const Options& o) {
  if (images.empty())
    throw InputError(
        "probes/contact_resonance_map: an image of contact frequencies must be given; a single resonance: probes/contact_resonance");
  if (images.size() > 2)
    throw InputError(fmt::format("probes/contact_resonance_map: takes one image, or two (before and after), got {}", images.size()));
  if (!o.contact.free_frequency)
    throw InputError("probes/contact_resonance_map: --free-frequency (kHz), of the same mode in air, must be given");
  if (!std::isfinite(contact_modulus(o.contact, 1)))
    throw InputError(
        "probes/contact_resonance_map: moduli need --reference-modulus with --reference-frequency, or --spring-constant, --tip-radius and "
        "(sphere) --load");
}

constexpr std::size_t least_pixels = 18;  // of a map whose correlation is measured

}  // namespace

ContactResonanceMap contact_resonance_map(std::span<const Image> images, const Options& o, Context& context) {
  check(images, o);
  check_errors(o.contact.errors);
  const Image& image = images.front();
  Pixels p = evaluated(image, o);
  const MapView map = map_of(image, p.modulus);
  const MapMoments modulus = numeric::moments(p.modulus), frequency = numeric::moments(p.frequency);
  ContactResonanceMap r;
  r.pixels = static_cast<int>(modulus.pixels), r.masked = p.masked;
  if (modulus.pixels == 0)
    throw InputError(
        fmt::format("probes/contact_resonance_map: contact frequencies must lie above the free one, {:.6g} kHz, and below the pinned "
                    "limit, and the contact be softer than the tip; got {:.6g} kHz in the mean",
                    *o.contact.free_frequency, frequency.mean));
  if (modulus.pixels < least_pixels)
    throw InputError(
        fmt::format("{}: at least {} pixels must have a modulus, got {} of {}: the others lie at or below the free frequency, "
                    "beyond the pinned limit, or are stiffer than the tip, {:g} GPa (--tip-modulus)",
                    image.source, least_pixels, modulus.pixels, image.size(), o.contact.tip_modulus));
  if (p.masked > 0)
    context.warn(
        fmt::format("{} pixels are masked: at or below the free frequency, beyond the pinned limit, or stiffer than the tip", p.masked));
  context.progress(0.3, "lengths");
  const numeric::MapCorrelation c = numeric::map_correlation(map, {.tip_radius = o.contact.tip_radius});
  for (const std::string& note : c.notes) context.warn(note);
  const double share = independent_share(map, c.decay_length.value), n = share * static_cast<double>(modulus.pixels);
  r.scale_error = scale_error(o, median(p.frequency));
  r.frequency_mean = mean_of(frequency, n, NAN), r.modulus_mean = mean_of(modulus, n, r.scale_error);
  r.modulus_sd = {modulus.sd, modulus.sd / std::sqrt(2 * std::max(1.0, n - 1)), "independent areas of 2 pi l^2"};
  r.modulus_width = {modulus.sd / modulus.mean, r.modulus_sd.error / modulus.mean, r.modulus_sd.note};
  r.stiffness_mean = mean_of(numeric::moments(p.ratio), n, NAN);
  if (image.find("quality"))
    r.loss_mean = mean_of(numeric::moments(p.loss), n, NAN);
  else
    r.loss_mean.note = "needs a channel of quality factors";
  r.correlation_length = c.xi, r.decay_length = c.decay_length, r.resolved = c.resolved;
  r.barrier = constants::boltzmann * o.temperature * std::log(o.attempt_frequency / (frequency.mean * 1e3));
  const double f = median(p.frequency),
               pinned = std::pow(resonance({.tip_position = o.contact.tip_position}, 1e6, o.contact.mode) / free_mode(o.contact.mode), 2);
  if (f > 0.97 * pinned * *o.contact.free_frequency)
    context.warn(fmt::format("the contact frequency {:.6g} kHz is near that of a pinned tip, {:.6g} kHz: it says little of the stiffness",
                             f, pinned * *o.contact.free_frequency));
  widths(map, o, r);
  r.x = x_axis(image), r.y = y_axis(image);
  r.shift_mean.note = r.shift_sd.note = r.modulus_ratio.note = "needs an image after treatment";
  if (images.size() == 2) compare(image, images[1], p, evaluated(images[1], o), o, share, r, context);
  r.noise = o.surrogates > 1 ? noise_control(map, c, o, context) : numeric::NoiseTable().table();
  r.modulus_map_error = matrix_of(image, std::move(p.modulus_error)), r.stiffness_map = matrix_of(image, std::move(p.ratio));
  if (image.find("quality")) r.loss_map = matrix_of(image, std::move(p.loss));
  r.modulus_map = matrix_of(image, std::move(p.modulus));
  return r;
}

const Fields& ContactResonanceMapOptions::fields() {
  using O = ContactResonanceMapOptions;
  static const Fields table = [] {
    Fields own = with_nested<&O::contact>({});
    std::erase_if(own, [](const Field& f) { return f.name == "kl" || f.name == "contact_frequency" || f.name == "quality"; });
    for (Field& f : own)
      if (f.name == "errors") f.help = "standard errors: contact_frequency (of a pixel) and options, NAME=VALUE in their units";
    own.push_back(
        field<&O::free_quality>("free_quality", "1", "quality factor of the free cantilever, whose damping is taken off").positive());
    own.push_back(field<&O::align>("align", "", "lay the second image over the first by the best whole-pixel shift"));
    own.push_back(field<&O::temperature>("temperature", "K", "of the sample").positive());
    own.push_back(field<&O::attempt_frequency>("attempt_frequency", "Hz", "of activated events").positive());
    own.push_back(field<&O::surrogates>("surrogates", "1", "random maps with the same histogram and spectrum to compare with; 0: none")
                      .range(0, 999));
    own.push_back(field<&O::seed>("seed", "1", "of the random maps").range(0, 2147483647));
    return own;
  }();
  return table;
}

const ColumnRoles& ContactResonanceMapOptions::channels() {
  static const ColumnRoles roles = {
      {"contact_frequency",
       "kHz",
       "contact resonance at each pixel",
       true,
       {"frequency", "resonancefrequency", "frequencyretrace", "frequencytrace", "data"}},
      {"quality", "1", "quality factor of the contact resonance", false, {"q", "qualityfactor", "qretrace", "qtrace"}}};
  return roles;
}

const Fields& ContactResonanceMap::fields() {
  using R = ContactResonanceMap;
  static const Fields table = {
      field<&R::pixels>("pixels", "1", "pixels with a modulus").exact("counted"),
      field<&R::masked>("masked", "1", "pixels whose frequency has no stiffness").exact("counted"),
      field<&R::frequency_mean>("frequency_mean", "kHz", "mean contact frequency"),
      field<&R::modulus_mean>("modulus_mean", "GPa", "mean indentation modulus E/(1 - nu^2)"),
      field<&R::modulus_sd>("modulus_sd", "GPa", "standard deviation of the moduli"),
      field<&R::modulus_width>("modulus_width", "1", "standard deviation over mean"),
      field<&R::scale_error>("scale_error", "1", "relative error of moduli that all pixels share").exact("from --errors; it is one"),
      field<&R::stiffness_mean>("stiffness_mean", "1", "mean contact stiffness over spring constant"),
      field<&R::loss_mean>("loss_mean", "1", "mean loss tangent"),
      field<&R::correlation_length>("correlation_length", "nm", "xi of the height-height correlation of moduli"),
      field<&R::decay_length>("decay_length", "nm", "where the autocorrelation of moduli has fallen to 1/e"),
      field<&R::resolved>("resolved", "", "the length exceeds 3 pixels and the tip's radius").exact("a comparison"),
      field<&R::barrier>("barrier", "eV", "kT ln(attempt frequency / contact frequency)").exact("formula at exact values"),
      field<&R::x>("x", "nm", "along the scan lines").exact("set by the pixels"),
      field<&R::y>("y", "nm", "down the image").exact("set by the pixels"),
      field<&R::modulus_map>("modulus_map", "GPa", "indentation modulus").map("x", "y"),
      field<&R::modulus_map_error>("modulus_map_error", "GPa", "from the error of a pixel's frequency").error_for("modulus_map"),
      field<&R::stiffness_map>("stiffness_map", "1", "contact stiffness over spring constant").map("x", "y").exact("see modulus_map_error"),
      field<&R::loss_map>("loss_map", "1", "loss tangent").map("x", "y").exact("the image gives no errors of quality factors"),
      field<&R::scale>("scale", "nm", "edge of the squares averaged over").exact("chosen").log_axis(),
      field<&R::width>("width", "1", "standard deviation over mean of the averages").over("scale", Plot::points).log_axis(),
      field<&R::width_error>("width_error", "1", "of a normal sample").error_for("width"),
      field<&R::width_shuffled>("width_shuffled", "1", "of the same pixels in random order")
          .over("scale")
          .with("width")
          .exact("expected value"),
      field<&R::shift_mean>("shift_mean", "kHz", "mean frequency after less before"),
      field<&R::shift_sd>("shift_sd", "kHz", "standard deviation of the shift"),
      field<&R::modulus_ratio>("modulus_ratio", "1", "mean modulus after over before, pixel by pixel"),
      field<&R::shift_x>("shift_x", "1", "columns by which the second image was moved").exact("whole pixels"),
      field<&R::shift_y>("shift_y", "1", "rows by which the second image was moved").exact("whole pixels"),
      field<&R::overlap_x>("overlap_x", "nm", "along the scan lines of the common part").exact("set by the pixels"),
      field<&R::overlap_y>("overlap_y", "nm", "down the common part").exact("set by the pixels"),
      field<&R::shift_map>("shift_map", "kHz", "frequency after less before")
          .map("overlap_x", "overlap_y")
          .exact("the images give no errors"),
      field<&R::ratio_map>("ratio_map", "1", "modulus after over before").map("overlap_x", "overlap_y").exact("the images give no errors"),
      field<&R::noise>("noise", "", "lengths on random maps with this histogram and spectrum").exact("its own spread is a column"),
  };
  return table;
}

const Analysis& contact_resonance_map_analysis() {
  static const Analysis entry =
      analysis<&contact_resonance_map>("probes", "contact_resonance_map",
                                       "maps of modulus and damping from maps of contact resonance, before and after, width against scale",
                                       {{"Rabe, Janser, Arnold, Rev. Sci. Instrum. 67, 3281 (1996)", "10.1063/1.1147409"},
                                        {"Wagner et al., Nat. Mater. 10, 439 (2011)", "10.1038/nmat3024"}});
  return entry;
}

}  // namespace heteroglass::probes
