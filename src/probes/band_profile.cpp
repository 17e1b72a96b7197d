#include "probes/band_profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.hpp"
#include "numeric/lomb_scargle.hpp"
#include "numeric/proportion.hpp"
#include "probes/red_noise.hpp"

namespace heteroglass::probes {
namespace {

struct Profile {
  std::vector<double> x, y;
};

/// Rows sorted by position, several at one position averaged.
Profile sorted(const Curve& c, std::vector<double> values) {
  const std::vector<double>& x = c.at("position").values;
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
  Profile p;
  double n = 0;
  for (const std::size_t i : order) {
    if (!p.x.empty() && x[i] == p.x.back()) {
      ++n, p.y.back() += (values[i] - p.y.back()) / n;
      continue;
    }
    p.x.push_back(x[i]), p.y.push_back(values[i]), n = 1;
  }
  if (p.x.size() < 16) throw InputError(fmt::format("{}: a profile must have at least 16 positions, got {}", c.source, p.x.size()));
  return p;
}

/// Polynomials orthonormal on the positions; what they take is the trend.
class Trend {
 public:
  Trend(std::span<const double> x, int order) {
    const double middle = 0.5 * (x.front() + x.back()), half = 0.5 * (x.back() - x.front());
    for (int k = 0; k <= order; ++k) {
      std::vector<double> q;
      for (const double v : x) q.push_back(std::pow((v - middle) / half, k));
      for (int again = 0; again < 2; ++again)
        for (const std::vector<double>& other : basis_) {
          const double part = std::inner_product(q.begin(), q.end(), other.begin(), 0.0);
          for (std::size_t i = 0; i < q.size(); ++i) q[i] -= part * other[i];
        }
      const double norm = std::sqrt(std::inner_product(q.begin(), q.end(), q.begin(), 0.0));
      for (double& v : q) v /= norm;
      basis_.push_back(std::move(q));
    }
  }
  std::vector<double> of(std::span<const double> y) const {
    std::vector<double> t(y.size(), 0);
    for (const std::vector<double>& q : basis_) {
      const double part = std::inner_product(q.begin(), q.end(), y.begin(), 0.0);
      for (std::size_t i = 0; i < t.size(); ++i) t[i] += part * q[i];
    }
    return t;
  }
  std::vector<double> removed(std::vector<double> y) const {
    const std::vector<double> t = of(y);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] -= t[i];
    return y;
  }

 private:
  std::vector<std::vector<double>> basis_;
};

std::vector<double> frequencies(const Profile& p, const BandProfileOptions& o) {
  const double whole = p.x.back() - p.x.front(), step = whole / double(p.x.size() - 1);
  const double longest = o.longest.value_or(whole / 2), shortest = o.shortest.value_or(4 * step);
  if (!(shortest < longest))
    throw InputError(fmt::format("--shortest: must be below --longest, got {:.6g} and {:.6g} nm", shortest, longest));
  std::vector<double> f;
  for (double v = 1 / longest; v <= 1 / shortest; v += 0.2 / whole) f.push_back(v);
  if (f.size() < 5)
    throw InputError(fmt::format("--shortest, --longest: the range must hold 5 frequencies of the profile, got {}", f.size()));
  return f;
}

/// Frequency of the highest power between the ends, from 41 points and a parabola through the top three.
double peak_near(std::span<const double> x, std::span<const double> y, double f, double half) {
  std::vector<double> at;
  for (int k = -20; k <= 20; ++k) at.push_back(f + half * k / 20);
  Matrix one(1, y.size());
  std::copy(y.begin(), y.end(), one.values.begin());
  const Matrix p = numeric::lomb_scargle(x, one, at);
  const std::size_t k = std::size_t(std::max_element(p.values.begin(), p.values.end()) - p.values.begin());
  if (k == 0 || k + 1 == at.size()) return at[k];
  const double a = p(0, k - 1), b = p(0, k), c = p(0, k + 1), bend = a - 2 * b + c;
  return at[k] + (bend < 0 ? 0.5 * (a - c) / bend : 0) * (at[1] - at[0]);
}

struct Segment {
  double from = 0, to = 0, mean = 0, extreme = 0;
  bool dense = false, whole = true;
};

std::vector<double> smoothed(const Profile& p, double width) {
  std::vector<double> soft;
  for (const double at : p.x) {
    double sum = 0, weight = 0;
    for (std::size_t i = 0; i < p.x.size(); ++i) {
      const double u = (p.x[i] - at) / width;
      if (std::abs(u) > 4) continue;
      const double w = std::exp(-u * u / 2);
      sum += w * p.y[i], weight += w;
    }
    soft.push_back(sum / weight);
  }
  return soft;
}

/// Pieces between zeros of the profile, smoothed by a Gaussian of a twentieth of the wavelength; what is shorter than an eighth joins its neighbours.
std::vector<Segment> segments(const Profile& p, double wavelength) {
  const std::vector<double> soft = smoothed(p, wavelength / 20);
  std::vector<std::size_t> start = {0};  // first position of each piece
  for (std::size_t i = 1; i < soft.size(); ++i)
    if ((soft[i] > 0) != (soft[i - 1] > 0)) start.push_back(i);
  const auto edge = [&](std::size_t i) {
    return i == 0             ? p.x.front()
           : i == soft.size() ? p.x.back()
                              : p.x[i - 1] + soft[i - 1] / (soft[i - 1] - soft[i]) * (p.x[i] - p.x[i - 1]);
  };
  const auto length = [&](std::size_t k) { return edge(k + 1 < start.size() ? start[k + 1] : soft.size()) - edge(start[k]); };
  bool dense = soft[0] > 0;
  for (bool joined = true; joined && start.size() > 2;) {
    joined = false;
    std::size_t shortest = 0;
    for (std::size_t k = 1; k < start.size(); ++k)
      if (length(k) < length(shortest)) shortest = k;
    if (length(shortest) >= wavelength / 8) break;
    joined = true;
    if (shortest == 0)
      start.erase(start.begin() + 1), dense = !dense;  // the next one begins at the end of the profile
    else if (shortest + 1 == start.size())
      start.pop_back();
    else
      start.erase(start.begin() + std::ptrdiff_t(shortest), start.begin() + std::ptrdiff_t(shortest) + 2);
  }
  std::vector<Segment> out;
  for (std::size_t k = 0; k < start.size(); ++k, dense = !dense) {
    const std::size_t to = k + 1 < start.size() ? start[k + 1] : soft.size();
    Segment s{edge(start[k]), edge(to), 0, 0, dense, k > 0 && k + 1 < start.size()};
    for (std::size_t i = start[k]; i < to; ++i) {
      s.mean += p.y[i] / double(to - start[k]);
      if ((dense ? soft[i] : -soft[i]) > (dense ? s.extreme : -s.extreme)) s.extreme = soft[i];
    }
    out.push_back(s);
  }
  return out;
}

void add_segments(const std::vector<Segment>& all, BandProfile& r) {
  TableColumn from{"from", "nm", "", false, {}, {}}, to{"to", "nm", "", false, {}, {}}, length{"length", "nm", "", false, {}, {}},
      kind{"kind", "1", "dense or dilated; cut: at an end of the profile", true, {}, {}},
      mean{"mean", "1", "of the profile", false, {}, {}}, extreme{"extreme", "1", "of the smoothed profile", false, {}, {}};
  std::vector<double> dense, dilated, long_dense, long_dilated;
  for (const Segment& s : all) {
    from.number.push_back(s.from), to.number.push_back(s.to), length.number.push_back(s.to - s.from);
    kind.text.push_back(std::string(s.dense ? "dense" : "dilated") + (s.whole ? "" : " (cut)"));
    mean.number.push_back(s.mean), extreme.number.push_back(s.extreme);
    if (!s.whole) continue;
    (s.dense ? dense : dilated).push_back(std::abs(s.extreme)), (s.dense ? long_dense : long_dilated).push_back(s.to - s.from);
  }
  r.segments = {{from, to, length, kind, mean, extreme}};
  const auto mean_of = [](const std::vector<double>& v) {
    Measured m = numeric::mean(v);
    m.note = v.size() < 2 ? "fewer than two whole segments" : "spread of the segments / sqrt(segments)";
    return m;
  };
  r.amplitude_dense = mean_of(dense), r.amplitude_dilated = mean_of(dilated);
  r.length_dense = mean_of(long_dense), r.length_dilated = mean_of(long_dilated);
  const Measured &a = r.amplitude_dense, &b = r.amplitude_dilated;
  r.amplitude_ratio = {a.value / b.value, a.value / b.value * std::hypot(a.error / a.value, b.error / b.value), a.note};
}

/// The periodogram beside that of red noise, and the peak.
double find_peak(const Profile& p, const Trend& trend, const BandProfileOptions& o, BandProfile& r, Context& context) {
  const std::vector<double> f = frequencies(p, o);
  const RedNoise noise = red_noise(p.x, p.y);
  r.noise_length = noise.length;
  const auto n = std::size_t(o.surrogates);
  Matrix series(n + 1, p.x.size());
  std::copy(p.y.begin(), p.y.end(), series.values.begin());
  std::mt19937_64 random(std::uint64_t(o.seed));
  for (std::size_t k = 1; k <= n; ++k) {
    const std::vector<double> y = trend.removed(noise.sample(p.x, random));
    std::copy(y.begin(), y.end(), series.values.begin() + std::ptrdiff_t(k * y.size()));
  }
  context.check_cancelled();
  context.progress(0.2, "periodograms of red noise");
  const Matrix power = numeric::lomb_scargle(p.x, series, f);
  std::vector<double> mean(f.size(), 0), largest(n, 0);
  for (std::size_t k = 1; k <= n; ++k)
    for (std::size_t i = 0; i < f.size(); ++i) mean[i] += power(k, i) / double(n);
  for (std::size_t k = 1; k <= n; ++k)
    for (std::size_t i = 0; i < f.size(); ++i) largest[k - 1] = std::max(largest[k - 1], power(k, i) / mean[i]);
  std::size_t peak = 0;
  for (std::size_t i = 1; i < f.size(); ++i)
    if (power(0, i) / mean[i] > power(0, peak) / mean[peak]) peak = i;
  const double ratio = power(0, peak) / mean[peak];
  r.p_value = double(1 + std::count_if(largest.begin(), largest.end(), [&](double v) { return v >= ratio; })) / double(n + 1);
  std::sort(largest.begin(), largest.end());
  const double level = largest[std::size_t(0.95 * double(n - 1))];
  r.false_alarm_white =
      numeric::false_alarm(*std::max_element(power.values.begin(), power.values.begin() + std::ptrdiff_t(f.size())), p.x, f.back());
  for (std::size_t i = f.size(); i-- > 0;) {  // periods ascending
    r.period.push_back(1 / f[i]), r.power.push_back(power(0, i)), r.power_noise.push_back(mean[i]);
    r.power_95.push_back(std::min(1.0, level * mean[i]));
  }
  if (peak == 0 || peak + 1 == f.size())
    context.warn("the peak is at an end of the range of wavelengths: widen it with --shortest or --longest");
  return f[peak];
}

/// Spread of wavelength and amplitude over profiles simulated with the sine found and red noise like the residuals.
void add_errors(const Profile& p, const Trend& trend, double f, const BandProfileOptions& o, BandProfile& r, Context& context) {
  const double half = 1 / (p.x.back() - p.x.front());
  const numeric::Sine found = numeric::best_sine(p.x, p.y, f);
  std::vector<double> rest;
  for (std::size_t i = 0; i < p.x.size(); ++i) rest.push_back(p.y[i] - found.at(p.x[i], f)), r.sine.push_back(found.at(p.x[i], f));
  const RedNoise noise = red_noise(p.x, rest);
  std::mt19937_64 random(std::uint64_t(o.seed) + 7919);
  constexpr int simulations = 200;
  double f1 = 0, f2 = 0, a1 = 0, a2 = 0;
  for (int k = 0; k < simulations; ++k) {
    if (k % 20 == 0) context.check_cancelled();
    std::vector<double> y = noise.sample(p.x, random);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] += found.at(p.x[i], f);
    y = trend.removed(std::move(y));
    const double there = peak_near(p.x, y, f, half), amplitude = numeric::best_sine(p.x, y, there).amplitude();
    f1 += there / simulations, f2 += (there - f) * (there - f) / simulations, a1 += amplitude / simulations,
        a2 += amplitude * amplitude / simulations;
  }
  r.wavelength = {1 / f, std::sqrt(f2) / (f * f), "spread over simulated profiles, the sine plus red noise"};
  r.amplitude = {found.amplitude(), std::sqrt(std::max(0.0, a2 - a1 * a1)), "spread over simulated profiles, the sine plus red noise"};
}

/// Relative profile, and whether it has a zero of its own (the matrix).
Profile relative(const Curve& c, const BandProfileOptions& o, Context& context) {
  std::vector<double> y = c.at("intensity").values;
  if (const CurveColumn* matrix = c.find("matrix")) {
    for (std::size_t i = 0; i < y.size(); ++i) {
      if (!(matrix->values[i] > 0))
        throw InputError(fmt::format("{}: matrix must be positive, got {} in row {}", c.source, matrix->values[i], i + 1));
      y[i] = y[i] / matrix->values[i] - 1;
    }
    return sorted(c, std::move(y));
  }
  Profile p = sorted(c, std::move(y));
  const std::vector<double> trend = Trend(p.x, o.trend_order).of(p.y);
  const bool positive = std::all_of(trend.begin(), trend.end(), [](double v) { return v > 0; });
  for (std::size_t i = 0; i < p.y.size(); ++i) p.y[i] = positive ? p.y[i] / trend[i] - 1 : p.y[i] - trend[i];
  if (!positive)
    context.warn("the trend of the intensity is not positive everywhere: the profile is the difference from it, in the unit of the file");
  context.warn("without a column 'matrix' dense and dilated are relative to the trend along the band, not to the glass around it");
  return p;
}

}  // namespace

BandProfile band_profile(std::span<const Curve> curves, const BandProfileOptions& o, Context& context) {
  if (curves.size() != 1) throw InputError(fmt::format("probes/band_profile: takes one profile, got {}", curves.size()));
  Profile p = relative(curves[0], o, context);
  if (std::size_t(o.trend_order) + 10 > p.x.size())
    throw InputError(
        fmt::format("--trend-order: must leave 10 positions more than its order, got {} for {} positions", o.trend_order, p.x.size()));
  BandProfile r;
  r.position = p.x, r.profile = p.y;
  const Trend trend(p.x, o.trend_order);
  Profile flat = p;
  flat.y = trend.removed(p.y);
  if (std::all_of(flat.y.begin(), flat.y.end(), [&](double v) { return std::abs(v) < 1e-12; }))
    throw InputError(fmt::format("{}: intensity must vary along the band, got a constant or a pure trend", curves[0].source));
  const double coarse = find_peak(flat, trend, o, r, context);
  const double whole = p.x.back() - p.x.front(), f = peak_near(flat.x, flat.y, coarse, 0.3 / whole);
  Matrix one(1, flat.y.size());
  one.values = flat.y;
  r.explained = numeric::lomb_scargle(flat.x, one, std::vector<double>{f})(0, 0);
  r.periods = whole * f;
  add_errors(flat, trend, f, o, r, context);
  add_segments(segments(curves[0].find("matrix") ? p : flat, 1 / f), r);
  if (r.p_value > 0.05)
    context.warn(fmt::format("red noise with a correlation length of {:.3g} nm has as high a peak in {:.0f} % of cases: no period is shown",
                             r.noise_length, 100 * r.p_value));
  if (r.periods < 4) context.warn(fmt::format("only {:.1f} periods in the profile", r.periods));
  return r;
}

const ColumnRoles& BandProfileOptions::columns() {
  static const ColumnRoles roles = {
      {"position", "nm", "along the band", true, {"x", "distance", "length"}},
      {"intensity",
       "1",
       "of the band, proportional to density",
       true,
       {"haadf", "grey", "greyvalue", "gray", "grayvalue", "counts", "signal", "density", "y"}},
      {"matrix", "1", "intensity of the glass beside the band at the same positions", false, {"reference", "background"}},
  };
  return roles;
}

const Fields& BandProfileOptions::fields() {
  using O = BandProfileOptions;
  static const Fields table = {
      field<&O::trend_order>("trend_order", "1", "degree of the polynomial that is taken off").range(0, 8),
      field<&O::shortest>("shortest", "nm", "shortest wavelength looked at; unset: four positions").positive(),
      field<&O::longest>("longest", "nm", "longest wavelength looked at; unset: half the profile").positive(),
      field<&O::surrogates>("surrogates", "1", "profiles of red noise to compare with").range(19, 99999),
      field<&O::seed>("seed", "1", "of the red noise").range(0, 2147483647),
  };
  return table;
}

const Fields& BandProfile::fields() {
  using R = BandProfile;
  static const Fields table = {
      field<&R::wavelength>("wavelength", "nm", "period of the profile"),
      field<&R::p_value>("p_value", "1", "share of red-noise profiles with as high a peak anywhere")
          .exact("a probability, to 1/(surrogates + 1)"),
      field<&R::false_alarm_white>("false_alarm_white", "1", "the same for white noise, by formula; too small for smooth profiles")
          .exact("a probability"),
      field<&R::periods>("periods", "1", "wavelengths in the profile").exact("length over wavelength"),
      field<&R::explained>("explained", "1", "share of the variance that the sine takes").exact("of these data"),
      field<&R::amplitude>("amplitude", "1", "of the sine, relative to the matrix or trend"),
      field<&R::amplitude_dense>("amplitude_dense", "1", "mean extreme of dense segments"),
      field<&R::amplitude_dilated>("amplitude_dilated", "1", "mean extreme of dilated segments, as a positive number"),
      field<&R::amplitude_ratio>("amplitude_ratio", "1", "dense over dilated"),
      field<&R::length_dense>("length_dense", "nm", "mean length of dense segments"),
      field<&R::length_dilated>("length_dilated", "nm", "mean length of dilated segments"),
      field<&R::noise_length>("noise_length", "nm", "correlation length of the red noise compared with").exact("of the null model"),
      field<&R::position>("position", "nm", "along the band").exact("of the data"),
      field<&R::profile>("profile", "1", "intensity relative to the matrix or trend").over("position").exact("of the data"),
      field<&R::sine>("sine", "1", "the sine found").over("position").with("profile").exact("see wavelength, amplitude"),
      field<&R::period>("period", "nm", "wavelength").exact("chosen").log_axis(),
      field<&R::power>("power", "1", "share of the variance that a sine of that period takes").over("period").exact("of the data"),
      field<&R::power_noise>("power_noise", "1", "mean of red noise").over("period").with("power").exact("over the surrogates"),
      field<&R::power_95>("power_95", "1", "level that 95 % of red-noise profiles stay under everywhere")
          .over("period")
          .with("power")
          .exact("over the surrogates"),
      field<&R::segments>("segments", "", "dense and dilated pieces").exact("of these data; the spread of pieces is in the means"),
  };
  return table;
}

const Analysis& band_profile_analysis() {
  static const Analysis entry = analysis<&band_profile>(
      "probes", "band_profile", "density along a shear band: wavelength with significance, dense and dilated segments",
      {{"Schmidt et al., Phys. Rev. Lett. 115, 035501 (2015)", "10.1103/PhysRevLett.115.035501"},
       {"Zechmeister, Kuerster, Astron. Astrophys. 496, 577 (2009)", "10.1051/0004-6361:200811296"},
       {"Baluev, Mon. Not. R. Astron. Soc. 385, 1279 (2008)", "10.1111/j.1365-2966.2008.12689.x"},
       {"Schulz, Mudelsee, Comput. Geosci. 28, 421 (2002)", "10.1016/S0098-3004(01)00044-9"}});
  return entry;
}

}  // namespace heteroglass::probes
