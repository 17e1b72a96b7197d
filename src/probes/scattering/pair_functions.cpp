#include "probes/scattering/pair_functions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "numeric/parabola.hpp"
#include "numeric/spherical_bessel_transform.hpp"
#include "probes/scattering/reduction.hpp"

namespace heteroglass::probes {
namespace {

constexpr double pi = std::numbers::pi;
constexpr double first_zero = 4.493409457909064;  // of sin x - x cos x
constexpr double fine_step = 0.01;                // angstrom, on which peaks are sought
constexpr double default_start = 0.75;            // of the cosine window, in Q_max

/// Where the first shell begins, peaks and ends.
struct Shell {
  double start = NAN, peak = NAN, height = NAN, minimum = NAN;
  std::size_t at_start = 0, at_peak = 0, at_minimum = 0;
};

/// Vertex of the parabola through three points.
double vertex(std::span<const double> x, std::span<const double> y, std::size_t i, double& height) {
  if (i == 0 || i + 1 >= x.size()) return height = y[i], x[i];
  const double h = (x[i + 1] - x[i - 1]) / 2, slope = (y[i + 1] - y[i - 1]) / (2 * h),
               curvature = (y[i + 1] - 2 * y[i] + y[i - 1]) / (h * h);
  if (curvature == 0) return height = y[i], x[i];
  const double move = std::clamp(-slope / curvature, -h, h);
  height = y[i] + slope * move + curvature * move * move / 2;
  return x[i] + move;
}

/// The first high maximum, the lowest point behind it, and where g was last at or below zero before it.
Shell shell_of(std::span<const double> r, std::span<const double> g, double density) {
  const double nearest = std::cbrt(std::sqrt(2.0) / density);  // of a close-packed crystal of this density
  const auto index = [&](double at) { return static_cast<std::size_t>(std::lower_bound(r.begin(), r.end(), at) - r.begin()); };
  const std::size_t first = std::max<std::size_t>(1, index(0.5 * nearest)), last = std::min(index(2 * nearest), r.size());
  if (first + 2 >= last)
    throw NumericalError(fmt::format("the first peak of g(r) needs r from {:.3g} to {:.3g} angstrom at this density, got {:.3g} to {:.3g}",
                                     0.5 * nearest, 2 * nearest, r.empty() ? 0 : r.front(), r.empty() ? 0 : r.back()));
  const auto at = [](std::size_t i) { return static_cast<std::ptrdiff_t>(i); };
  const double highest = *std::max_element(g.begin() + at(first), g.begin() + at(last));
  std::size_t k = first;
  while (k + 1 < last && !(g[k] >= g[k - 1] && g[k] >= g[k + 1] && g[k] >= 0.5 * highest)) ++k;
  if (k + 1 >= last || !(highest > 0))
    throw NumericalError(
        fmt::format("g(r) must have a first peak between {:.3g} and {:.3g} angstrom, got none; look at the density and the "
                    "background",
                    0.5 * nearest, 2 * nearest));
  Shell s;
  s.at_peak = k, s.peak = vertex(r, g, k, s.height);
  const std::size_t end = std::min(std::max(index(1.75 * s.peak), k + 1), r.size());
  s.at_minimum = static_cast<std::size_t>(std::min_element(g.begin() + at(k), g.begin() + at(end)) - g.begin());
  double depth = 0;
  s.minimum = vertex(r, g, s.at_minimum, depth);
  s.at_start = k;
  while (s.at_start > 0 && g[s.at_start] > 0 && r[s.at_start] > 0.5 * s.peak) --s.at_start;
  s.start = r[s.at_start];
  return s;
}

/// All that depends on Q_max.
struct Reading {
  Shell shell;
  double end = 0, coordination = 0;
  std::vector<double> r, g;
};

Reading reading(std::span<const double> q, std::span<const double> s, std::span<const double> m, double density,
                std::optional<double> radius) {
  Reading out;
  const double reach = std::max(3.6 * std::cbrt(std::sqrt(2.0) / density), radius.value_or(0) + fine_step);
  const auto count = static_cast<std::size_t>(reach / fine_step);
  const std::vector<double> f = sine_transform(q, s, m, fine_step, count, fine_step);
  for (std::size_t k = 0; k < count; ++k) {
    out.r.push_back(fine_step * static_cast<double>(k + 1));
    out.g.push_back(1 + f[k] / (4 * pi * density * out.r[k]));
  }
  out.shell = shell_of(out.r, out.g, density);
  out.end = radius.value_or(out.shell.minimum);
  for (std::size_t k = out.shell.at_start; k < count && out.r[k] <= out.end; ++k)
    out.coordination += fine_step * 4 * pi * density * out.r[k] * out.r[k] * out.g[k];
  return out;
}

std::size_t up_to(std::span<const double> q, double q_max) {
  return static_cast<std::size_t>(std::upper_bound(q.begin(), q.end(), q_max) - q.begin());
}

/// sigma of G'(r) at one r, and of the sum over r of h r F between the ends of the shell.
struct PointErrors {
  double slope = 0, height = 0, coordination = 0, end_slope = 0;
};

PointErrors point_errors(std::span<const double> q, std::span<const double> s_error, std::span<const double> m, const Reading& at) {
  const std::vector<double> w = numeric::trapezoid_weights(q);
  std::size_t end = at.shell.at_start;
  std::vector<double> weight;
  while (end < at.r.size() && at.r[end] <= at.end) weight.push_back(fine_step * at.r[end]), ++end;
  const std::vector<double> sums = numeric::sine_sums_back({at.shell.start, fine_step, weight.size()}, weight, q);
  PointErrors e;
  for (std::size_t i = 0; i < q.size(); ++i) {
    const double a = 2 / pi * w[i] * q[i] * m[i] * s_error[i];
    e.slope += std::pow(a * q[i] * std::cos(q[i] * at.shell.peak), 2);
    e.end_slope += std::pow(a * q[i] * std::cos(q[i] * at.shell.minimum), 2);
    e.height += std::pow(a * std::sin(q[i] * at.shell.peak), 2);
    e.coordination += std::pow(a * sums[i], 2);
  }
  return {std::sqrt(e.slope), std::sqrt(e.height), std::sqrt(e.coordination), std::sqrt(e.end_slope)};
}

/// The maximum of g that a climb from index k reaches.
double summit(const Reading& at, std::size_t k) {
  k = std::min(k, at.g.size() - 1);
  while (k + 1 < at.g.size() && at.g[k + 1] > at.g[k]) ++k;
  while (k > 0 && at.g[k - 1] > at.g[k]) --k;
  double height = 0;
  return vertex(at.r, at.g, k, height);
}

/// Error of the place of the first minimum from the points, at most a tenth of that place.
double end_error(const Reading& at, double slope, double density) {
  const std::size_t k = at.shell.at_minimum;
  if (k < 1 || k + 1 >= at.g.size()) return 0.1 * at.end;
  const double curvature = (at.g[k + 1] - 2 * at.g[k] + at.g[k - 1]) / (fine_step * fine_step);
  return std::min(0.1 * at.end, slope / (4 * pi * density * at.end) / std::max(curvature, 1e-12));
}

}  // namespace

std::vector<double> window(std::span<const double> q, const std::string& name, std::optional<double> start) {
  const double last = q.empty() ? 1 : q.back(), from = start.value_or(default_start * last);
  if (start && !(*start < last))
    throw InputError(fmt::format("--window-start: must lie below the last Q, {:.4g}, got {:g} 1/angstrom", last, *start));
  std::vector<double> m;
  m.reserve(q.size());
  for (const double v : q) {
    const double x = v / last;
    if (name == "lorch")
      m.push_back(x > 0 ? std::sin(pi * x) / (pi * x) : 1);
    else if (name == "soper-barney")
      m.push_back(x > 1e-3 ? 3 * (std::sin(first_zero * x) - first_zero * x * std::cos(first_zero * x)) / std::pow(first_zero * x, 3) : 1);
    else if (name == "cosine")
      m.push_back(v <= from ? 1 : (1 + std::cos(pi * (v - from) / (last - from))) / 2);
    else
      m.push_back(1);
  }
  return m;
}

PairFunctions pair_functions(std::vector<double> r, std::vector<double> g_reduced, std::vector<double> g_reduced_error, double density) {
  PairFunctions p;
  for (std::size_t k = 0; k < r.size(); ++k) {
    const double area = 4 * pi * density * r[k], g = r[k] > 0 ? 1 + g_reduced[k] / area : NAN;
    const double error = r[k] > 0 ? g_reduced_error[k] / area : NAN;
    p.g.push_back(g), p.g_error.push_back(error);
    p.total.push_back(area + g_reduced[k]), p.total_error.push_back(g_reduced_error[k]);
    p.rdf.push_back(r[k] * p.total[k]), p.rdf_error.push_back(r[k] * g_reduced_error[k]);
  }
  p.r = std::move(r), p.g_reduced = std::move(g_reduced), p.g_reduced_error = std::move(g_reduced_error);
  return p;
}

PairFunctions pair_functions(std::span<const double> q, std::span<const double> s, std::span<const double> s_error,
                             std::span<const double> window, double density, double r_max, double r_step) {
  const auto count = static_cast<std::size_t>(std::floor(r_max / r_step + 1e-9));
  std::vector<double> r, square = numeric::trapezoid_weights(q);
  for (std::size_t k = 1; k <= count; ++k) r.push_back(r_step * static_cast<double>(k));
  double all = 0;
  for (std::size_t i = 0; i < q.size(); ++i) square[i] = std::pow(2 / pi * square[i] * q[i] * window[i] * s_error[i], 2), all += square[i];
  // sin^2 = (1 - cos 2 Q r) / 2
  std::vector<double> error = numeric::cosine_sums(q, square, {2 * r_step, 2 * r_step, count});
  for (double& e : error) e = std::sqrt(std::max(0.0, (all - e) / 2));
  return pair_functions(std::move(r), sine_transform(q, s, window, r_step, count, r_step), std::move(error), density);
}

FirstShellOfPdf first_shell(std::span<const double> q, std::span<const double> s, std::span<const double> s_error, const WindowChoice& w,
                            const Measured& density, std::optional<double> radius) {
  const std::vector<double> m = window(q, w.name, w.start);
  const Reading full = reading(q, s, m, density.value, radius);
  const std::size_t n = up_to(q, q.back() - pi / full.shell.peak);
  Reading cut = full;
  if (n >= 20) {
    const std::vector<double> narrow = window(q.first(n), w.name, w.start && *w.start < q[n - 1] ? w.start : std::nullopt);
    cut = reading(q.first(n), s.first(n), narrow, density.value, radius);
  }
  // what the end of the data at Q_max does shows in the difference of windows, too: all of it for a window, half for none
  const bool bare = w.name == "none";
  const Reading other = reading(q, s, window(q, bare ? "lorch" : "none", std::nullopt), density.value, radius);
  const double share = bare ? 0.5 : 1;
  const PointErrors points = point_errors(q, s_error, m, full);
  const double area = 4 * pi * density.value * full.shell.peak;
  const std::size_t k = full.shell.at_peak;
  const double curvature = std::abs(full.g[k + 1] - 2 * full.g[k] + full.g[k - 1]) / (fine_step * fine_step);
  const auto of_q_max = [&](double a, double shorter, double windowed) { return std::hypot((a - shorter) / 2, share * (a - windowed)); };
  const char* note = "points, Q_max and window";
  const double sure = std::isfinite(density.error) ? density.error : 0;
  const double end = radius ? 0 : end_error(full, points.end_slope, density.value);
  const auto at_end = std::min(full.g.size() - 1, static_cast<std::size_t>(full.end / fine_step));
  const double more = 4 * pi * density.value * full.end * full.end * std::max(0.0, full.g[at_end]) * end;
  FirstShellOfPdf out;
  out.position_points = points.slope / area / curvature;
  out.position = {full.shell.peak, std::hypot(out.position_points, of_q_max(full.shell.peak, cut.shell.peak, summit(other, k))), note};
  out.height = {full.shell.height, std::hypot(points.height / area, of_q_max(full.shell.height, cut.shell.height, other.shell.height)),
                note};
  out.minimum = {full.end, radius ? 0 : std::hypot(end, of_q_max(full.end, cut.end, other.end)), radius ? "as given" : note};
  const double volume = 4 * pi / 3 * (std::pow(full.end, 3) - std::pow(full.shell.start, 3));
  out.coordination = {
      full.coordination,
      std::hypot(std::hypot(points.coordination, more), of_q_max(full.coordination, cut.coordination, other.coordination), volume * sure),
      sure > 0 ? "points, place of the minimum, Q_max, window and density" : "points, place of the minimum, Q_max and window"};
  return out;
}

FirstShellOfPdf first_shell(const PairFunctions& p, const Measured& density, std::optional<double> radius) {
  const Shell s = shell_of(p.r, p.g, density.value);
  FirstShellOfPdf out;
  const char* note = "errors of the points; Q_max is not known";
  // a parabola over the top tenth carries the errors of its points
  std::size_t a = s.at_peak, b = s.at_peak;
  while (a > 0 && p.g[a - 1] > 0.9 * s.height) --a;
  while (b + 1 < p.g.size() && p.g[b + 1] > 0.9 * s.height) ++b;
  out.position = {s.peak, NAN, note}, out.height = {s.height, p.g_error[s.at_peak], note};
  const bool errors = std::all_of(p.g_error.begin() + static_cast<std::ptrdiff_t>(a),
                                  p.g_error.begin() + static_cast<std::ptrdiff_t>(b) + 1, [](double e) { return e > 0; });
  if (b - a >= 3 && errors)
    out.position.error = numeric::parabola(std::span(p.r).subspan(a, b - a + 1), std::span(p.g).subspan(a, b - a + 1),
                                           std::span(p.g_error).subspan(a, b - a + 1))
                             .position.error;
  const double end = radius.value_or(s.minimum);
  double sum = 0, variance = 0;
  for (std::size_t k = s.at_start; k + 1 < p.r.size() && p.r[k] <= end; ++k) {
    const double h = p.r[k + 1] - p.r[k];
    sum += h * p.rdf[k], variance += std::pow(h * p.rdf_error[k], 2);
  }
  out.minimum = {end, p.r[s.at_peak + 1] - p.r[s.at_peak], radius ? "as given" : "a step of r"};
  out.coordination = {sum, std::sqrt(variance), note};
  return out;
}

}  // namespace heteroglass::probes
