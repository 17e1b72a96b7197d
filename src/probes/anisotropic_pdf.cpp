#include "probes/anisotropic_pdf.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/error.hpp"
#include "probes/scattering/anisotropic_density.hpp"

namespace heteroglass::probes {
namespace {

constexpr double step_of_curves = 0.02, step_of_frames = 0.1;  // angstrom
constexpr double shell_width = 2;                              // angstrom, of the profile of strain
constexpr double largest_strain = 0.1;
constexpr double least_signal = 0.2;                        // of the sum of squares of the shape, beside noise
constexpr double nearest_pair = 1.5, first_peak_below = 6;  // angstrom

/// y = a x1 + b x2 (x2 may be missing) by weighted least squares; a = sum c y over the rows.
struct LinearFit {
  std::array<double, 2> value{}, error{};
  std::array<std::vector<double>, 2> c;
  double misfit = NAN;  ///< chi^2 per point
};

struct Rows {
  std::vector<std::size_t> index;
  std::vector<double> weight;
};

Rows rows_between(const AnisotropicDensity& d, double from, double to) {
  Rows rows;
  double largest = 0;
  for (std::size_t k = 0; k < d.r.size(); ++k)
    if (d.r[k] >= from && d.r[k] <= to) rows.index.push_back(k), largest = std::max(largest, d.rho_2_error[k]);
  if (rows.index.size() < 4)
    throw InputError(
        fmt::format("--fit-from, --fit-to: at least 4 points of r must lie between them, got {} from {:.4g} to {:.4g} angstrom",
                    rows.index.size(), from, to));
  for (const std::size_t k : rows.index) {
    // frames: shells count by their volume, because the error of a shell without pairs is not zero
    const double e = d.rho_2_without.empty() ? std::max(d.rho_2_error[k], 1e-3 * largest) : 1 / d.r[k];
    rows.weight.push_back(e > 0 ? 1 / (e * e) : 1);
  }
  return rows;
}

/// @param noise standard error of x1, whose square is taken off its sum of squares: otherwise noise in the shape lowers its amplitude.
/// Where little remains the value is NaN. Fuller, Measurement Error Models, Wiley (1987), section 1.2.
LinearFit linear_fit(const Rows& rows, std::span<const double> y, std::span<const double> x1, std::span<const double> x2,
                     std::span<const double> noise) {
  double a11 = 0, a12 = 0, a22 = 0, b1 = 0, b2 = 0;
  for (std::size_t i = 0; i < rows.index.size(); ++i) {
    const std::size_t k = rows.index[i];
    const double w = rows.weight[i], p = x1[k], q = x2.empty() ? 0 : x2[k];
    a11 += w * p * p, a12 += w * p * q, a22 += w * q * q, b1 += w * p * y[k], b2 += w * q * y[k];
  }
  LinearFit f;
  double of_noise = 0;
  for (std::size_t i = 0; i < rows.index.size(); ++i) of_noise += rows.weight[i] * noise[rows.index[i]] * noise[rows.index[i]];
  if (a11 - of_noise < least_signal * a11) {
    f.value = f.error = {NAN, NAN};
    return f;
  }
  a11 -= of_noise;
  const double det = x2.empty() ? a11 : a11 * a22 - a12 * a12;
  if (!(det > 1e-12 * (x2.empty() ? 1e-300 : a11 * a22)))
    throw NumericalError("the shapes of affine and anelastic strain must differ in the fit range, got two that are proportional");
  for (std::size_t i = 0; i < rows.index.size(); ++i) {
    const std::size_t k = rows.index[i];
    const double w = rows.weight[i], p = w * x1[k], q = x2.empty() ? 0 : w * x2[k];
    f.c[0].push_back(x2.empty() ? p / a11 : (a22 * p - a12 * q) / det);
    if (!x2.empty()) f.c[1].push_back((a11 * q - a12 * p) / det);
  }
  f.value = {x2.empty() ? b1 / a11 : (a22 * b1 - a12 * b2) / det, x2.empty() ? 0 : (a11 * b2 - a12 * b1) / det};
  double chi2 = 0;
  for (std::size_t i = 0; i < rows.index.size(); ++i) {
    const std::size_t k = rows.index[i];
    chi2 += rows.weight[i] * std::pow(y[k] - f.value[0] * x1[k] - (x2.empty() ? 0 : f.value[1] * x2[k]), 2);
  }
  f.misfit = chi2 / static_cast<double>(rows.index.size());
  return f;
}

/// Errors of a fit: jackknife where there are blocks, else those of the points of S(Q), scaled up by the misfit.
LinearFit fit(const AnisotropicDensity& d, double from, double to, std::span<const double> y, std::span<const double> anelastic) {
  const Rows rows = rows_between(d, from, to);
  LinearFit f = linear_fit(rows, y, d.shape, anelastic, d.shape_error);
  if (std::isnan(f.value[0])) return f;
  if (!d.rho_2_without.empty()) {
    const auto n = static_cast<double>(d.rho_2_without.size());
    std::vector<double> value;
    double mean = 0, square = 0;
    for (std::size_t b = 0; b < d.rho_2_without.size(); ++b) {
      value.push_back(linear_fit(rows, d.rho_2_without[b], d.shape_without[b], {}, d.shape_error).value[0]);
      mean += value.back() / n;
    }
    for (const double v : value) square += (v - mean) * (v - mean);
    f.error[0] = std::sqrt(square * (n - 1) / n);
    return f;
  }
  for (std::size_t n = 0; n < 2; ++n)
    if (!f.c[n].empty()) f.error[n] = error_of_sum(d, rows.index, f.c[n]) * std::sqrt(std::max(1.0, f.misfit));
  return f;
}

double first_peak(const AnisotropicDensity& d) {
  std::size_t best = 0;
  for (std::size_t k = 0; k < d.r.size(); ++k)
    if (d.r[k] > nearest_pair && d.r[k] < first_peak_below && (d.r[best] <= nearest_pair || d.rho_0[k] > d.rho_0[best])) best = k;
  return d.r[best];
}

void check(const LinearFit& f) {
  if (std::isnan(f.value[0]))
    throw NumericalError(
        "the affine shape must stand out of the noise in the fit range, got more noise than shape; choose a lower fit_to or q_max");
}

std::string note_of(const AnisotropicDensity& d) {
  return d.rho_2_without.empty() ? "points of S(Q) and misfit" : "jackknife over 27 blocks of the box";
}

/// Without a creep shape: one amplitude. `applied` is set unless it has to come from far shells.
void one_amplitude(AnisotropicPdf& out, const AnisotropicDensity& d, const AnisotropicPdfOptions& o, Context& context) {
  const std::string note = note_of(d);
  const bool known = std::isfinite(out.applied_strain.value);
  const double near_end = known ? out.fit_to : std::min(o.far_from, out.fit_to);
  if (!known && out.fit_from + 1 > near_end)
    throw InputError(
        fmt::format("--far-from: must leave shells between fit_from = {:.3g} and it, got {:g} angstrom", out.fit_from, o.far_from));
  const LinearFit f = fit(d, out.fit_from, near_end, d.rho_2, {});
  check(f);
  out.affine_strain = {f.value[0], f.error[0], note}, out.misfit = f.misfit;
  if (!known) {
    if (out.fit_to < o.far_from + 2) {
      context.warn("z and the anelastic strain need the applied strain: give strain, or a far_from well below r_max");
      out.anelastic_strain.note = out.z.note = out.applied_strain.note = "the applied strain is not known";
      return;
    }
    const LinearFit far = fit(d, o.far_from, out.fit_to, d.rho_2, {});
    if (std::isnan(far.value[0])) {
      context.warn(
          fmt::format("z and the anelastic strain need the applied strain, which noise hides beyond far_from = {:g} angstrom: give strain",
                      o.far_from));
      out.anelastic_strain.note = out.z.note = out.applied_strain.note = "the applied strain is not known";
      return;
    }
    out.applied_strain = {far.value[0], far.error[0], fmt::format("from rho_2 beyond {:g} angstrom", o.far_from)};
    context.warn(fmt::format("no applied strain is given: it is taken from rho_2 beyond far_from = {:g} angstrom, {:.4g}", o.far_from,
                             far.value[0]));
  }
  const double applied = out.applied_strain.value, sure = std::isfinite(out.applied_strain.error) ? out.applied_strain.error : 0;
  out.anelastic_strain = {applied - f.value[0], std::hypot(f.error[0], sure), note};
  out.z = {f.value[0] / applied, std::hypot(f.error[0], f.value[0] / applied * sure) / std::abs(applied), note};
}

/// With the shape of a crept sample: two amplitudes, or one when they add up to a known strain.
void two_amplitudes(AnisotropicPdf& out, const AnisotropicDensity& d, std::span<const double> anelastic) {
  const std::string note = note_of(d);
  if (!std::isfinite(out.applied_strain.value)) {
    const LinearFit f = fit(d, out.fit_from, out.fit_to, d.rho_2, anelastic);
    check(f);
    const double a = f.value[0], b = f.value[1], sum = a + b;
    out.affine_strain = {a, f.error[0], note}, out.anelastic_strain = {b, f.error[1], note}, out.misfit = f.misfit;
    out.applied_strain = {sum, std::hypot(f.error[0], f.error[1]), "sum of both"};
    out.z = {a / sum, std::hypot(b * f.error[0], a * f.error[1]) / (sum * sum), note};
  } else {
    // rho_2 - eps shape_aff = eps_anel (shape_anel - shape_aff)
    const double applied = out.applied_strain.value;
    AnisotropicDensity rest = d;
    for (std::size_t k = 0; k < d.r.size(); ++k) rest.rho_2[k] -= applied * d.shape[k], rest.shape[k] = anelastic[k] - d.shape[k];
    const LinearFit f = fit(rest, out.fit_from, out.fit_to, rest.rho_2, {});
    check(f);
    out.anelastic_strain = {f.value[0], f.error[0], note}, out.misfit = f.misfit;
    out.affine_strain = {applied - f.value[0], f.error[0], note};
    out.z = {1 - f.value[0] / applied, f.error[0] / std::abs(applied), note};
  }
  for (std::size_t k = 0; k < d.r.size(); ++k) out.rho_2_fit[k] += out.anelastic_strain.value * anelastic[k];
}

void profile(AnisotropicPdf& out, const AnisotropicDensity& d) {
  for (double from = out.fit_from; from + shell_width <= out.fit_to + 1e-9; from += shell_width) {
    const LinearFit f = fit(d, from, from + shell_width, d.rho_2, {});
    out.shell.push_back(from + shell_width / 2), out.shell_strain.push_back(f.value[0]), out.shell_strain_error.push_back(f.error[0]);
  }
}

AnisotropicPdf finished(const AnisotropicDensity& d, const AnisotropicPdfOptions& o, AnisotropicPdf out, std::span<const double> anelastic,
                        Context& context) {
  out.r = d.r, out.rho_0 = d.rho_0, out.rho_0_error = d.rho_0_error, out.rho_2 = d.rho_2, out.rho_2_error = d.rho_2_error;
  out.fit_from = o.fit_from.value_or(0.8 * first_peak(d)), out.fit_to = o.fit_to.value_or(d.r.back());
  if (!(out.fit_from < out.fit_to))
    throw InputError(fmt::format("--fit-from: must be below fit_to = {:g} angstrom, got {:g}", out.fit_to, out.fit_from));
  out.rho_2_fit.assign(d.r.size(), 0);
  if (anelastic.empty())
    one_amplitude(out, d, o, context);
  else
    two_amplitudes(out, d, anelastic);
  for (std::size_t k = 0; k < d.r.size(); ++k) {
    const double applied = std::isfinite(out.applied_strain.value) ? out.applied_strain.value : out.affine_strain.value;
    out.rho_2_affine.push_back(applied * d.shape[k]), out.rho_2_fit[k] += out.affine_strain.value * d.shape[k];
  }
  profile(out, d);
  if (d.excess) context.warn("no density is given: rho_0 is that without the mean density");
  return out;
}

AnisotropicPdf of_frames(std::span<const Frame> frames, const AnisotropicPdfOptions& o, Context& context) {
  if (frames.size() > 2)
    throw InputError(fmt::format("probes/anisotropic_pdf: one strained frame, or a reference and a strained frame, must be named, got {}",
                                 frames.size()));
  AnisotropicPdf out;
  const RadialGrid grid{o.r_max, o.r_step.value_or(step_of_frames)};
  if (frames.size() == 1) {
    if (!o.strain || *o.strain == 0)
      throw InputError("--strain: must be given for a single frame (or name its reference frame before it), got none");
    if (o.direction == "auto") throw InputError("--direction: must be x, y or z for a single frame, got auto");
    const Vec3 axis{o.direction == "x" ? 1.0 : 0.0, o.direction == "y" ? 1.0 : 0.0, o.direction == "z" ? 1.0 : 0.0};
    context.warn("without a reference frame the anisotropy that the glass had before stays in rho_2");
    out.poisson = o.poisson, out.applied_strain = {*o.strain, NAN, "as given"};
    out.errors_from = "jackknife over 27 blocks of the box";
    return finished(anisotropic_density(frames[0], nullptr, {axis, *o.strain, o.poisson}, grid, context), o, std::move(out), {}, context);
  }
  const AxialStrain s = axial_strain(frames[0], frames[1], o.direction);
  out.poisson = s.poisson;
  out.applied_strain = {o.strain.value_or(s.strain), NAN, o.strain ? "as given" : "of the cells"};
  out.errors_from = "jackknife over 27 blocks of the box";
  return finished(anisotropic_density(frames[1], &frames[0], s, grid, context), o, std::move(out), {}, context);
}

AnisotropicPdf of_curves(std::span<const Curve> curves, const AnisotropicPdfOptions& o, Context& context) {
  const PartedCurves s = parted(curves, o.reduction.background, o.creep, "--creep");
  if (s.loaded.empty()) throw InputError("--creep: other curves must be of the loaded sample, got only those of the crept one");
  const RadialGrid grid{o.r_max, o.r_step.value_or(step_of_curves)};
  const WindowChoice window{o.window, o.window_start};
  const auto harmonics_of = [&](const std::vector<Curve>& c) {
    return harmonics(sectors(c, s.background ? &*s.background : nullptr, o.reduction, o.axis, context), o.axis, o.reduction.energy);
  };
  const Harmonics h = harmonics_of(s.loaded);
  AnisotropicPdf out;
  out.poisson = o.poisson, out.errors_from = h.error_note;
  if (o.strain) out.applied_strain = {*o.strain, NAN, "as given"};
  const auto measured = [&](const std::vector<double>& v) {
    return std::vector<double>(v.begin() + static_cast<std::ptrdiff_t>(h.measured), v.end());
  };
  out.q = measured(h.q), out.s_0 = measured(h.s_0), out.s_0_error = measured(h.s_0_error);
  out.s_2 = measured(h.s_2), out.s_2_error = measured(h.s_2_error);
  std::vector<double> anelastic;
  if (!s.apart.empty()) {
    if (!o.creep_strain || *o.creep_strain == 0)
      throw InputError("--creep-strain: must be given with the curves of the crept sample, got none");
    anelastic = anisotropic_density(harmonics_of(s.apart), window, o.poisson, grid).rho_2;
    for (double& v : anelastic) v /= *o.creep_strain;
  }
  // the shape about the strain that the linear one finds
  const AnisotropicPdf linear = finished(anisotropic_density(h, window, o.poisson, grid), o, out, anelastic, Context::quiet());
  const double about = std::clamp(linear.affine_strain.value, -largest_strain, largest_strain);
  return finished(anisotropic_density(h, window, o.poisson, grid, about), o, std::move(out), anelastic, context);
}

}  // namespace

const Fields& AnisotropicPdfOptions::fields() {
  using O = AnisotropicPdfOptions;
  static const Fields table = with_nested<&O::reduction>({
      field<&O::poisson>("poisson", "1", "Poisson ratio of the glass; frames: that of the cells").range(-1, 0.5).alias("nu"),
      field<&O::strain>("strain", "1", "applied strain along the axis; unset: of the cells, or from rho_2 beyond far_from"),
      field<&O::axis>("axis", "deg", "azimuth of the load"),
      field<&O::direction>("direction", "", "axis of the load in frames; auto: principal axis of the strain")
          .one_of({"auto", "x", "y", "z"}),
      field<&O::creep>("creep", "", "which input curves are of the sample after creep and unloading"),
      field<&O::creep_strain>("creep_strain", "1", "remaining strain of that sample, along the axis"),
      field<&O::window>("window", "", "what S(Q) is multiplied with before the transform")
          .one_of({"none", "lorch", "soper-barney", "cosine"}),
      field<&O::window_start>("window_start", "1/angstrom", "where the cosine window begins to fall; unset: 3/4 of the last Q").positive(),
      field<&O::r_max>("r_max", "angstrom", "upper end of the densities").positive(),
      field<&O::r_step>("r_step", "angstrom", "step of r; unset: 0.02 for curves, 0.1 for frames").positive(),
      field<&O::fit_from>("fit_from", "angstrom", "beginning of the fit; unset: 0.8 of the first peak").non_negative(),
      field<&O::fit_to>("fit_to", "angstrom", "end of the fit; unset: r_max").positive(),
      field<&O::far_from>("far_from", "angstrom", "where rho_2 follows the applied strain, when that is not given").positive(),
  });
  return table;
}

const ColumnRoles& AnisotropicPdfOptions::columns() { return diffraction_columns(); }

const Fields& AnisotropicPdf::fields() {
  using R = AnisotropicPdf;
  static const Fields table = {
      field<&R::affine_strain>("affine_strain", "1", "elastic strain along the axis: amplitude of the affine shape in rho_2"),
      field<&R::anelastic_strain>("anelastic_strain", "1", "applied less affine strain, or the amplitude of the shape of creep"),
      field<&R::applied_strain>("applied_strain", "1", "given, of the cells, or from rho_2 far out"),
      field<&R::z>("z", "1", "affine over applied strain"),
      field<&R::poisson>("poisson", "1", "Poisson ratio used").exact("given, or of the cells"),
      field<&R::fit_from>("fit_from", "angstrom", "beginning of the fit").exact("as used"),
      field<&R::fit_to>("fit_to", "angstrom", "end of the fit").exact("as used"),
      field<&R::misfit>("misfit", "1", "chi^2 per point of the fit of rho_2").exact("a measure of misfit"),
      field<&R::errors_from>("errors_from", "", "where the errors come from"),
      field<&R::r>("r", "angstrom", "distance").exact("set by the options"),
      field<&R::rho_2>("rho_2", "1/angstrom^3", "l = 2 part of the density of neighbours").over("r", Plot::points),
      field<&R::rho_2_error>("rho_2_error", "1/angstrom^3", "error of rho_2").error_for("rho_2"),
      field<&R::rho_2_affine>("rho_2_affine", "1/angstrom^3", "prediction for the applied strain, affine")
          .over("r")
          .with("rho_2")
          .exact("follows from rho_0"),
      field<&R::rho_2_fit>("rho_2_fit", "1/angstrom^3", "fit with affine and anelastic strain")
          .over("r")
          .with("rho_2")
          .exact("see the strains"),
      field<&R::rho_0>("rho_0", "1/angstrom^3", "isotropic density of neighbours").over("r"),
      field<&R::rho_0_error>("rho_0_error", "1/angstrom^3", "error of rho_0").error_for("rho_0"),
      field<&R::shell>("shell", "angstrom", "middle of windows of 2 angstrom").exact("set by the fit range"),
      field<&R::shell_strain>("shell_strain", "1", "affine strain that rho_2 shows in the window").over("shell", Plot::points),
      field<&R::shell_strain_error>("shell_strain_error", "1", "error of shell_strain").error_for("shell_strain"),
      field<&R::q>("q", "1/angstrom", "scattering vector; empty for frames").exact("of the file"),
      field<&R::s_0>("s_0", "1", "isotropic part of S(Q)").over("q"),
      field<&R::s_0_error>("s_0_error", "1", "error of s_0 from the points").error_for("s_0"),
      field<&R::s_2>("s_2", "1", "l = 2 part of S(Q)").over("q"),
      field<&R::s_2_error>("s_2_error", "1", "error of s_2 from the points").error_for("s_2"),
  };
  return table;
}

AnisotropicPdf anisotropic_pdf(std::span<const Frame> frames, std::span<const Curve> curves, const AnisotropicPdfOptions& o,
                               Context& context) {
  if (frames.empty() && curves.empty())
    throw InputError("probes/anisotropic_pdf: curves of sectors, two cuts, or strained frames must be named, got no file");
  if (!frames.empty() && !curves.empty()) throw InputError("probes/anisotropic_pdf: either curves or frames must be named, got both");
  if (o.r_step && !(*o.r_step < o.r_max))
    throw InputError(fmt::format("--r-step: must be below r_max = {:g} angstrom, got {:g}", o.r_max, *o.r_step));
  return frames.empty() ? of_curves(curves, o, context) : of_frames(frames, o, context);
}

const Analysis& anisotropic_pdf_analysis() {
  static const Analysis entry = analysis<&anisotropic_pdf>(
      "probes", "anisotropic_pdf", "elastic and anelastic strain from the l = 2 pair density under load",
      {{"Suzuki, Haimovich, Egami, Phys. Rev. B 35, 2162 (1987)", "10.1103/PhysRevB.35.2162"},
       {"Dmowski, Iwashita, Chuang, Almer, Egami, Phys. Rev. Lett. 105, 205502 (2010)", "10.1103/PhysRevLett.105.205502"}});
  return entry;
}

}  // namespace heteroglass::probes
