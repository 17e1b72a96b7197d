#include "probes/tapping_afm.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/propagation.hpp"
#include "numeric/map_levelling.hpp"
#include "probes/afm/dissipation_site.hpp"
#include "probes/afm/map_input.hpp"
#include "probes/afm/site_tables.hpp"
#include "probes/afm/tapping_signal.hpp"
#include "probes/tapping_oscillator.hpp"

namespace heteroglass::probes {
namespace {

using Options = TappingAfmOptions;
using Result = TappingAfm;

double needed(const std::optional<double>& given, const Image* image, const char* property, const char* unit, const char* flag) {
  if (given) return *given;
  const std::optional<double> v = image ? image->property(property, unit) : std::nullopt;
  if (!v)
    throw InputError(fmt::format("{}: --{} ({}) must be given{}", image ? image->source : "probes/tapping_afm", flag,
                                 unit == std::string("1") ? "a number" : unit,
                                 image ? fmt::format(", since the file does not say it; or --property {}=VALUE", property) : ""));
  if (!(*v > 0)) throw InputError(fmt::format("{}: the {} must be positive, got {} {}", image->source, property, *v, unit));
  return *v;
}

/// Given, or f0 over the width of the resonance, or of the file.
double quality_of(const Options& o, const Image* image) {
  if (o.quality || !o.resonance_width) return needed(o.quality, image, "quality", "1", "quality");
  std::optional<double> resonance = image ? image->property("resonance_frequency", "kHz") : std::nullopt;
  if (!resonance && o.drive_frequency) resonance = *o.drive_frequency / o.frequency_ratio.value_or(1);
  if (!resonance) throw InputError("--resonance-width: the resonance must be known, by the file or by --drive-frequency (kHz)");
  return *resonance / *o.resonance_width;
}

void warn_of_width(const Options& o, double quality, Context& context) {
  if (quality < 200)
    context.warn(fmt::format("Q = {:.4g} is below 200: {}", quality,
                             o.resonance_width && !o.quality ? "the width of the resonance does not give it accurately"
                                                             : "it is not accurate if it was read from the width of the resonance"));
}

Cantilever lever_of(const Options& o, const Image* image) {
  Cantilever l;
  l.spring_constant = needed(o.spring_constant, image, "spring_constant", "N/m", "spring-constant");
  l.quality = quality_of(o, image);
  l.free_amplitude = needed(o.free_amplitude, image, "free_amplitude", "nm", "free-amplitude");
  l.frequency_ratio = o.frequency_ratio.value_or(1);
  return l;
}

TappingReference reference_of(const Options& o) {
  return {o.phase_convention, o.phase_offset, o.free_at, o.reference_correction, o.negative_share};
}

double unit_energy(const Cantilever& l, double amplitude) {
  return std::numbers::pi * l.spring_constant * amplitude * l.free_amplitude / l.quality * 1e-18 / constants::elementary_charge;
}

Measured barrier(const Options& o, std::optional<double> frequency) {  // kHz
  if (!frequency) return {NAN, NAN, "needs --drive-frequency"};
  return {constants::boltzmann * o.temperature * std::log(o.attempt_frequency / (2 * std::numbers::pi * *frequency * 1e3)), NAN, {}};
}

/// One amplitude and phase.
Result evaluated(const Options& o) {
  Result r;
  const Cantilever given = lever_of(o, nullptr), lever = at_resonance(reference_of(o), given);
  const double lag = phase_lag(reference_of(o), given, *o.phase);
  r.dissipation.value = tapping_dissipation(lever, *o.amplitude, lag);
  r.normalised_dissipation.value = r.dissipation.value / unit_energy(lever, *o.amplitude);
  r.mean_force.value = tapping_force(lever, *o.amplitude, lag);
  r.energy_barrier = barrier(o, o.drive_frequency);
  r.free_amplitude = lever.free_amplitude, r.frequency_ratio = lever.frequency_ratio, r.phase_correction = 0;
  return r;
}

void without_images(Result& r) {
  for (Measured* m : {&r.dissipation_mean,   &r.dissipation_sd, &r.variation,    &r.skew,          &r.force_mean,       &r.energy_per_unit,
                      &r.correlation_length, &r.exponent,       &r.roughness,    &r.decay_length,  &r.line_noise,       &r.region_density,
                      &r.region_radius,      &r.region_d_max,   &r.region_d_min, &r.region_aspect, &r.region_direction, &r.cluster_exponent,
                      &r.cluster_cutoff,     &r.two_fold,       &r.four_fold})
    m->note = "needs an image";
}

/// A map ready for its structure, and what was done to it.
struct Prepared {
  TappingSignal signal;
  Cantilever lever;
  bool has_lever = false;
  std::vector<double> structure;
  std::vector<Explained> explained;
  double negative = 0;
};

void remark(const Options& o, const Image& image, const Prepared& p, Context& context) {
  if (!p.has_lever) return;
  const auto say = [&](const std::string& text) { context.warn(fmt::format("{}: {}", image.source, text)); };
  warn_of_width(o, p.lever.quality, context);
  const auto drive = image.property("drive_frequency", "Hz"), resonance = image.property("resonance_frequency", "Hz");
  if (drive && resonance && !o.frequency_ratio && std::abs(*drive / *resonance - 1) > 1e-4) {
    const double ratio = *drive / *resonance,
                 less = (ratio - 1) * unit_energy(p.lever, p.signal.mean_amplitude) * p.signal.mean_amplitude / p.lever.free_amplitude;
    say(
        fmt::format("the drive is taken as at resonance; the file has {:.6f} of it: with --frequency-ratio {:.6f} the mean dissipation is "
                    "{:.3g} eV larger (with --free-at drive if the free amplitude was set at the drive)",
                    ratio, ratio, -less));
  }
  const auto free = image.property("free_phase", "deg");
  if (p.negative > 0.02 && o.reference_correction == "none")
    say(
        fmt::format("{:.1f} % of the pixels give energy, which a surface cannot: the reference of phase or amplitude is wrong{}; see "
                    "--reference-correction",
                    100 * p.negative,
                    free && std::abs(*free - 90) > 0.5 ? fmt::format(" (the file says that the free phase is {:.4g} deg)", *free) : ""));
}

Prepared prepared(const Image& image, const Options& o, Context& context) {
  Prepared p;
  p.has_lever = image.find("phase") != nullptr;
  if (p.has_lever) p.lever = lever_of(o, &image);
  p.signal = tapping_signal(image, p.lever, reference_of(o), o.amplitude, o.amplitude_sensitivity);
  std::size_t negative = 0, pixels = 0;
  for (const double e : p.signal.energy) negative += e < 0, pixels += std::isfinite(e);
  if (pixels == 0) throw InputError(fmt::format("{}: at least one pixel must not be masked, got none", image.source));
  p.negative = double(negative) / double(pixels);
  const auto [counted, mean, sd] = numeric::moments(p.signal.energy);
  if (!(sd > 1e-9 * std::abs(mean)))
    throw InputError(fmt::format("{}: pixels must differ, got {} pixels with a dissipation of {:.6g} eV", image.source, counted, mean));
  p.structure = numeric::levelled(map_of(image, p.signal.energy), o.level);
  const double now = numeric::moments(p.structure).mean;
  for (double& v : p.structure) v += mean - now;
  p.structure = decorrelated(image, std::move(p.structure), o.decorrelate, p.explained);
  remark(o, image, p, context);
  return p;
}

SiteSettings settings_of(const Options& o, const Prepared& p) {
  SiteSettings s{.loose_percent = o.loose_percent,
                 .dense_percent = o.dense_percent,
                 .least_pixels = std::size_t(o.least_pixels),
                 .tip_radius = o.tip_radius,
                 .r_max = o.r_max,
                 .seed = std::uint64_t(o.seed)};
  if (o.dense_below && p.has_lever) {
    Cantilever l = p.lever;
    l.free_amplitude = p.signal.free_amplitude;
    s.dense_below = *o.dense_below * unit_energy(l, p.signal.mean_amplitude);
  }
  return s;
}

void histogram(std::span<const double> values, Result& r) {
  std::vector<double> v;
  std::copy_if(values.begin(), values.end(), std::back_inserter(v), [](double x) { return std::isfinite(x); });
  std::sort(v.begin(), v.end());
  const auto at = [&](double q) { return v[std::size_t(q * double(v.size() - 1))]; };
  const double low = at(0.001), high = at(0.999);
  const std::size_t bins = std::clamp<std::size_t>(std::size_t(std::cbrt(double(v.size())) * 2), 10, 100);
  if (!(high > low)) return;
  const double width = (high - low) / double(bins);
  r.density.assign(bins, 0);
  for (std::size_t b = 0; b < bins; ++b) r.energy.push_back(low + (double(b) + 0.5) * width);
  for (const double x : v)
    if (x >= low && x <= high) r.density[std::min(bins - 1, std::size_t((x - low) / width))] += 1 / (double(v.size()) * width);
}

void show_correlation(const numeric::MapCorrelation& c, double pixel, Result& r) {
  r.correlation_length = c.xi, r.exponent = c.exponent, r.roughness = c.roughness, r.decay_length = c.decay_length,
  r.line_noise = c.line_noise;
  r.resolved = c.resolved, r.correlation_pixels = c.xi.value / pixel;
  r.distance = c.distance, r.structure = c.structure, r.structure_error = c.structure_error, r.structure_fit = c.fitted;
  for (std::size_t k = 0; k < c.distance.size(); ++k)
    r.autocorrelation.push_back(c.autocorrelation[k] / c.autocorrelation[0]),
        r.autocorrelation_error.push_back(c.autocorrelation_error[k] / c.autocorrelation[0]);
}

void show_regions(const SiteRegions& s, std::size_t least, double pixel_area, Result& r) {
  r.region_threshold = s.loose_above;
  r.alignment = s.shape.orientation.resultant, r.rayleigh_p = s.shape.orientation.rayleigh_p, r.kuiper_p = s.shape.orientation.kuiper_p;
  r.region_direction = s.shape.orientation.mean_direction;
  for (const numeric::RegionShape& shape : s.loose.shape)
    if (shape.pixels >= least && !shape.touches_edge) r.inclination.push_back(std::abs(shape.inclination));
  r.regions = region_table(s.loose);
  r.clusters = int(s.clusters), r.cluster_threshold = s.dense_below, r.largest_cluster = s.largest_share;
  r.cluster_p = s.law.p_value, r.power_law_p = s.law.power_law_p;
  std::vector<std::size_t> sizes = s.cluster_pixels;
  std::sort(sizes.begin(), sizes.end());
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (i > 0 && sizes[i] == sizes[i - 1]) continue;
    r.cluster_radius.push_back(std::sqrt(double(sizes[i]) * pixel_area / std::numbers::pi));
    r.cluster_beyond.push_back(double(sizes.size() - i));
    const double edge = std::sqrt((double(sizes[i]) - 0.5) * pixel_area / std::numbers::pi);
    r.cluster_law.push_back(sizes[i] >= least ? double(s.law.clusters) * s.law.beyond(edge) : NAN);
  }
}

/// What is drawn and listed in full: the first image.
void show(const Image& image, const Prepared& p, const Site& s, const Options& o, Context& context, Result& r) {
  const numeric::MapView map = map_of(image, p.structure);
  show_correlation(s.correlation, std::max(image.pixel_width, image.pixel_height), r);
  show_regions(s.regions, std::size_t(o.least_pixels), image.pixel_width * image.pixel_height, r);
  r.negative_fraction = p.negative, r.phase_sd = p.signal.phase_sd, r.phase_correction = p.signal.phase_correction;
  if (p.has_lever) r.free_amplitude = p.signal.free_amplitude, r.frequency_ratio = p.lever.frequency_ratio;
  if (s.has_angular) r.two_fold_p = s.angular.two_fold_p, r.four_fold_p = s.angular.four_fold_p, r.two_fold_direction = s.angular.direction;
  histogram(p.signal.energy, r);
  r.explained = explained_table(p.explained);
  r.x = x_axis(image), r.y = y_axis(image);
  r.dissipation_map = matrix_of(image, p.signal.energy), r.structure_map = matrix_of(image, p.structure);
  if (!p.signal.force.empty()) r.force_map = matrix_of(image, p.signal.force);
  std::vector<double> label(s.regions.loose.label.begin(), s.regions.loose.label.end());
  for (std::size_t i = 0; i < label.size(); ++i)
    if (!std::isfinite(p.structure[i])) label[i] = NAN;
  r.region_map = matrix_of(image, std::move(label));
  if (o.surrogates > 1)
    r.noise = site_noise(map, s, settings_of(o, p), o.surrogates, context);
  else
    context.warn("without surrogates nothing tells these numbers from those of smoothed noise");
}

Measured per_unit(const Options& o, const Prepared& p, const SiteRegions& s) {
  if (!o.unit_volume || !o.contact_volume) return {NAN, NAN, "needs --unit-volume and --contact-volume"};
  double high = 0, n_high = 0, low = 0, n_low = 0;
  for (const double e : p.structure) {
    if (!std::isfinite(e)) continue;
    if (e >= s.loose_above)
      high += e, ++n_high;
    else
      low += e, ++n_low;
  }
  return {(high / n_high - low / n_low) * *o.unit_volume / *o.contact_volume, NAN, "no errors of the volumes are known"};
}

SiteRow row_of(const Options& o, const Image& image, const Prepared& p, const Site& s, double first_threshold) {
  SiteRow row;
  row.file = image.source;
  const Moments m = block_moments(map_of(image, p.signal.energy));
  const RegionStatistics& g = s.regions.shape;
  std::size_t above = 0;
  for (const double e : p.structure) above += e >= first_threshold;
  double force = 0, n = 0;
  for (const double f : p.signal.force)
    if (std::isfinite(f)) force += f, ++n;
  const double density = g.per_area * 1e6, area = 1e-6 * double(m.pixels) * image.pixel_width * image.pixel_height;  // um^2
  const auto exactly = [](double v) { return Measured{v, NAN, "of one map"}; };
  const double relative = std::hypot(m.sd.error / m.sd.value, m.mean.error / m.mean.value);
  row.value = {
      m.mean,
      m.sd,
      {m.sd.value / m.mean.value, std::abs(m.sd.value / m.mean.value) * relative, m.sd.note},
      m.skew,
      exactly(p.negative),
      exactly(n > 0 ? force / n : NAN),
      s.correlation.xi,
      s.correlation.exponent,
      s.correlation.roughness,
      s.correlation.decay_length,
      s.correlation.line_noise,
      {density, std::sqrt(std::max(1.0, density * area)) / area, "counting"},
      g.radius,
      g.d_max,
      g.d_min,
      g.aspect,
      s.regions.law.exponent,
      s.regions.law.cutoff,
      {s.has_angular ? s.angular.two_fold : NAN, s.has_angular ? s.angular.two_fold_level : NAN, "of an isotropic map of this size"},
      {s.has_angular ? s.angular.four_fold : NAN, s.has_angular ? s.angular.four_fold_level : NAN, "of an isotropic map of this size"},
      exactly(double(above) / double(m.pixels)),
      per_unit(o, p, s.regions)};
  return row;
}

void average(const std::vector<SiteRow>& rows, Result& r) {
  const std::array<Measured*, site_quantities> to = {&r.dissipation_mean,
                                                     &r.dissipation_sd,
                                                     &r.variation,
                                                     &r.skew,
                                                     nullptr,
                                                     &r.force_mean,
                                                     &r.correlation_length,
                                                     &r.exponent,
                                                     &r.roughness,
                                                     &r.decay_length,
                                                     &r.line_noise,
                                                     &r.region_density,
                                                     &r.region_radius,
                                                     &r.region_d_max,
                                                     &r.region_d_min,
                                                     &r.region_aspect,
                                                     &r.cluster_exponent,
                                                     &r.cluster_cutoff,
                                                     &r.two_fold,
                                                     &r.four_fold,
                                                     nullptr,
                                                     &r.energy_per_unit};
  for (std::size_t q = 0; q < site_quantities; ++q)
    if (to[q]) *to[q] = over_sites(rows, q);
  if (rows.size() > 1) r.negative_fraction = over_sites(rows, 4).value;
}

}  // namespace

TappingAfm tapping_afm(std::span<const Image> images, const Options& o, Context& context) {
  if (images.empty()) {
    if (!o.amplitude || !o.phase) throw InputError("probes/tapping_afm: an image, or --amplitude (nm) and --phase (deg), must be given");
    Result r = propagated<Result>(o, o.errors, evaluated);
    without_images(r);
    warn_of_width(o, lever_of(o, nullptr).quality, context);
    if (r.dissipation.value < 0) context.warn("a surface cannot give energy: the reference of phase or amplitude is wrong");
    return r;
  }
  const std::size_t first = std::size_t(o.before.value_or(images.size() == 2 ? 1 : 0));
  if (first >= images.size() && o.before)
    throw InputError(fmt::format("--before: must leave an image for after, got {} of {} images", first, images.size()));
  Result r;
  for (Measured* m : {&r.dissipation, &r.normalised_dissipation, &r.mean_force}) m->note = "of one amplitude and phase, without an image";
  std::vector<Prepared> all;
  std::vector<Site> sites;
  double threshold = 0;
  for (std::size_t i = 0; i < images.size(); ++i) {
    context.check_cancelled();
    context.progress(0.3 * double(i) / double(images.size()), "maps");
    all.push_back(prepared(images[i], o, context));
    SiteSettings settings = settings_of(o, all[i]);
    if (i > 0) settings.samples = 0;  // the goodness of fit is shown for the first image
    try {
      sites.push_back(site(map_of(images[i], all[i].structure), settings));
    } catch (const InputError& e) {
      throw InputError(fmt::format("{}: {}", images[i].source, e.what()));
    }
    for (const std::string& note : sites[i].correlation.notes) context.warn(fmt::format("{}: {}", images[i].source, note));
    if (i < std::max<std::size_t>(first, 1)) threshold += sites[i].regions.loose_above / double(std::max<std::size_t>(first, 1));
  }
  std::vector<SiteRow> rows;
  for (std::size_t i = 0; i < images.size(); ++i) rows.push_back(row_of(o, images[i], all[i], sites[i], threshold));
  show(images[0], all[0], sites[0], o, context, r);
  average(rows, r);
  std::optional<double> frequency = o.drive_frequency;
  if (!frequency) frequency = images[0].property("drive_frequency", "kHz");
  if (!frequency) frequency = images[0].property("resonance_frequency", "kHz");
  r.energy_barrier = barrier(o, frequency);
  if (r.energy_barrier.note.empty()) r.energy_barrier.note = "closed form; a factor of ten in the attempt frequency is 2.3 kT";
  r.sites = site_table(rows);
  r.comparison = comparison_table(rows, first);
  if (images.size() > 1)
    context.warn(
        fmt::format("maps, regions and noise control are of {}; numbers are means over {} images", images[0].source, images.size()));
  return r;
}

const Analysis& tapping_afm_analysis() {
  static const Analysis entry =
      analysis<&tapping_afm>("probes", "tapping_afm", "energy dissipated under a tapping tip, its map, lengths, loose and dense regions",
                             {{"Cleveland, Anczykowski, Schmid, Elings, Appl. Phys. Lett. 72, 2613 (1998)", "10.1063/1.121434"},
                              {"Liu et al., Phys. Rev. Lett. 106, 125504 (2011)", "10.1103/PhysRevLett.106.125504"},
                              {"Qiao et al., Prog. Mater. Sci. 104, 250 (2019), section 3.3", "10.1016/j.pmatsci.2019.04.005"},
                              {"Clauset, Shalizi, Newman, SIAM Rev. 51, 661 (2009)", "10.1137/070710111"},
                              {"Schreiber, Schmitz, Phys. Rev. Lett. 77, 635 (1996)", "10.1103/PhysRevLett.77.635"}});
  return entry;
}

}  // namespace heteroglass::probes
