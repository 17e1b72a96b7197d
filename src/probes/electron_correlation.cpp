#include "probes/electron_correlation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "numeric/distance_transform.hpp"
#include "numeric/noise_table.hpp"
#include "numeric/straight_line.hpp"
#include "probes/series/tau_map.hpp"
#include "probes/series/tau_statistics.hpp"
#include "probes/volume/grey.hpp"

namespace heteroglass::probes {
namespace {

using Pixels = std::vector<char>;

void check(std::size_t series, const ElectronCorrelationOptions& o) {
  if (o.frame_time.empty()) throw InputError("--frame-time: must be given, the file does not say the time between frames");
  if (o.frame_time.size() != 1 && o.frame_time.size() != series)
    throw InputError(fmt::format("--frame-time: must be one, or one for each of {} series, got {}", series, o.frame_time.size()));
  for (const double t : o.frame_time)
    if (!(t > 0)) throw InputError(fmt::format("--frame-time: must be positive, got {} s", t));
  if (!o.temperature.empty() && o.temperature.size() != series)
    throw InputError(fmt::format("--temperature: must be one for each of {} series, got {}", series, o.temperature.size()));
  for (const double t : o.temperature)
    if (!(t > 0)) throw InputError(fmt::format("--temperature: must be positive, got {} K", t));
  if (o.surface_depth && !o.pixel_size) throw InputError("--surface-depth: needs --pixel-size");
  if (o.threshold && !o.surface_depth)
    throw InputError("--threshold: divides sample from outside for --surface-depth, which must be given too");
}

/// Depth of each pixel below the edge of the sample [nm]; infinite without a surface, NaN outside.
std::vector<double> depths(const TauMap& m, const ElectronCorrelationOptions& o) {
  if (!o.surface_depth) return std::vector<double>(m.status.size(), INFINITY);
  double threshold = 0;
  if (o.threshold) {
    threshold = *o.threshold;
  } else {
    const auto finite = [](double v) { return std::isfinite(v); };
    std::vector<double> seen;
    std::copy_if(m.intensity.begin(), m.intensity.end(), std::back_inserter(seen), finite);
    const auto [low, high] = std::minmax_element(seen.begin(), seen.end());
    GreyHistogram h;
    h.voxels.assign(256, 0);
    const double width = (*high - *low) / 256;
    for (std::size_t b = 0; b < 256; ++b) h.grey.push_back(*low + (double(b) + 0.5) * width);
    for (const double v : seen) ++h.voxels[std::min<std::size_t>(255, std::size_t((v - *low) / width))];
    threshold = h.otsu();
  }
  Pixels sample(m.status.size());
  for (std::size_t i = 0; i < sample.size(); ++i) sample[i] = m.intensity[i] >= threshold;
  sample = numeric::filled_holes(sample, m.width, m.height);
  const auto inside = std::count(sample.begin(), sample.end(), char{1});
  if (inside == 0 || inside == std::ptrdiff_t(sample.size()))
    throw InputError(fmt::format("--threshold: must divide the sample from the outside, {} of {} pixels are above {:.6g}", inside,
                                 sample.size(), threshold));
  std::vector<double> d = numeric::distance_transform(sample, m.width, m.height);
  for (double& v : d) v = v > 0 ? (v - 0.5) * *o.pixel_size : NAN;
  return d;
}

Pixels between(const std::vector<double>& depth, double from, double to) {
  Pixels out(depth.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = depth[i] >= from && depth[i] < to;
  return out;
}

/// exp of a mean logarithm, in seconds.
Measured in_seconds(const Measured& ln, double frame_time) {
  const double value = std::exp(ln.value) * frame_time;
  return {value, value * ln.error, ln.note};
}

Measured difference(const Measured& a, const Measured& b) { return {a.value - b.value, std::hypot(a.error, b.error), a.note}; }

/// Means of one series.
struct Means {
  Measured all, surface, interior;  ///< ln [frames]
};

Means means(const TauMap& m, const std::vector<double>& depth, const ElectronCorrelationOptions& o) {
  Means out;
  out.all = mean_ln_tau(m, between(depth, -1, 1e300));
  if (!o.surface_depth) {
    out.all = out.interior = mean_ln_tau(m, Pixels(depth.size(), 1));
    out.surface.note = "needs --surface-depth";
    return out;
  }
  out.surface = mean_ln_tau(m, between(depth, 0, *o.surface_depth)), out.interior = mean_ln_tau(m, between(depth, *o.surface_depth, 1e300));
  return out;
}

void add_maps(const TauMap& m, double frame_time, ElectronCorrelation& r) {
  for (std::size_t x = 0; x < m.width; ++x) r.x.push_back(double(x));
  for (std::size_t y = 0; y < m.height; ++y) r.y.push_back(double(y));
  const Matrix empty(m.height, m.width, NAN);
  r.tau_map = r.tau_map_error = r.beta_map = r.beta_map_error = r.status = r.intensity = empty;
  for (std::size_t i = 0; i < m.status.size(); ++i) {
    r.status.values[i] = m.status[i], r.intensity.values[i] = m.intensity[i];
    r.tau_map.values[i] = std::exp(m.ln_tau[i]) * frame_time, r.tau_map_error.values[i] = r.tau_map.values[i] * m.error[i];
    r.beta_map.values[i] = m.beta[i], r.beta_map_error.values[i] = m.beta_error[i];
  }
}

void add_histogram(const TauMap& m, const Pixels& member, double frame_time, ElectronCorrelation& r) {
  constexpr double width = 0.1;
  std::vector<double> v;
  for (std::size_t i = 0; i < m.status.size(); ++i)
    if (member[i] && m.status[i] == fitted) v.push_back((m.ln_tau[i] + std::log(frame_time)) / std::log(10.0) / width);
  if (v.empty()) return;
  const auto [low, high] = std::minmax_element(v.begin(), v.end());
  const double from = std::floor(*low);
  r.pixels.assign(std::size_t(std::floor(*high) - from) + 1, 0);
  for (std::size_t b = 0; b < r.pixels.size(); ++b) r.log10_tau.push_back((from + double(b) + 0.5) * width);
  for (const double x : v) ++r.pixels[std::size_t(std::floor(x) - from)];
}

Table depth_table(const TauMap& m, const std::vector<double>& depth, const ElectronCorrelationOptions& o, double frame_time) {
  if (!o.surface_depth) return {};
  Table t;
  for (const auto& [name, unit, help] :
       {std::array{"depth", "nm", "below the edge of the sample, middle of the bin"}, std::array{"tau", "s", "geometric mean"},
        std::array{"tau_error", "s", ""}, std::array{"pixels", "1", "fitted"}, std::array{"fitted_share", "1", "of the pixels there"}})
    t.add_number(name, unit, help);
  const double step = std::max(*o.surface_depth / 2, *o.pixel_size);
  double deepest = 0;
  for (const double d : depth)
    if (std::isfinite(d)) deepest = std::max(deepest, d);
  for (double from = 0; from < deepest && t.rows() < 40; from += step) {
    const Pixels here = between(depth, from, from + step);
    double all = 0, good = 0;
    for (std::size_t i = 0; i < here.size(); ++i) all += here[i], good += here[i] && m.status[i] == fitted;
    if (good < 8) continue;
    const Measured tau = in_seconds(mean_ln_tau(m, here), frame_time);
    const double row[] = {from + step / 2, tau.value, tau.error, good, good / all};
    for (std::size_t k = 0; k < 5; ++k) t.columns[k].number.push_back(row[k]);
  }
  return t;
}

struct Law {
  Measured energy, log10_tau0;
};

/// ln tau = ln tau_0 + E / kT through the means of the series.
Law arrhenius(const std::vector<double>& temperature, const std::vector<Measured>& ln_seconds) {
  std::vector<double> x, y, e;
  for (std::size_t k = 0; k < temperature.size(); ++k)
    if (std::isfinite(ln_seconds[k].value) && ln_seconds[k].error > 0)
      x.push_back(1 / (constants::boltzmann * temperature[k])), y.push_back(ln_seconds[k].value), e.push_back(ln_seconds[k].error);
  Law law;
  law.energy.note = law.log10_tau0.note = "needs series at two temperatures or more (--temperature)";
  if (x.size() < 2 || *std::min_element(x.begin(), x.end()) == *std::max_element(x.begin(), x.end())) return law;
  const numeric::StraightLine line = numeric::straight_line(x, y, e);
  law.energy = line.slope_measured(), law.log10_tau0 = line.intercept_measured();
  law.log10_tau0.value /= std::log(10.0), law.log10_tau0.error /= std::log(10.0);
  return law;
}

void warn_of(const TauMap& m, const Volume& series, Context& context) {
  const double good = double(m.count(fitted)), slow = double(m.count(too_slow)), fast = double(m.count(too_fast)),
               seen = good + slow + fast;
  const std::string where = series.source();
  if (slow > 0.1 * seen)
    context.warn(fmt::format("{}: {:.0f} % of the pixels that move are slower than a third of the series and left out: means are too fast",
                             where, 100 * slow / seen));
  if (fast > 0.1 * seen)
    context.warn(fmt::format("{}: {:.0f} % of the pixels that move are faster than 1.5 frames and left out: means are too slow", where,
                             100 * fast / seen));
  double sum = 0, n = 0;
  for (const double v : m.ln_tau)
    if (std::isfinite(v)) sum += v, ++n;
  const double tau = std::exp(sum / n);
  if (double(m.frames) < 40 * tau)
    context.warn(fmt::format(
        "{}: the series lasts {:.3g} mean times; under 40 the times scatter widely, and their means are too short, by some 20 % at 15",
        where, double(m.frames) / tau));
  if (tau < 10) context.warn(fmt::format("{}: a frame lasts {:.2g} of the mean time; above a tenth fast pixels are lost", where, 1 / tau));
  if (m.drift > 0.1)
    context.warn(fmt::format("{}: the mean intensity of frames changes by {:.0f} %; --normalise frame removes what is common to all pixels",
                             where, 100 * m.drift));
  if (std::isnan(m.error_scale)) context.warn(fmt::format("{}: too short or too few pixels to test the errors by halves", where));
}

void add_length(const TauMap& m, const Pixels& member, const ElectronCorrelationOptions& o, ElectronCorrelation& r, Context& context) {
  const char* none = "the halves of the series share too few fitted pixels";
  r.spread.note = r.correlation_voxels.note = r.noise_voxels.note = r.correlation_length.note = none;
  r.reproducibility = NAN;
  std::size_t both = 0;
  for (std::size_t i = 0; i < member.size(); ++i) both += member[i] && std::isfinite(m.first[i]) && std::isfinite(m.second[i]);
  if (both < 64) return context.warn(fmt::format("{}: no correlation length", none));
  TauCorrelation c = tau_correlation(m, member);
  r.spread = c.spread, r.correlation_voxels = c.length, r.noise_voxels = c.noise_length, r.reproducibility = c.reproducibility;
  r.correlation_length = c.length;
  if (o.pixel_size)
    r.correlation_length.value *= *o.pixel_size, r.correlation_length.error *= *o.pixel_size;
  else
    r.correlation_length = {NAN, NAN, "needs --pixel-size"};
  r.distance = std::move(c.distance), r.correlation = std::move(c.shared), r.correlation_error = std::move(c.shared_error),
  r.noise_correlation = std::move(c.noise);
  if (c.length.value < 3)
    context.warn(fmt::format("the correlation length of {:.2f} pixels is under 3 pixels: it is not resolved", c.length.value));
  if (c.length.value < 1.5 * c.noise_length.value)
    context.warn(fmt::format("the correlation length of {:.2f} pixels is close to that of the speckle noise, {:.2f}", c.length.value,
                             c.noise_length.value));
  if (o.surrogates < 2) return;
  numeric::NoiseTable t("maps with the histogram and spectrum of the second half");
  t.add("correlation of the halves", c.reproducibility, chance_reproducibility(m, member, o.surrogates, std::uint64_t(o.seed), context));
  r.noise = t.table();
  if (!(r.noise.find("p_value")->number[0] < 0.1) || c.reproducibility < 0)
    context.warn("the map of the first half does not come back in the second: no spatial structure is shown");
}

class SeriesTable {
 public:
  SeriesTable() {
    for (const auto& [name, unit, help] :
         {std::array{"temperature", "K", "as given"}, std::array{"frame_time", "s", ""}, std::array{"frames", "1", ""},
          std::array{"tau", "s", "geometric mean of the interior"}, std::array{"tau_error", "s", ""},
          std::array{"tau_surface", "s", "of the surface"}, std::array{"tau_surface_error", "s", ""},
          std::array{"fitted_share", "1", "of the pixels that move"},
          std::array{"error_scale", "1", "by which the halves raised the errors"}})
      table_.add_number(name, unit, help);
  }
  void add(double temperature, double frame_time, const TauMap& m, const Means& mean) {
    const Measured inner = in_seconds(mean.interior, frame_time), outer = in_seconds(mean.surface, frame_time);
    const double good = double(m.count(fitted)), seen = good + double(m.count(too_slow)) + double(m.count(too_fast));
    const double row[] = {temperature, frame_time,  double(m.frames), inner.value,  inner.error,
                          outer.value, outer.error, good / seen,      m.error_scale};
    for (std::size_t k = 0; k < table_.columns.size(); ++k) table_.columns[k].number.push_back(row[k]);
  }
  Table table() && { return std::move(table_); }

 private:
  Table table_;
};

/// Progress of one series among several.
class Part : public Context {
 public:
  Part(Context& whole, std::size_t k, std::size_t n) : whole_(whole), k_(k), n_(n) {}
  ~Part() override {
    for (const std::string& w : warnings()) whole_.warn(w);
  }
  void progress(double fraction, std::string_view what) override { whole_.progress(0.95 * (double(k_) + fraction) / double(n_), what); }
  bool cancelled() const override { return whole_.cancelled(); }

 private:
  Context& whole_;
  std::size_t k_, n_;
};

void add_first(const TauMap& m, const std::vector<double>& depth, const Means& mean, const ElectronCorrelationOptions& o, double frame_time,
               ElectronCorrelation& r, Context& context) {
  const Pixels sample = o.surface_depth ? between(depth, -1, 1e300) : Pixels(depth.size(), 1);
  r.pixels_fitted = int(m.count(fitted)), r.pixels_fast = int(m.count(too_fast)), r.pixels_slow = int(m.count(too_slow));
  r.pixels_flat = int(m.count(no_decay)), r.pixels_masked = int(m.count(masked));
  r.error_scale = m.error_scale;
  r.tau = in_seconds(mean.all, frame_time), r.tau_interior = in_seconds(mean.interior, frame_time),
  r.tau_surface = in_seconds(mean.surface, frame_time);
  const Measured ratio = difference(mean.interior, mean.surface);
  r.surface_ratio = {std::exp(ratio.value), std::exp(ratio.value) * ratio.error, o.surface_depth ? ratio.note : "needs --surface-depth"};
  double weight = 0, sum = 0;
  for (std::size_t i = 0; i < m.beta.size(); ++i)
    if (sample[i] && m.status[i] == fitted && (o.beta || m.beta_error[i] < 1)) {
      const double w = o.beta ? 1 : 1 / (m.beta_error[i] * m.beta_error[i] + 0.01);
      sum += w * m.beta[i], weight += w;
    }
  double spread = 0;
  for (std::size_t i = 0; i < m.beta.size(); ++i)
    if (sample[i] && m.status[i] == fitted && (o.beta || m.beta_error[i] < 1)) {
      const double w = o.beta ? 1 : 1 / (m.beta_error[i] * m.beta_error[i] + 0.01);
      spread += w * w * (m.beta[i] - sum / weight) * (m.beta[i] - sum / weight);
    }
  r.beta = {sum / weight, std::sqrt(spread) / weight,
            o.beta ? "held" : "spread of the pixels, taken as independent; single values are skewed upwards in short series"};
  add_maps(m, frame_time, r);
  add_histogram(m, sample, frame_time, r);
  for (const LagChannel& c : m.channels) r.lag.push_back(c.lag * frame_time);
  r.g2 = m.g2, r.g2_error = m.g2_error, r.g2_model = m.g2_model;
  r.depth = depth_table(m, depth, o, frame_time);
  add_length(m, sample, o, r, context);
}

}  // namespace

ElectronCorrelation electron_correlation(std::span<const Volume* const> series, const ElectronCorrelationOptions& o, Context& context) {
  check(series.size(), o);
  ElectronCorrelation r;
  SeriesTable table;
  std::vector<Measured> interior, surface;
  for (std::size_t k = 0; k < series.size(); ++k) {
    const double frame_time = o.frame_time[o.frame_time.size() == 1 ? 0 : k];
    TauMap m;
    {
      Part part(context, k, series.size());
      m = tau_map(*series[k], {o.beta, o.normalise == "frame", o.memory}, part);
    }
    if (m.count(fitted) == 0)
      throw InputError(fmt::format(
          "{}: no pixel shows a decay between 1.5 frames and a third of the series (too fast {}, too slow {}, without decay {})",
          series[k]->source(), m.count(too_fast), m.count(too_slow), m.count(no_decay)));
    warn_of(m, *series[k], context);
    const std::vector<double> depth = depths(m, o);
    const Means mean = means(m, depth, o);
    for (const auto& [from, to] : {std::pair{&mean.interior, &interior}, std::pair{&mean.surface, &surface}})
      to->push_back({from->value + std::log(frame_time), from->error, from->note});
    table.add(o.temperature.empty() ? NAN : o.temperature[k], frame_time, m, mean);
    if (k == 0) add_first(m, depth, mean, o, frame_time, r, context);
  }
  r.series = std::move(table).table();
  const std::vector<double> temperature = o.temperature.empty() ? std::vector<double>(series.size(), NAN) : o.temperature;
  const Law inner = arrhenius(o.temperature.empty() ? std::vector<double>{} : temperature, interior);
  const Law outer = arrhenius(o.temperature.empty() ? std::vector<double>{} : temperature, surface);
  r.activation_energy = inner.energy, r.log10_tau0 = inner.log10_tau0;
  r.activation_energy_surface = outer.energy, r.log10_tau0_surface = outer.log10_tau0;
  if (series.size() > 1) context.warn("maps, curves and lengths are of the first series; the table has a row for each");
  return r;
}

const Analysis& electron_correlation_analysis() {
  static const Analysis entry =
      analysis<&electron_correlation>("probes", "electron_correlation",
                                      "map of relaxation times from a series of dark-field images, surface and interior, activation energy",
                                      {{"He et al., Microsc. Microanal. 21, 1026 (2015)", "10.1017/S1431927615000641"},
                                       {"Zhang et al., Nat. Commun. 9, 1129 (2018)", "10.1038/s41467-018-03604-2"},
                                       {"Whittle, Ark. Mat. 2, 423 (1953)", "10.1007/BF02590998"}});
  return entry;
}

}  // namespace heteroglass::probes
