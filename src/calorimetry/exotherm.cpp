#include "calorimetry/exotherm.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace heteroglass::calorimetry {
namespace {

using numeric::StraightLine;

/// Right of `i` until the slope is below `part` of the steepest slope met on the way.
std::size_t flat_after(const Smooth& f, std::size_t i, double part) {
  const std::vector<double>& slope = f.slope;
  double most = 0;
  for (std::size_t k = i; k < slope.size(); ++k) {
    most = std::max(most, slope[k]);
    if (k > i + 2 && most > 6 * f.slope_noise && slope[k] < std::max(part * most, 2 * f.slope_noise)) return k;
  }
  return slope.size() - 1;
}

/// Left of `i` until the fall is below `part` of the steepest met on the way.
std::size_t flat_before(const Smooth& f, std::size_t i, double part) {
  const std::vector<double>& slope = f.slope;
  double most = 0;
  for (std::size_t k = i; k > 0; --k) {
    most = std::min(most, slope[k]);
    if (i > k + 2 && most < -6 * f.slope_noise && slope[k] > std::min(part * most, -2 * f.slope_noise)) return k;
  }
  return 0;
}

std::size_t steepest(const std::vector<double>& slope, std::size_t from, std::size_t to) {
  return static_cast<std::size_t>(
      std::min_element(slope.begin() + static_cast<std::ptrdiff_t>(from), slope.begin() + static_cast<std::ptrdiff_t>(to)) - slope.begin());
}

StraightLine line_at(const Scan& s, double low, double high) {
  std::size_t from = s.index(low), to = std::min(s.size(), s.index(high) + 1);
  if (to < from + 4) from = from > 3 ? from - 3 : 0, to = std::min(s.size(), from + 5);
  return numeric::straight_line(std::span(s.temperature).subspan(from, to - from), std::span(s.y).subspan(from, to - from), {}, true);
}

double crossing(const StraightLine& a, const StraightLine& b) { return a.mean_x + (b.at(a.mean_x) - a.mean_y) / (a.slope - b.slope); }

/// The last flat end of overlapping exotherms.
std::size_t end_of(const Scan& s, const Smooth& f, std::size_t minimum, double depth) {
  std::size_t end = flat_after(f, minimum, 0.03);
  for (int k = 0; k < 5; ++k) {
    const std::size_t ahead = s.index(s.temperature[end] + std::max(20.0, s.temperature[end] - s.temperature[minimum]));
    const auto next = static_cast<std::size_t>(
        std::min_element(f.value.begin() + static_cast<std::ptrdiff_t>(end), f.value.begin() + static_cast<std::ptrdiff_t>(ahead)) -
        f.value.begin());
    if (next + 1 >= ahead || f.value[end] - f.value[next] < 0.04 * depth) break;
    end = flat_after(f, next, 0.03);
  }
  return end;
}

/// Moves the ends of the baseline out as long as the curve stays level.
Exotherm with_baseline(const Scan& s, const Smooth& f, Exotherm e) {
  const std::size_t a = s.index(e.departure), b = s.index(e.end), m = s.index(e.peak);
  const double level = std::max(0.02 * (f.value[a] - f.value[m]), 3 * f.noise);
  std::size_t low = a, high = b;
  while (low > 0 && s.temperature[low] > e.departure - 0.25 * (e.peak - e.departure) && std::abs(f.value[low] - f.value[a]) < level) --low;
  while (high + 1 < s.size() && s.temperature[high] < e.end + 0.25 * (e.end - e.peak) && std::abs(f.value[high] - f.value[b]) < level)
    ++high;
  e.low = s.temperature[low], e.high = s.temperature[high];
  return e;
}

Exotherm described(const Scan& s, const Smooth& f, std::size_t minimum) {
  const std::size_t start = flat_before(f, minimum, 0.02);
  Exotherm e;
  e.departure = s.temperature[start], e.peak = s.temperature[minimum];
  e.steepest = s.temperature[steepest(f.slope, start, minimum + 1)];
  e.end = s.temperature[end_of(s, f, minimum, f.value[start] - f.value[minimum])];
  return with_baseline(s, f, e);
}

double tangent_half(const Scan& s, const Exotherm& e) { return std::max(0.08 * (e.peak - e.departure), 1.5 * s.step); }

double onset_of(const Scan& s, const Exotherm& e) {
  const double half = tangent_half(s, e), width = std::max(0.6 * (e.peak - e.departure), 4.0);
  return crossing(line_at(s, e.steepest - half, e.steepest + half), line_at(s, e.departure - width, e.departure));
}

std::vector<double> baseline_of(const Scan& s, const std::vector<double>& y, double low, double high, bool sigmoidal, double reach) {
  const std::size_t a = s.index(low), b = s.index(high), n = std::max<std::size_t>(2, static_cast<std::size_t>(reach / s.step));
  std::vector<double> base(s.size(), NAN);
  Scan t = s;
  t.y = y;
  const StraightLine before = line_at(t, s.temperature[a > n ? a - n : 0], low);
  const StraightLine after = line_at(t, high, s.temperature[std::min(s.size() - 1, b + n)]);
  const double left = before.mean_y + before.slope * (low - before.mean_x), right = after.at(high);
  for (std::size_t i = a; i <= b; ++i) base[i] = left + (right - left) * (s.temperature[i] - low) / (high - low);
  for (int round = 0; sigmoidal && round < 12; ++round) {
    double total = 0, sum = 0;
    for (std::size_t i = a; i <= b; ++i) total += base[i] - y[i];
    for (std::size_t i = a; i <= b; ++i) {
      sum += base[i] - y[i];
      const double x = std::clamp(total != 0 ? sum / total : 0.0, 0.0, 1.0);
      base[i] = (1 - x) * before.at(s.temperature[i]) + x * after.at(s.temperature[i]);
    }
  }
  return base;
}

double area(const Scan& s, const std::vector<double>& y, const std::vector<double>& base, double low, double high) {
  double sum = 0;
  for (std::size_t i = s.index(low); i < s.index(high); ++i) sum += s.step / 2 * (base[i] - y[i] + base[i + 1] - y[i + 1]);
  return sum;
}

}  // namespace

std::optional<Exotherm> find_exotherm(const Scan& s, const Smooth& f) {
  const std::size_t n = s.size(), skip = std::max<std::size_t>(3, n / 20);
  const auto [least, most] = std::minmax_element(f.value.begin() + static_cast<std::ptrdiff_t>(skip), f.value.end());
  const double span = *most - *least;
  double record =
      *std::min_element(f.value.begin() + static_cast<std::ptrdiff_t>(skip / 2), f.value.begin() + static_cast<std::ptrdiff_t>(skip));
  for (std::size_t i = skip; i + 2 < n; ++i) {
    if (!(f.value[i] < record)) continue;
    record = f.value[i];
    if (!(f.value[i] <= f.value[i - 1] && f.value[i] < f.value[i + 1])) continue;
    const std::size_t from = s.index(s.temperature[i] - 60), back = flat_after(f, i, 0.1);
    const double shoulder =
        *std::max_element(f.value.begin() + static_cast<std::ptrdiff_t>(from), f.value.begin() + static_cast<std::ptrdiff_t>(i));
    const double depth = shoulder - f.value[i], recovered = f.value[back] - f.value[i];
    if (std::min(depth, recovered) < std::max(10 * f.noise, 0.02 * span) || f.value[back] >= shoulder) continue;
    // A shallow dip just before the real one: go to the bottom of what follows at once.
    return described(s, f, i);
  }
  // The scan may end while the exotherm is still falling.
  if (f.value[n - 1] <= record && f.slope[n - 2] < 0) {
    const std::size_t start = flat_before(f, n - 1, 0.02);
    const double depth = f.value[start] - f.value[n - 1];
    if (start > skip && depth > std::max(10 * f.noise, 0.1 * span))
      return Exotherm{s.temperature[start],
                      s.temperature[steepest(f.slope, start, n)],
                      s.temperature[n - 1],
                      s.temperature[n - 1],
                      s.temperature[start],
                      s.temperature[n - 1],
                      true};
  }
  return {};
}

ExothermValues exotherm(const Scan& s, const Exotherm& e, const std::string& baseline, const Noise& noise, int seed) {
  ExothermValues out;
  const bool sigmoidal = baseline == "sigmoidal";
  const double width = e.end - e.departure, reach = std::max(0.15 * width, 3.0);
  out.onset.value = onset_of(s, e), out.peak.value = e.peak;
  out.baseline.assign(s.size(), NAN);
  if (!e.cut_off) {
    out.baseline = baseline_of(s, s.y, e.low, e.high, sigmoidal, reach);
    out.enthalpy.value = area(s, s.y, out.baseline, e.low, e.high);
  }
  std::mt19937_64 random(static_cast<unsigned>(seed) + 17u);
  std::uniform_real_distribution<double> uniform(-1, 1);
  double onset = 0, enthalpy = 0;
  const int replicas = 100;
  Scan other = s;
  for (int k = 0; k < replicas; ++k) {
    other.y = s.y;
    add_noise(other.y, noise, static_cast<unsigned>(seed) * 7919u + static_cast<unsigned>(k));
    Exotherm m = e;
    m.departure -= 0.05 * width * uniform(random);
    m.low += 0.1 * width * uniform(random), m.high += 0.1 * width * uniform(random);
    onset += std::pow(onset_of(other, m) - out.onset.value, 2) / replicas;
    if (e.cut_off) continue;
    const std::vector<double> base = baseline_of(other, other.y, m.low, m.high, sigmoidal, reach);
    enthalpy += std::pow(area(other, other.y, base, m.low, m.high) - out.enthalpy.value, 2) / replicas;
  }
  const std::string note = "noise, and ends of the baseline moved by up to a tenth of the width";
  out.onset.error = std::sqrt(onset), out.onset.note = note;
  out.peak.error = std::max(s.step, 0.02 * width), out.peak.note = "a point, or 2 % of the width";
  out.enthalpy.error = e.cut_off ? NAN : std::sqrt(enthalpy), out.enthalpy.note = e.cut_off ? "the scan ends inside the exotherm" : note;
  if (e.cut_off) out.peak = {NAN, NAN, "the scan ends inside the exotherm"};
  return out;
}

std::optional<Melting> melting(const Scan& s, const Smooth& f, double from, double least_height) {
  const std::size_t a = s.index(from), n = s.size();
  if (a + 20 > n) return {};
  const auto top =
      static_cast<std::size_t>(std::max_element(f.value.begin() + static_cast<std::ptrdiff_t>(a), f.value.end()) - f.value.begin());
  std::vector<double> level(f.value.begin() + static_cast<std::ptrdiff_t>(a),
                            f.value.begin() + static_cast<std::ptrdiff_t>(std::max(a + 5, top)));
  std::nth_element(level.begin(), level.begin() + static_cast<std::ptrdiff_t>(level.size() / 3), level.end());
  const double height = f.value[top] - level[level.size() / 3];
  if (top + 3 >= n || height < std::max(least_height, 20 * f.noise)) return {};
  // Flanks: the first rise above a twentieth of the height, the steepest place after it.
  std::size_t start = top;
  while (start > a && f.value[start] - level[level.size() / 3] > 0.05 * height) --start;
  const auto rise = static_cast<std::size_t>(
      std::max_element(f.slope.begin() + static_cast<std::ptrdiff_t>(start), f.slope.begin() + static_cast<std::ptrdiff_t>(top + 1)) -
      f.slope.begin());
  const double half = std::max(0.08 * (s.temperature[top] - s.temperature[start]), 1.5 * s.step);
  const StraightLine before = line_at(s, s.temperature[start] - std::max(10.0, 20 * s.step), s.temperature[start]);
  Melting m;
  const double onset = crossing(line_at(s, s.temperature[rise] - half, s.temperature[rise] + half), before);
  const std::string note = "half the distance from departure to tangent onset";
  m.onset = {onset, std::max(s.step, std::abs(onset - s.temperature[start]) / 2), note};
  m.peak = {s.temperature[top], std::max(s.step, half / 2), "quarter of the width of the tangent"};
  const std::size_t fall = steepest(f.slope, top, n);
  std::size_t end = fall;
  while (end + 1 < n && f.slope[end] < 0.03 * f.slope[fall]) ++end;
  m.liquidus = {NAN, NAN, "the scan ends inside the melting"};
  if (end + 5 < n) {
    const StraightLine after = line_at(s, s.temperature[end], s.temperature[end] + std::max(10.0, 20 * s.step));
    const double t = crossing(line_at(s, s.temperature[fall] - half, s.temperature[fall] + half), after);
    m.liquidus = {t, std::max(s.step, std::abs(s.temperature[end] - t) / 2), "half the distance from tangent to the flat line"};
  }
  return m;
}

}  // namespace heteroglass::calorimetry
