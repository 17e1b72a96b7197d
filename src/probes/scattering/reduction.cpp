#include "probes/scattering/reduction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "numeric/least_squares.hpp"
#include "numeric/spherical_bessel_transform.hpp"

namespace heteroglass::probes {
namespace {

constexpr double pi = std::numbers::pi;
constexpr double photon_keV_angstrom = 12.398419843320026;
constexpr double electron_rest_keV = 510.99895;
constexpr double step_at_small_r = 0.02;  // angstrom
constexpr double cutoff_by_peak = 0.65;   // r_cutoff over the place of the first peak
constexpr int iterations_to_refine = 1;   // more of them make any density fit

/// All that S(Q) is made of, on the measured points and below them.
struct Pieces {
  std::vector<double> q;        ///< measured
  std::vector<double> a, b, c;  ///< S = alpha (a - scale b) - c
  std::vector<double> error;    ///< of a
  std::vector<double> grid;     ///< with the points below q.front()
  std::size_t measured = 0;
};

std::vector<double> with_points_below(const std::vector<double>& q) {
  const double step = q[1] - q[0];
  const auto count = static_cast<std::size_t>(std::min(1e5, std::floor(q.front() / step - 1e-6) + (q.front() > 1e-9 ? 1 : 0)));
  std::vector<double> grid;
  for (std::size_t i = 0; i < count; ++i) grid.push_back(q.front() * static_cast<double>(i) / static_cast<double>(count));
  grid.insert(grid.end(), q.begin(), q.end());
  return grid;
}

/// (E'/E)^n of Compton scattering by free electrons, n the Breit-Dirac exponent.
double recoil(double q, const ReductionOptions& o) {
  if (!o.energy) return 1;
  const double sine = std::min(1.0, q * photon_keV_angstrom / *o.energy / (4 * pi));
  return std::pow(1 + *o.energy / electron_rest_keV * 2 * sine * sine, -o.recoil_exponent);
}

/// Transmission of a plate across the beam at 2 theta, over that straight on.
double plate(double q, const ReductionOptions& o) {
  if (o.absorption <= 0) return 1;
  if (!o.energy) throw InputError("--energy: must be given for the absorption of a plate, which depends on 2 theta, got none");
  const double half = std::asin(std::min(1.0, q * photon_keV_angstrom / *o.energy / (4 * pi)));
  const double cosine = std::cos(2 * half);
  if (cosine <= 0.02)
    throw InputError(fmt::format("--absorption: a plate is transmitted up to 2 theta = 88 deg only, got {:.4g} deg", 360 / pi * half));
  const double x = o.absorption * (1 / cosine - 1);
  return x > 1e-12 ? -std::expm1(-x) / x : 1;
}

Pieces pieces_of_intensity(const Pattern& sample, const Pattern* background, const Composition& composition, const ReductionOptions& o) {
  Pieces p;
  p.q = sample.x, p.a = sample.value, p.error = sample.error;
  p.b = !sample.background.empty() ? sample.background : background ? interpolated(*background, p.q) : std::vector<double>(p.q.size(), 0);
  const ScatteringFactors f = scattering_factors(composition, p.q, o.radiation);
  for (std::size_t i = 0; i < p.q.size(); ++i) {
    const double each = 1 / (plate(p.q[i], o) * f.square_mean[i]);
    const double compton = o.compton == "subtract" ? f.incoherent[i] * recoil(p.q[i], o) : 0;
    p.a[i] *= each, p.b[i] *= each, p.error[i] *= each;
    p.c.push_back((compton + f.mean_square[i] - f.square_mean[i]) / f.square_mean[i]);
  }
  return p;
}

Pieces pieces_of_structure_factor(const Pattern& sample) {
  Pieces p;
  p.q = sample.x, p.a = sample.value, p.error = sample.error;
  p.b = p.c = std::vector<double>(p.q.size(), 0);
  return p;
}

/// alpha by the integral of Q^2 [S - 1], in which S below the first point is S_1 (Q / Q_1)^2.
double krogh_moe(const Pieces& p, double scale, double density) {
  const std::vector<double> w = numeric::trapezoid_weights(p.q);
  double intensity = 0, rest = 0;
  for (std::size_t i = 0; i < p.q.size(); ++i) {
    const double square = w[i] * p.q[i] * p.q[i];
    intensity += square * (p.a[i] - scale * p.b[i]), rest += square * (p.c[i] + 1);
  }
  const double cube = std::pow(p.q.front(), 3);
  intensity += (p.a[0] - scale * p.b[0]) * cube / 5, rest += p.c[0] * cube / 5 + cube / 3;
  return (rest - 2 * pi * pi * density) / intensity;
}

/// alpha that makes the mean of S over the last third of Q equal to 1.
double high_q(const Pieces& p, double scale) {
  const double from = p.q.back() - (p.q.back() - p.q.front()) / 3;
  double intensity = 0, rest = 0;
  for (std::size_t i = 0; i < p.q.size(); ++i)
    if (p.q[i] >= from) intensity += p.a[i] - scale * p.b[i], rest += 1 + p.c[i];
  return rest / intensity;
}

/// S on p.grid.
std::vector<double> structure_factor(const Pieces& p, double alpha, double scale) {
  std::vector<double> s(p.grid.size());
  for (std::size_t i = 0; i < p.q.size(); ++i) s[p.measured + i] = alpha * (p.a[i] - scale * p.b[i]) - p.c[i];
  for (std::size_t i = 0; i < p.measured; ++i) s[i] = s[p.measured] * std::pow(p.grid[i] / p.grid[p.measured], 2);
  return s;
}

/// D(r) = F(r) + 4 pi rho_0 r at steps from 0 to r_cutoff.
struct SmallR {
  double step = 0;
  std::vector<double> difference;
};

SmallR small_r(std::span<const double> q, std::span<const double> s, double density, double r_cutoff) {
  const auto steps = static_cast<std::size_t>(std::max(20.0, std::ceil(r_cutoff / step_at_small_r)));
  SmallR d{r_cutoff / static_cast<double>(steps), {}};
  d.difference = sine_transform(q, s, {}, d.step, steps + 1);
  for (std::size_t k = 0; k <= steps; ++k) d.difference[k] += 4 * pi * density * d.step * static_cast<double>(k);
  return d;
}

void correct(std::span<const double> q, std::vector<double>& s, const SmallR& d, bool eggert) {
  std::vector<double> f = d.difference;
  f.back() /= 2;  // the first is multiplied by sin 0
  for (double& v : f) v *= d.step;
  const std::vector<double> integral = numeric::sine_sums_back({0, d.step, f.size()}, f, q);
  double at_zero = 0;
  for (std::size_t k = 0; k < f.size(); ++k) at_zero += f[k] * d.step * static_cast<double>(k);
  for (std::size_t i = 0; i < q.size(); ++i) {
    const double x = q[i] > 0 ? integral[i] / q[i] : at_zero;
    s[i] = eggert ? s[i] * (1 - x) : s[i] - x;
  }
}

/// One choice of everything that can be refined or varied.
struct Choice {
  double scale = 0, density = 0, r_cutoff = 0;
  int iterations = 0;
};

struct Attempt {
  double alpha = 1;
  std::vector<double> raw, s;
  SmallR left;
};

Attempt attempt(const Pieces& p, const Choice& c, const ReductionOptions& o, bool intensity) {
  Attempt t;
  if (intensity && o.normalisation != "none")
    t.alpha = o.normalisation == "krogh-moe" ? krogh_moe(p, c.scale, c.density) : high_q(p, c.scale);
  t.raw = t.s = structure_factor(p, t.alpha, c.scale);
  t.left = small_r(p.grid, t.s, c.density, c.r_cutoff);
  for (int k = 0; k < c.iterations && o.correction != "none"; ++k) {
    correct(p.grid, t.s, t.left, o.correction == "eggert");
    t.left = small_r(p.grid, t.s, c.density, c.r_cutoff);
  }
  return t;
}

struct Refinement {
  bool scale = false, density = false;
  double scale_start = 0;
};

/// Least squares of D(r) after one iteration, from the best of a row of background scales.
Choice refine(const Pieces& p, Choice c, const Refinement& r, const ReductionOptions& o, bool intensity) {
  c.iterations = iterations_to_refine;
  const auto misfit = [&](const Choice& at) {
    const Attempt t = attempt(p, at, o, intensity);
    double sum = 0;
    for (const double d : t.left.difference) sum += d * d;
    return std::isfinite(sum) ? sum : INFINITY;
  };
  double highest = INFINITY;  // of which the background is a part at most
  for (std::size_t i = 0; i < p.q.size(); ++i)
    if (p.b[i] > 0) highest = std::min(highest, p.a[i] / p.b[i]);
  if (r.scale) {
    double best = INFINITY;
    for (int k = 0; k <= 16; ++k) {
      Choice at = c;
      at.scale = highest * 0.06 * k;
      if (const double m = misfit(at); m < best) best = m, c.scale = at.scale;
    }
  }
  const std::vector<numeric::Parameter> parameters = {{"background_scale", c.scale, 0, std::isfinite(highest) ? 2 * highest : 1, !r.scale},
                                                      {"density", c.density, 0.2 * c.density, 5 * c.density, !r.density}};
  const std::size_t residuals = attempt(p, c, o, intensity).left.difference.size();
  const numeric::LeastSquares fit =
      numeric::least_squares(parameters, residuals, [&](std::span<const double> at, std::span<double> residual, double*) {
        Choice moved = c;
        moved.scale = at[0], moved.density = at[1];
        const std::vector<double> d = attempt(p, moved, o, intensity).left.difference;
        std::copy(d.begin(), d.end(), residual.begin());
      });
  c.scale = fit.value[0], c.density = fit.value[1];
  return c;
}

/// The same points up to q_max.
Pieces up_to(const Pieces& p, double q_max) {
  Pieces out = p;
  const auto n = static_cast<std::size_t>(std::upper_bound(p.q.begin(), p.q.end(), q_max) - p.q.begin());
  for (std::vector<double>* v : {&out.q, &out.a, &out.b, &out.c, &out.error}) v->resize(n);
  out.grid.resize(out.measured + n);
  return out;
}

/// Place of the highest point of g(r) with a Lorch window, beyond half the distance of close-packed neighbours.
double rough_peak(const Pieces& p, const std::vector<double>& s, double density) {
  const double nearest = std::cbrt(std::sqrt(2.0) / density), step = 0.01;
  std::vector<double> lorch;
  for (const double q : p.grid) lorch.push_back(q > 0 ? std::sin(pi * q / p.grid.back()) / (pi * q / p.grid.back()) : 1);
  const auto first = static_cast<std::size_t>(0.5 * nearest / step), last = static_cast<std::size_t>(1.6 * nearest / step);
  const std::vector<double> f = sine_transform(p.grid, s, lorch, step, last);
  std::size_t best = first;
  for (std::size_t k = first; k < last; ++k)
    if (f[k] / static_cast<double>(k) > f[best] / static_cast<double>(best)) best = k;
  return step * static_cast<double>(best);
}

double spread(const std::vector<double>& values) {
  double square = 0;
  for (std::size_t i = 1; i < values.size(); ++i) square += std::pow(values[i] - values[0], 2);
  return std::sqrt(square / static_cast<double>(values.size() - 1));
}

}  // namespace

const Fields& ReductionOptions::fields() {
  using O = ReductionOptions;
  static const Fields table = {
      field<&O::composition>("composition", "", "atomic composition, e.g. Ce70Al10Ni10Cu10; needed for intensities"),
      field<&O::density>("density", "", "0.0347/A^3, 34.7/nm^3 or 6.7g/cm^3; a bare number is in 1/angstrom^3").alias("rho"),
      field<&O::q_min>("q_min", "1/angstrom", "first Q used; unset: of the file").non_negative().alias("qmin"),
      field<&O::q_max>("q_max", "1/angstrom", "last Q used; unset: of the file").positive().alias("qmax"),
      field<&O::background>("background", "", "which of the input files or curves is the empty container"),
      field<&O::background_scale>("background_scale", "1", "what the background is multiplied with; unset: refined").non_negative(),
      field<&O::refine_density>("refine_density", "", "refine the density by the behaviour at small r, from the one given"),
      field<&O::radiation>("radiation", "", "xray: form factors, Compton; neutron: scattering lengths").one_of({"xray", "neutron"}),
      field<&O::compton>("compton", "", "incoherent scattering is subtracted, or was before").one_of({"subtract", "none"}),
      field<&O::energy>("energy", "keV", "of the photons: for 2 theta, the recoil of Compton scattering, absorption").positive(),
      field<&O::recoil_exponent>("recoil_exponent", "1", "Breit-Dirac exponent n of (E'/E)^n; used with energy").range(0, 4),
      field<&O::absorption>("absorption", "1", "mu t of a plate across the beam; needs energy; 0: corrected before").non_negative(),
      field<&O::counts>("counts", "", "intensities are numbers of photons: errors by counting statistics"),
      field<&O::normalisation>("normalisation", "", "to electron units: by the integral, by large Q, or done before")
          .one_of({"krogh-moe", "high-q", "none"}),
      field<&O::correction>("correction", "", "of S(Q) by its transform at small r").one_of({"eggert", "kaplow", "none"}),
      field<&O::iterations>("iterations", "1", "of the correction; 0: none").range(0, 1000),
      field<&O::r_cutoff>("r_cutoff", "angstrom", "no atoms are closer; unset: 0.65 of the first peak").positive().alias("rmin"),
  };
  return table;
}

std::vector<double> sine_transform(std::span<const double> q, std::span<const double> s, std::span<const double> window, double r_step,
                                   std::size_t count, double r_first) {
  std::vector<double> f = numeric::trapezoid_weights(q);
  for (std::size_t i = 0; i < q.size(); ++i) f[i] *= 2 / pi * q[i] * (s[i] - 1) * (window.empty() ? 1 : window[i]);
  return numeric::sine_sums(q, f, {r_first, r_step, count});
}

StructureFactorCurve reduced(const Pattern& sample_pattern, const Pattern* background, const ReductionOptions& o, Context& context) {
  const bool intensity = sample_pattern.kind == PatternKind::intensity;
  const Sample sample = probes::sample(o.composition, o.density, intensity);
  if (!intensity) check_tail(sample_pattern, context);
  const bool has_background = intensity && (background || !sample_pattern.background.empty());
  if (o.background_scale && !has_background)
    throw InputError(fmt::format("--background-scale: a background must be named with --background FILE, got a scale of {:g} without one",
                                 *o.background_scale));
  Pieces p =
      intensity ? pieces_of_intensity(sample_pattern, background, sample.composition, o) : pieces_of_structure_factor(sample_pattern);
  p.grid = with_points_below(p.q), p.measured = p.grid.size() - p.q.size();

  Refinement r{has_background && !o.background_scale, o.refine_density, 0};
  Choice c{o.background_scale.value_or(0), sample.density, o.r_cutoff.value_or(1), 0};
  if (r.scale) {  // for the rough place of the first peak
    double highest = INFINITY;
    for (std::size_t i = 0; i < p.q.size(); ++i)
      if (p.b[i] > 0) highest = std::min(highest, p.a[i] / p.b[i]);
    c.scale = std::isfinite(highest) ? 0.8 * highest : 0;
  }
  double peak = rough_peak(p, attempt(p, c, o, intensity).raw, c.density);
  if (!o.r_cutoff) c.r_cutoff = cutoff_by_peak * peak;
  StructureFactorCurve out;
  out.scale.note = "follows from the normalisation", out.background_scale = {c.scale, NAN, has_background ? "as given" : "no background"};
  out.density = {c.density, NAN, "as given"};
  if (r.scale || r.density) {
    c = refine(p, c, r, o, intensity);
    std::vector<double> scales = {c.scale}, densities = {c.density};
    const auto vary = [&](const Pieces& pieces, double r_cutoff) {
      Choice at = c;
      at.r_cutoff = r_cutoff;
      at = refine(pieces, at, r, o, intensity);
      scales.push_back(at.scale), densities.push_back(at.density);
    };
    vary(p, 0.95 * c.r_cutoff), vary(p, 1.05 * c.r_cutoff), vary(up_to(p, p.q.back() - pi / peak), c.r_cutoff);
    const std::string how = "refined; spread when r_cutoff moves by 5 % and Q_max by half an oscillation";
    if (r.scale) out.background_scale = {c.scale, spread(scales), how};
    if (r.density) out.density = {c.density, spread(densities), how};
    if (r.scale) context.warn(fmt::format("the background scale is refined to {:.4g}; give background_scale to set it", c.scale));
  }
  c.iterations = o.iterations;
  Attempt t = attempt(p, c, o, intensity);
  if (!(t.alpha > 0))
    throw InputError(
        fmt::format("{}: the intensity less the background must be positive on the whole, got a normalisation of {:.4g}; "
                    "background_scale is {:.4g}",
                    sample_pattern.source, t.alpha, c.scale));
  if (intensity) {
    const double tail = tail_mean(p.grid, t.raw);
    if (std::abs(tail - 1) > 0.1)
      context.warn(
          fmt::format("{}: before the correction at small r, S(Q) has a mean of {:.3g} over the last quarter of Q instead of 1: the "
                      "background, its scale or the incoherent scattering do not fit",
                      sample_pattern.source, tail));
  }
  out.q = std::move(p.grid), out.measured = p.measured;
  out.s_raw = std::move(t.raw), out.s = std::move(t.s);
  out.s_error.assign(out.q.size(), 0);
  for (std::size_t i = 0; i < p.q.size(); ++i) out.s_error[out.measured + i] = t.alpha * p.error[i];
  for (std::size_t i = 0; i < out.measured; ++i) out.s_error[i] = out.s_error[out.measured];
  double square = 0;
  for (const double d : t.left.difference) square += d * d;
  out.residual = std::sqrt(square / static_cast<double>(t.left.difference.size())) / (4 * pi * c.density * c.r_cutoff);
  out.scale.value = intensity ? t.alpha : 1, out.r_cutoff = c.r_cutoff, out.error_note = sample_pattern.error_note;
  return out;
}

SampleAndBackground sample_and_background(std::span<const Curve> curves, const std::string& background) {
  SampleAndBackground out;
  if (!background.empty()) {
    const std::vector<std::size_t> found = curves_named(curves, background, "--background");
    if (found.size() > 1)
      throw InputError(fmt::format("--background: must name one curve, got '{}', which means {}", background, found.size()));
    out.background = found.front();
  }
  for (std::size_t i = 0; i < curves.size(); ++i)
    if (out.background != i) out.samples.push_back(i);
  if (out.samples.empty()) throw InputError("--background: another curve must be the sample, got only the background");
  return out;
}

PartedCurves parted(std::span<const Curve> curves, const std::string& background, const std::string& label, const std::string& flag) {
  const SampleAndBackground which = sample_and_background(curves, background);
  std::vector<std::size_t> apart;
  if (!label.empty()) apart = curves_named(curves, label, flag);
  PartedCurves p;
  if (which.background) p.background = curves[*which.background];
  for (const std::size_t i : which.samples)
    (std::find(apart.begin(), apart.end(), i) != apart.end() ? p.apart : p.loaded).push_back(curves[i]);
  return p;
}

}  // namespace heteroglass::probes
