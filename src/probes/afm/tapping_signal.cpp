#include "probes/afm/tapping_signal.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "numeric/map_levelling.hpp"
#include "probes/afm/map_input.hpp"
#include "probes/tapping_oscillator.hpp"

namespace heteroglass::probes {
namespace {

constexpr double degree = std::numbers::pi / 180;

/// The value that a share of the values exceeds.
double upper_quantile(std::vector<double> v, double share) {
  std::erase_if(v, [](double x) { return !std::isfinite(x); });
  if (v.empty()) return NAN;
  const auto at = v.begin() + std::ptrdiff_t(std::min(double(v.size() - 1), std::ceil((1 - share) * double(v.size())) - 1));
  std::nth_element(v.begin(), at, v.end());
  return *at;
}

struct Pixels {
  std::vector<double> amplitude, lag;
};

double mean_of(const std::vector<double>& v) { return numeric::moments(v).mean; }

/// Degrees to add so that sin(lag) reaches r A/A0 in all but a share of the pixels, from either side of 90.
double needed_phase(const Pixels& p, const Cantilever& l, double share) {
  const bool below = mean_of(p.lag) < 90;
  std::vector<double> need;
  for (std::size_t i = 0; i < p.lag.size(); ++i) {
    const double least = std::asin(std::min(1.0, l.frequency_ratio * p.amplitude[i] / l.free_amplitude)) / degree;
    need.push_back(below ? least - p.lag[i] : p.lag[i] - (180 - least));
  }
  const double d = std::max(0.0, upper_quantile(std::move(need), share));
  return below ? d : -d;
}

double needed_amplitude(const Pixels& p, const Cantilever& l, double share) {
  std::vector<double> need;
  for (std::size_t i = 0; i < p.lag.size(); ++i) need.push_back(l.frequency_ratio * p.amplitude[i] / std::sin(p.lag[i] * degree));
  return std::max(l.free_amplitude, upper_quantile(std::move(need), share));
}

/// In nm, whatever the image has.
std::vector<double> amplitudes(const Image& image, std::optional<double> constant, std::optional<double> sensitivity) {
  if (const ImageChannel* a = image.find("amplitude")) return a->values;
  if (const ImageChannel* volts = image.find("amplitude_voltage"); volts && !constant) {
    if (!sensitivity) sensitivity = image.property("amplitude_sensitivity", "nm/V");
    if (!sensitivity)
      throw InputError(fmt::format("{}: the amplitude is in V, so --amplitude-sensitivity (nm/V) must be given; the file does not say it",
                                   image.source));
    std::vector<double> v = volts->values;
    for (double& x : v) x *= *sensitivity;
    return v;
  }
  if (!constant)
    throw InputError(fmt::format(
        "{}: the amplitude must be a channel, or be given as --amplitude where the feedback holds it; the image has none", image.source));
  return std::vector<double>(image.size(), *constant);
}

Pixels pixels_of(const Image& image, const Cantilever& lever, const TappingReference& reference, std::optional<double> amplitude,
                 std::optional<double> sensitivity) {
  Pixels p;
  p.amplitude = amplitudes(image, amplitude, sensitivity);
  for (const double v : image.at("phase").values) p.lag.push_back(phase_lag(reference, lever, v));
  for (std::size_t i = 0; i < p.lag.size(); ++i)
    if (!(p.amplitude[i] > 0) || !std::isfinite(p.lag[i])) p.amplitude[i] = p.lag[i] = NAN;
  return p;
}

/// Slope and curvature of the height by differences of neighbours; NaN at masked pixels and the edge is taken from within.
void derivatives(const Image& image, const std::vector<double>& h, std::vector<double>& slope, std::vector<double>& curvature) {
  const std::size_t w = image.width, n = image.height;
  slope.assign(h.size(), NAN), curvature.assign(h.size(), NAN);
  if (w < 3 || n < 3) return;
  for (std::size_t y = 0; y < n; ++y)
    for (std::size_t x = 0; x < w; ++x) {
      const std::size_t cx = std::clamp<std::size_t>(x, 1, w - 2), cy = std::clamp<std::size_t>(y, 1, n - 2), i = cy * w + cx;
      const double a = image.pixel_width, b = image.pixel_height;
      slope[y * w + x] = std::hypot((h[i + 1] - h[i - 1]) / (2 * a), (h[i + w] - h[i - w]) / (2 * b));
      curvature[y * w + x] = (h[i + 1] - 2 * h[i] + h[i - 1]) / (a * a) + (h[i + w] - 2 * h[i] + h[i - w]) / (b * b);
    }
}

}  // namespace

double phase_lag(const TappingReference& r, const Cantilever& l, double recorded) {
  double lag = r.convention == "shifted" ? recorded + 90 : r.convention == "reversed" ? 90 - recorded : recorded;
  if (r.free_at == "drive") lag += free_orbit(l).phase - 90;
  return lag + r.offset;
}

Cantilever at_resonance(const TappingReference& r, Cantilever l) {
  if (r.free_at == "drive")
    l.free_amplitude *= l.quality * std::hypot(1 - l.frequency_ratio * l.frequency_ratio, l.frequency_ratio / l.quality);
  return l;
}

TappingSignal tapping_signal(const Image& image, const Cantilever& given, const TappingReference& reference,
                             std::optional<double> amplitude, std::optional<double> sensitivity) {
  TappingSignal s;
  if (!image.find("phase")) {
    if (!image.find("dissipation"))
      throw InputError(fmt::format(
          "{}: a channel must be the phase (or the dissipation itself), got neither; choose with --channels phase=NAME", image.source));
    s.energy = image.at("dissipation").values;
    return s;
  }
  Cantilever lever = at_resonance(reference, given);
  Pixels p = pixels_of(image, given, reference, amplitude, sensitivity);
  if (std::none_of(p.lag.begin(), p.lag.end(), [](double v) { return std::isfinite(v); }))
    throw InputError(fmt::format("{}: at least one pixel must have a phase and a positive amplitude, got none", image.source));
  if (reference.correction == "free-phase") {
    const std::optional<double> free = image.property("free_phase", "deg");
    if (!free)
      throw InputError(fmt::format(
          "{}: the free phase must be known for --reference-correction free-phase: give --property free_phase=70deg", image.source));
    s.phase_correction = 90 - phase_lag({reference.convention, 0, "resonance", "none", 0}, lever, *free);
  } else if (reference.correction == "phase") {
    s.phase_correction = needed_phase(p, lever, reference.negative_share);
  } else if (reference.correction == "amplitude") {
    lever.free_amplitude = needed_amplitude(p, lever, reference.negative_share);
  }
  for (std::size_t i = 0; i < p.lag.size(); ++i) {
    s.energy.push_back(tapping_dissipation(lever, p.amplitude[i], p.lag[i] + s.phase_correction));
    s.force.push_back(tapping_force(lever, p.amplitude[i], p.lag[i] + s.phase_correction));
  }
  s.free_amplitude = lever.free_amplitude, s.mean_amplitude = mean_of(p.amplitude);
  const numeric::MapView phase{image.width, image.height, 1, 1, p.lag};
  s.phase_sd = numeric::moments(numeric::levelled(phase, "plane")).sd;
  return s;
}

std::vector<double> decorrelated(const Image& image, std::vector<double> values, const std::string& which,
                                 std::vector<Explained>& explained) {
  std::vector<std::pair<std::string, std::vector<double>>> predictors;
  const ImageChannel *height = image.find("height"), *adhesion = image.find("adhesion");
  if (height && (which == "height" || which == "all")) {
    const std::vector<double> h = numeric::levelled(map_of(image, height->values), "plane");
    std::vector<double> slope, curvature;
    derivatives(image, h, slope, curvature);
    predictors = {{"height", h}, {"slope of the height", slope}, {"curvature of the height", curvature}};
  }
  if (adhesion && (which == "adhesion" || which == "all")) predictors.emplace_back("adhesion", adhesion->values);
  std::vector<bool> whole(values.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    whole[i] = std::isfinite(values[i]) &&
               std::all_of(predictors.begin(), predictors.end(), [&](const auto& p) { return std::isfinite(p.second[i]); });
  const auto dot = [&](const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
      if (whole[i]) sum += a[i] * b[i];
    return sum;
  };
  const auto centred = [&](std::vector<double>& v) {
    double sum = 0, n = 0;
    for (std::size_t i = 0; i < v.size(); ++i)
      if (whole[i]) sum += v[i], ++n;
    for (double& x : v) x -= sum / n;
    return sum / n;
  };
  const double mean = centred(values), all = dot(values, values);
  // Gram-Schmidt: each predictor less those before it.
  for (std::size_t k = 0; k < predictors.size(); ++k) {
    std::vector<double>& p = predictors[k].second;
    centred(p);
    const double before = dot(p, p);
    for (std::size_t j = 0; j < k; ++j) {
      const std::vector<double>& q = predictors[j].second;
      const double size = dot(q, q), factor = size > 0 ? dot(p, q) / size : 0;
      for (std::size_t i = 0; i < p.size(); ++i) p[i] -= factor * q[i];
    }
    const double size = dot(p, p), product = dot(values, p);
    const bool of_use = size > 1e-12 * before && all > 0;
    explained.push_back({predictors[k].first, of_use ? product * product / (size * all) : 0});
    for (std::size_t i = 0; of_use && i < p.size(); ++i) values[i] -= product / size * p[i];
    if (!of_use) std::fill(p.begin(), p.end(), 0.0);
  }
  for (double& v : values) v += mean;
  return values;
}

}  // namespace heteroglass::probes
