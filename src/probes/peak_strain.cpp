#include "probes/peak_strain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numbers>

#include "core/error.hpp"
#include "numeric/least_squares.hpp"
#include "probes/scattering/azimuthal.hpp"
#include "probes/scattering/pair_functions.hpp"

namespace heteroglass::probes {
namespace {

constexpr double pi = std::numbers::pi;
constexpr std::size_t fewest_points_of_peak = 8;

std::size_t highest(const Pattern& p, const PeakStrainOptions& o) {
  std::size_t top = 0;
  const auto near = [&](double q) { return !o.peak_near || std::abs(q - *o.peak_near) < o.peak_width * *o.peak_near; };
  for (std::size_t i = 0; i < p.x.size(); ++i)
    if (near(p.x[i]) && (!near(p.x[top]) || p.value[i] > p.value[top])) top = i;
  return top;
}

/// Place of a pseudo-Voigt peak on a straight background. The weights fall smoothly to zero at the ends of the range, which is centred on the
/// place found: a range of whole points would move in steps.
Measured peak_at(const Pattern& p, double centre, double half) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < p.x.size(); ++i)
    if (std::abs(p.x[i] - centre) < half) rows.push_back(i);
  if (rows.size() < fewest_points_of_peak || centre - p.x.front() < 0.7 * half || p.x.back() - centre < 0.7 * half)
    throw InputError(
        fmt::format("{}: the first peak must lie within the range with at least {} points around it, got the highest point at {:.4g} "
                    "1/angstrom of {:.4g} to {:.4g}; choose with --peak-near or --q-min",
                    p.source, fewest_points_of_peak, centre, p.x.front(), p.x.back()));
  double low = INFINITY, high = -INFINITY, largest = 0;
  for (const std::size_t i : rows)
    low = std::min(low, p.value[i]), high = std::max(high, p.value[i]), largest = std::max(largest, p.error[i]);
  const double height = high - low;
  const std::vector<numeric::Parameter> start = {{"level", low / height},
                                                 {"slope", 0},
                                                 {"height", 1, 0.05, 20},
                                                 {"place", centre, centre - half, centre + half},
                                                 {"width", half / 2, half / 50, 4 * half},
                                                 {"mix", 0.5, 0, 1}};
  const auto residuals = [&](std::span<const double> a, std::span<double> residual, double*) {
    for (std::size_t k = 0; k < rows.size(); ++k) {
      const double q = p.x[rows[k]], x = (q - a[3]) / a[4];  // width: half at half height
      const double shape = a[5] / (1 + x * x) + (1 - a[5]) * std::exp(-std::numbers::ln2 * x * x);
      const double error = std::max({p.error[rows[k]], 1e-3 * largest, 1e-9 * height}), weight = std::cos(pi / 2 * (q - centre) / half);
      residual[k] = weight * (height * (a[0] + a[1] * (q - centre) / half + a[2] * shape) - p.value[rows[k]]) / error;
    }
  };
  const numeric::LeastSquares fit = numeric::least_squares(start, rows.size(), residuals, {.known_errors = true});
  return {fit.value[3], fit.error[3], "errors of the points"};
}

Measured peak_of(const Pattern& p, const PeakStrainOptions& o) {
  const double top = p.x[highest(p, o)];
  Measured place = peak_at(p, top, o.peak_width * top);
  for (int k = 0; k < 2; ++k) place = peak_at(p, place.value, o.peak_width * place.value);
  return place;
}

/// u = A cos^2 + B sin 2 phi + C sin^2 by weighted least squares.
struct TensorFit {
  std::array<double, 3> value{};
  std::array<std::array<double, 3>, 3> covariance{};
  double misfit = NAN;
};

std::array<double, 3> basis(double azimuth, double axis) {
  const double phi = (azimuth - axis) * pi / 180;
  return {std::cos(phi) * std::cos(phi), std::sin(2 * phi), std::sin(phi) * std::sin(phi)};
}

TensorFit tensor_fit(const std::vector<double>& azimuth, double axis, const std::vector<double>& u, const std::vector<double>& error) {
  Mat3 a;
  Vec3 b;
  for (std::size_t k = 0; k < u.size(); ++k) {
    const auto x = basis(azimuth[k], axis);
    const double w = 1 / (error[k] * error[k]);
    for (std::size_t i = 0; i < 3; ++i) {
      b[i] += w * x[i] * u[k];
      for (std::size_t j = 0; j < 3; ++j) a[i][j] += w * x[i] * x[j];
    }
  }
  const double scale = a[0][0] + a[1][1] + a[2][2];
  if (!(determinant(a) > 1e-6 * scale * scale * scale / 27))
    throw InputError(fmt::format(
        "the azimuths must tell three components of strain apart (at least three directions modulo 180 deg), got {} sectors that do not",
        u.size()));
  const Mat3 c = inverse(a);
  const Vec3 solved = c * b;
  TensorFit f;
  double chi2 = 0;
  for (std::size_t i = 0; i < 3; ++i) f.value[i] = solved[i];
  for (std::size_t k = 0; k < u.size(); ++k) {
    const auto x = basis(azimuth[k], axis);
    chi2 += std::pow((u[k] - x[0] * solved.x - x[1] * solved.y - x[2] * solved.z) / error[k], 2);
  }
  if (u.size() > 3) f.misfit = chi2 / static_cast<double>(u.size() - 3);
  const double inflate = u.size() > 3 ? std::max(1.0, f.misfit) : 1;
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) f.covariance[i][j] = inflate * c[i][j];
  return f;
}

/// eps_11, eps_12, eps_22, the angle of the largest principal strain and u_0, from A, B, C and what is known of u_0.
using Strained = std::array<double, 5>;
Strained strained(const std::array<double, 3>& u, double u_0) {
  const double e11 = u[0] / u_0 - 1, e12 = u[1] / u_0, e22 = u[2] / u_0 - 1;
  return {e11, e12, e22, 0.5 * std::atan2(2 * e12, e11 - e22) * 180 / pi, u_0};
}

struct Unstrained {
  std::optional<Measured> known;
  std::optional<double> poisson;

  double from(const std::array<double, 3>& u) const { return poisson ? (u[2] + *poisson * u[0]) / (1 + *poisson) : (u[0] + u[2]) / 2; }
};

struct Tensor {
  Strained value{}, error{};
};

Tensor tensor(const TensorFit& f, const Unstrained& zero) {
  const auto at = [&](const std::array<double, 3>& u, double moved) {
    return strained(u, zero.known ? zero.known->value + moved : zero.from(u));
  };
  Tensor out;
  out.value = at(f.value, 0);
  std::array<Strained, 3> slope{};
  for (std::size_t i = 0; i < 3; ++i) {
    const double h = 1e-6 * std::abs(f.value[0]);
    auto high = f.value, low = f.value;
    high[i] += h, low[i] -= h;
    const Strained a = at(high, 0), b = at(low, 0);
    for (std::size_t c = 0; c < a.size(); ++c) slope[i][c] = (a[c] - b[c]) / (2 * h);
  }
  Strained by_zero{};
  if (zero.known && std::isfinite(zero.known->error)) {
    const double h = 1e-6 * zero.known->value;
    const Strained a = at(f.value, h), b = at(f.value, -h);
    for (std::size_t c = 0; c < a.size(); ++c) by_zero[c] = (a[c] - b[c]) / (2 * h) * zero.known->error;
  }
  for (std::size_t c = 0; c < out.error.size(); ++c) {
    double variance = by_zero[c] * by_zero[c];
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; j < 3; ++j) variance += slope[i][c] * slope[j][c] * f.covariance[i][j];
    out.error[c] = std::sqrt(std::max(0.0, variance));
  }
  return out;
}

/// Mean of measurements, weighted by their errors.
Measured weighted_mean(const std::vector<Measured>& all) {
  double weight = 0, sum = 0, chi2 = 0;
  for (const Measured& m : all) weight += 1 / (m.error * m.error), sum += m.value / (m.error * m.error);
  const double mean = sum / weight;
  for (const Measured& m : all) chi2 += std::pow((m.value - mean) / m.error, 2);
  const double scatter = all.size() > 1 ? std::max(1.0, chi2 / static_cast<double>(all.size() - 1)) : 1;
  return {mean, std::sqrt(scatter / weight), "mean of the reference curves"};
}

/// The pattern with its background taken off, when the scale of that is known.
Pattern cleaned(const Curve& c, const PartedCurves& all, const PeakStrainOptions& o, Context& context) {
  Pattern p = pattern(c, o.reduction.settings());
  if (p.kind == PatternKind::pair_function)
    throw InputError(fmt::format("{}: sectors must be intensities, S(Q) or F(Q), got G(r)", c.source));
  if (p.kind != PatternKind::intensity || (!all.background && p.background.empty())) return p;
  if (!o.reduction.background_scale) {
    context.warn("the background is not taken off for the place of the diffraction peak, because background_scale is not given");
    return p;
  }
  PatternSettings whole = o.reduction.settings();
  whole.q_min = whole.q_max = std::nullopt;
  const std::vector<double> b = p.background.empty() ? interpolated(pattern(*all.background, whole), p.x) : p.background;
  for (std::size_t i = 0; i < p.x.size(); ++i) p.value[i] -= *o.reduction.background_scale * b[i];
  return p;
}

Matrix square(const Strained& s) {
  Matrix m(2, 2);
  m(0, 0) = s[0], m(0, 1) = m(1, 0) = s[1], m(1, 1) = s[2];
  return m;
}

/// First peaks of g(r) of the sectors, with the errors of their points.
std::vector<Measured> peaks_of_r(std::vector<Curve> curves, const PartedCurves& all, const PeakStrainOptions& o, Context& context) {
  for (Curve& c : curves) c.properties.try_emplace("azimuth", CurveProperty{0, "deg"});  // a reference may be of the whole ring
  const Sectors s = sectors(curves, all.background ? &*all.background : nullptr, o.reduction, o.axis, context);
  std::vector<Measured> out;
  for (const Sector& one : s.sector) {
    const FirstShellOfPdf shell = first_shell(s.q, one.s, one.s_error, {o.window, std::nullopt}, {*s.density, NAN, ""}, std::nullopt);
    out.push_back({shell.position.value, std::max(shell.position_points, 1e-9), "errors of the points"});
  }
  return out;
}

struct Series {
  std::vector<double> place, error, shift, shift_error, fit;
  Tensor strain;
  double misfit = NAN;
};

/// @param length u of a place; inverse for Q
Series evaluated(const std::vector<double>& azimuth, const std::vector<Measured>& peaks, bool inverse, const Unstrained& zero,
                 double axis) {
  Series s;
  std::vector<double> u, u_error;
  for (const Measured& m : peaks) {
    s.place.push_back(m.value), s.error.push_back(m.error);
    u.push_back(inverse ? 1 / m.value : m.value), u_error.push_back(inverse ? m.error / (m.value * m.value) : m.error);
  }
  const TensorFit f = tensor_fit(azimuth, axis, u, u_error);
  s.strain = tensor(f, zero), s.misfit = f.misfit;
  const double u_0 = s.strain.value[4];
  for (std::size_t k = 0; k < u.size(); ++k) {
    const auto x = basis(azimuth[k], axis);
    s.shift.push_back(u[k] / u_0 - 1), s.shift_error.push_back(u_error[k] / u_0);
    s.fit.push_back((x[0] * f.value[0] + x[1] * f.value[1] + x[2] * f.value[2]) / u_0 - 1);
  }
  return s;
}

std::string note_of(const Unstrained& zero) {
  return zero.known ? zero.known->note : zero.poisson ? "from the Poisson ratio, uniaxial load" : "so that eps_11 + eps_22 = 0";
}

}  // namespace

const Fields& PeakStrainOptions::fields() {
  using O = PeakStrainOptions;
  static const Fields table = with_nested<&O::reduction>({
      field<&O::axis>("axis", "deg", "azimuth from which the tensor counts: the load"),
      field<&O::reference>("reference", "", "which input curves are of the sample without load"),
      field<&O::q_0>("q_0", "1/angstrom", "place of the diffraction peak without strain").positive(),
      field<&O::r_0>("r_0", "angstrom", "place of the first peak of g(r) without strain").positive(),
      field<&O::poisson>("poisson", "1", "Poisson ratio, to find the places without strain under uniaxial load").range(-1, 0.5).alias("nu"),
      field<&O::peak_width>("peak_width", "1", "half width of the fitted range, over the place of the peak").range(0.01, 1),
      field<&O::peak_near>("peak_near", "1/angstrom", "where the diffraction peak is; unset: highest point").positive(),
      field<&O::window>("window", "", "of the transform to g(r)").one_of({"none", "lorch", "soper-barney", "cosine"}),
  });
  return table;
}

const ColumnRoles& PeakStrainOptions::columns() { return diffraction_columns(); }

const Fields& PeakStrain::fields() {
  using R = PeakStrain;
  static const Fields table = {
      field<&R::direction>("direction", "", "along and across the axis, in the plane of the detector"),
      field<&R::strain>("strain", "1", "strain tensor from the diffraction peak").labelled("direction"),
      field<&R::strain_error>("strain_error", "1", "error of strain").error_for("strain"),
      field<&R::strain_r>("strain_r", "1", "strain tensor from the first peak of g(r); empty without density").labelled("direction"),
      field<&R::strain_r_error>("strain_r_error", "1", "error of strain_r").error_for("strain_r"),
      field<&R::principal_angle>("principal_angle", "deg", "of the largest principal strain, from the axis"),
      field<&R::q_0>("q_0", "1/angstrom", "place of the diffraction peak without strain"),
      field<&R::r_0>("r_0", "angstrom", "place of the first peak of g(r) without strain"),
      field<&R::misfit>("misfit", "1", "chi^2 per degree of freedom of the tensor").exact("a measure of misfit"),
      field<&R::misfit_r>("misfit_r", "1", "the same of the first peak of g(r)").exact("a measure of misfit"),
      field<&R::azimuth>("azimuth", "deg", "of the sectors").exact("of the files"),
      field<&R::shift>("shift", "1", "(Q_0 - Q) / Q").over("azimuth", Plot::points),
      field<&R::shift_error>("shift_error", "1", "error of shift from the points").error_for("shift"),
      field<&R::shift_fit>("shift_fit", "1", "by the tensor").over("azimuth").with("shift").exact("see strain"),
      field<&R::shift_r>("shift_r", "1", "(r - r_0) / r_0").over("azimuth", Plot::points),
      field<&R::shift_r_error>("shift_r_error", "1", "error of shift_r from the points").error_for("shift_r"),
      field<&R::shift_r_fit>("shift_r_fit", "1", "by the tensor").over("azimuth").with("shift_r").exact("see strain_r"),
      field<&R::peak_q>("peak_q", "1/angstrom", "place of the diffraction peak").over("azimuth", Plot::points),
      field<&R::peak_q_error>("peak_q_error", "1/angstrom", "error of peak_q from the points").error_for("peak_q"),
      field<&R::peak_r>("peak_r", "angstrom", "place of the first peak of g(r)").over("azimuth", Plot::points),
      field<&R::peak_r_error>("peak_r_error", "angstrom", "error of peak_r from the points").error_for("peak_r"),
  };
  return table;
}

PeakStrain peak_strain(std::span<const Curve> curves, const PeakStrainOptions& o, Context& context) {
  if (curves.empty()) throw InputError("probes/peak_strain: curves of azimuthal sectors must be named, got no file");
  const PartedCurves all = parted(curves, o.reduction.background, o.reference, "--reference");
  PeakStrain out;
  out.direction = {"parallel", "perpendicular"};
  std::vector<Measured> peaks, reference;
  bool intensity = false;
  for (const Curve& c : all.loaded) {
    const Pattern p = cleaned(c, all, o, context);
    if (!p.azimuth)
      throw InputError(
          fmt::format("{}: the azimuth of each sector must be known; give it as a column, or for all {} curves as --property "
                      "azimuth=0:15:...deg",
                      p.source, curves.size()));
    out.azimuth.push_back(*p.azimuth), peaks.push_back(peak_of(p, o)), intensity = p.kind == PatternKind::intensity;
  }
  if (peaks.size() < 3) throw InputError(fmt::format("probes/peak_strain: at least three sectors must be given, got {}", peaks.size()));
  for (const Curve& c : all.apart) reference.push_back(peak_of(cleaned(c, all, o, context), o));

  Unstrained zero{std::nullopt, o.poisson};
  if (o.q_0)
    zero.known = {1 / *o.q_0, NAN, "as given"};
  else if (!reference.empty()) {
    const Measured q = weighted_mean(reference);
    zero.known = {1 / q.value, q.error / (q.value * q.value), q.note};
  }
  if (!zero.known && !zero.poisson)
    context.warn("the tensor is without its in-plane mean (eps_11 + eps_22 = 0), because there is no reference, q_0 or poisson");
  Series s = evaluated(out.azimuth, peaks, true, zero, o.axis);
  out.strain = square(s.strain.value), out.strain_error = square(s.strain.error), out.misfit = s.misfit;
  out.peak_q = s.place, out.peak_q_error = s.error, out.shift = s.shift, out.shift_error = s.shift_error, out.shift_fit = s.fit;
  const double u_0 = s.strain.value[4];
  out.q_0 = {1 / u_0, s.strain.error[4] / (u_0 * u_0), note_of(zero)};
  out.principal_angle = {s.strain.value[3], s.strain.error[3], "errors of the points and misfit"};

  out.misfit_r = NAN, out.r_0.note = "needs density, and the composition for intensities";
  if (o.reduction.density.empty() || (intensity && o.reduction.composition.empty())) return out;
  Unstrained zero_r{std::nullopt, o.poisson};
  if (o.r_0)
    zero_r.known = {*o.r_0, NAN, "as given"};
  else if (!all.apart.empty())
    zero_r.known = weighted_mean(peaks_of_r(all.apart, all, o, context));
  s = evaluated(out.azimuth, peaks_of_r(all.loaded, all, o, context), false, zero_r, o.axis);
  out.strain_r = square(s.strain.value), out.strain_r_error = square(s.strain.error), out.misfit_r = s.misfit;
  out.peak_r = s.place, out.peak_r_error = s.error, out.shift_r = s.shift, out.shift_r_error = s.shift_error, out.shift_r_fit = s.fit;
  out.r_0 = {s.strain.value[4], s.strain.error[4], note_of(zero_r)};
  return out;
}

const Analysis& peak_strain_analysis() {
  static const Analysis entry =
      analysis<&peak_strain>("probes", "peak_strain", "strain tensor from shifts of first peaks with azimuth",
                             {{"Poulsen, Wert, Neuefeind, Honkimaki, Daymond, Nature Materials 4, 33 (2005)", "10.1038/nmat1266"},
                              {"Hufnagel, Ott, Almer, Phys. Rev. B 73, 064204 (2006)", "10.1103/PhysRevB.73.064204"}});
  return entry;
}

}  // namespace heteroglass::probes
