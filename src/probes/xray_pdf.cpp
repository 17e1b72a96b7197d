#include "probes/xray_pdf.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "numeric/parabola.hpp"
#include "numeric/spherical_bessel_transform.hpp"
#include "probes/scattering/pair_functions.hpp"

namespace heteroglass::probes {
namespace {

constexpr double pi = std::numbers::pi;
constexpr double q_max_of_pair_function = 25;  // 1/angstrom, to which G(r) of a file is transformed back

void take(XrayPdf& out, PairFunctions p) {
  out.r = std::move(p.r), out.g = std::move(p.g), out.g_error = std::move(p.g_error);
  out.g_reduced = std::move(p.g_reduced), out.g_reduced_error = std::move(p.g_reduced_error);
  out.rdf = std::move(p.rdf), out.rdf_error = std::move(p.rdf_error);
  out.total_correlation = std::move(p.total), out.total_correlation_error = std::move(p.total_error);
}

void take(XrayPdf& out, const FirstShellOfPdf& shell) {
  out.first_peak = shell.position, out.first_peak_height = shell.height;
  out.coordination = shell.coordination, out.shell_radius = shell.minimum;
}

/// Vertex of a parabola through the points about the k-th above a share of its height over 1.
Measured crest(std::span<const double> q, std::span<const double> s, std::span<const double> error, std::size_t k, double share) {
  const double level = 1 + share * (s[k] - 1);
  std::size_t a = k, b = k;
  while (a > 0 && s[a - 1] > level) --a;
  while (b + 1 < s.size() && s[b + 1] > level) ++b;
  a = a > 0 ? a - 1 : a, b = std::min(b + 1, s.size() - 1);
  std::vector<double> sigma(error.begin() + static_cast<std::ptrdiff_t>(a), error.begin() + static_cast<std::ptrdiff_t>(b) + 1);
  for (double& e : sigma) e = std::max(e, 1e-12);
  if (b - a < 3) return {q[k], q[std::min(k + 1, q.size() - 1)] - q[k], "a step of Q"};
  return numeric::parabola(q.subspan(a, b - a + 1), s.subspan(a, b - a + 1), sigma).position;
}

/// Highest point of S(Q), by a parabola through the points above 9/10 of its height over 1. The peak is no parabola: how far the vertex moves
/// when the points above 8/10 are taken is part of the error.
Measured highest(std::span<const double> q, std::span<const double> s, std::span<const double> error) {
  const auto k = static_cast<std::size_t>(std::max_element(s.begin(), s.end()) - s.begin());
  Measured m = crest(q, s, error, k, 0.9);
  const double wide = crest(q, s, error, k, 0.8).value;
  if (std::isfinite(wide)) m.error = std::hypot(m.error, m.value - wide);
  if (m.note != "a step of Q") m.note = "parabola through the top, errors of the points and of the choice of points";
  return m;
}

double rms(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(sum / static_cast<double>(a.size()));
}

/// S(Q) at q from G(r) at equal steps from r_step on.
std::vector<double> back(std::span<const double> g_reduced, double r_step, std::span<const double> q) {
  std::vector<double> f(g_reduced.begin(), g_reduced.end());
  f.back() /= 2;
  for (double& v : f) v *= r_step;
  std::vector<double> s = numeric::sine_sums_back({r_step, r_step, f.size()}, f, q);
  for (std::size_t i = 0; i < q.size(); ++i) s[i] = q[i] > 0 ? 1 + s[i] / q[i] : NAN;
  return s;
}

/// From q on: measured points, transforms, the first shell.
XrayPdf from_structure_factor(StructureFactorCurve c, const XrayPdfOptions& o, Context& context) {
  XrayPdf out;
  const double spacing = c.q[c.q.size() - 1] - c.q[c.q.size() - 2];
  if (o.r_max > pi / spacing)
    context.warn(fmt::format("points of Q stand {:.3g} 1/angstrom apart, so that g(r) repeats beyond {:.4g} angstrom; r_max is {:g}",
                             spacing, pi / spacing, o.r_max));
  const std::vector<double> m = window(c.q, o.window, o.window_start);
  take(out, pair_functions(c.q, c.s, c.s_error, m, c.density.value, o.r_max, o.r_step));
  take(out, first_shell(c.q, c.s, c.s_error, {o.window, o.window_start}, c.density, o.shell_radius));
  const auto first = static_cast<std::ptrdiff_t>(c.measured);
  const auto measured = [&](const std::vector<double>& v) { return std::vector<double>(v.begin() + first, v.end()); };
  out.q = measured(c.q), out.structure_factor = measured(c.s), out.structure_factor_error = measured(c.s_error);
  out.structure_factor_raw = measured(c.s_raw);
  out.structure_factor_back = back(out.g_reduced, o.r_step, out.q);
  std::vector<double> windowed;
  for (std::size_t i = 0; i < out.q.size(); ++i) {
    const double w = m[c.measured + i];
    windowed.push_back(1 + w * (out.structure_factor[i] - 1));
    out.reduced_structure_factor.push_back(out.q[i] * w * (out.structure_factor[i] - 1));
    out.reduced_structure_factor_error.push_back(out.q[i] * w * out.structure_factor_error[i]);
  }
  out.round_trip_error = rms(windowed, out.structure_factor_back);
  out.first_diffraction_peak = highest(out.q, out.structure_factor, out.structure_factor_error);
  out.density = c.density, out.background_scale = c.background_scale, out.scale = c.scale;
  out.r_cutoff = c.r_cutoff, out.small_r_residual = c.residual, out.tail = tail_mean(out.q, out.structure_factor);
  out.errors_from = c.error_note;
  return out;
}

XrayPdf from_pair_function(const Pattern& p, const XrayPdfOptions& o, Context& context) {
  const Sample s = sample(o.reduction.composition, o.reduction.density, false);
  if (o.reduction.refine_density) throw InputError("--refine-density: needs an intensity or S(Q), got G(r)");
  XrayPdf out;
  out.density = {s.density, NAN, "as given"};
  out.background_scale = {0, NAN, "no background"}, out.scale = {1, NAN, "G(r) as it is in the file"};
  take(out, pair_functions(p.x, p.value, p.error, s.density));
  take(out, first_shell({out.r, out.g, out.g_error, out.g_reduced, out.g_reduced_error, out.rdf, out.rdf_error, {}, {}}, out.density,
                        o.shell_radius));
  const std::vector<double> w = numeric::trapezoid_weights(p.x);
  std::vector<double> f, square;
  double all = 0;
  for (std::size_t k = 0; k < p.x.size(); ++k) {
    f.push_back(w[k] * p.value[k]), square.push_back(std::pow(w[k] * p.error[k], 2));
    all += square[k];
  }
  const double q_max = o.reduction.q_max.value_or(q_max_of_pair_function), step = pi / p.x.back() / 4;
  const auto count = static_cast<std::size_t>(q_max / step);
  const std::vector<double> sums = numeric::sine_sums(p.x, f, {step, step, count}),
                            cosine = numeric::cosine_sums(p.x, square, {2 * step, 2 * step, count});
  for (std::size_t i = 0; i < count; ++i) {
    const double q = step * static_cast<double>(i + 1);
    out.q.push_back(q), out.structure_factor.push_back(1 + sums[i] / q);
    out.structure_factor_error.push_back(std::sqrt(std::max(0.0, (all - cosine[i]) / 2)) / q);
    out.reduced_structure_factor.push_back(sums[i]), out.reduced_structure_factor_error.push_back(q * out.structure_factor_error[i]);
  }
  out.structure_factor_raw = out.structure_factor_back = out.structure_factor;
  out.first_diffraction_peak = highest(out.q, out.structure_factor, out.structure_factor_error);
  out.r_cutoff = out.small_r_residual = out.round_trip_error = NAN, out.tail = tail_mean(out.q, out.structure_factor);
  out.errors_from = p.error_note;
  context.warn("the file holds G(r): nothing is normalised or corrected, and S(Q) is its transform over the r of the file");
  return out;
}

}  // namespace

const Fields& XrayPdfOptions::fields() {
  using O = XrayPdfOptions;
  static const Fields table = with_nested<&O::reduction>({
      field<&O::window>("window", "", "what S(Q) - 1 is multiplied with before the transform")
          .one_of({"none", "lorch", "soper-barney", "cosine"}),
      field<&O::window_start>("window_start", "1/angstrom", "where the cosine window begins to fall; unset: 3/4 of the last Q").positive(),
      field<&O::r_max>("r_max", "angstrom", "upper end of the pair functions").positive(),
      field<&O::r_step>("r_step", "angstrom", "step of r").positive(),
      field<&O::shell_radius>("shell_radius", "angstrom", "upper end of the coordination integral; unset: first minimum of g").positive(),
  });
  return table;
}

const ColumnRoles& XrayPdfOptions::columns() { return diffraction_columns(); }

const Fields& XrayPdf::fields() {
  using R = XrayPdf;
  static const Fields table = {
      field<&R::first_peak>("first_peak", "angstrom", "place of the first peak of g(r)"),
      field<&R::first_peak_height>("first_peak_height", "1", "height of the first peak of g(r)"),
      field<&R::coordination>("coordination", "1", "neighbours in the first shell, weighted by how strongly the atoms scatter"),
      field<&R::shell_radius>("shell_radius", "angstrom", "radius of the first shell: first minimum of g(r), or as given"),
      field<&R::first_diffraction_peak>("first_diffraction_peak", "1/angstrom", "place of the highest peak of S(Q)"),
      field<&R::density>("density", "1/angstrom^3", "atoms per volume, given or refined"),
      field<&R::background_scale>("background_scale", "1", "what the background was multiplied with"),
      field<&R::scale>("scale", "1", "from intensity to electron units"),
      field<&R::r_cutoff>("r_cutoff", "angstrom", "below which no atoms can be").exact("given, or 0.65 of the first peak"),
      field<&R::small_r_residual>("small_r_residual", "1", "rms of G(r) + 4 pi rho_0 r below r_cutoff, over 4 pi rho_0 r_cutoff")
          .exact("a measure of misfit"),
      field<&R::tail>("tail", "1", "mean of S(Q) over the last quarter of Q, which must be 1").exact("a measure of misfit"),
      field<&R::round_trip_error>("round_trip_error", "1", "rms change of S(Q) by the transform to r_max and back")
          .exact("a measure of misfit"),
      field<&R::errors_from>("errors_from", "", "where the errors of the points come from"),
      field<&R::q>("q", "1/angstrom", "scattering vector").exact("of the file"),
      field<&R::structure_factor>("structure_factor", "1", "Faber-Ziman S(Q)").over("q"),
      field<&R::structure_factor_error>("structure_factor_error", "1", "error of S(Q) from the points").error_for("structure_factor"),
      field<&R::structure_factor_raw>("structure_factor_raw", "1", "S(Q) before the correction at small r")
          .over("q")
          .with("structure_factor")
          .exact("as structure_factor"),
      field<&R::structure_factor_back>("structure_factor_back", "1", "S(Q) with the window, transformed to r_max and back")
          .over("q")
          .exact("as structure_factor"),
      field<&R::reduced_structure_factor>("reduced_structure_factor", "1/angstrom", "F(Q) = Q [S(Q) - 1] times the window").over("q"),
      field<&R::reduced_structure_factor_error>("reduced_structure_factor_error", "1/angstrom", "error of F(Q) from the points")
          .error_for("reduced_structure_factor"),
      field<&R::r>("r", "angstrom", "distance").exact("set by the options"),
      field<&R::g>("g", "1", "pair distribution function").over("r"),
      field<&R::g_error>("g_error", "1", "error of g from the points").error_for("g"),
      field<&R::g_reduced>("g_reduced", "1/angstrom^2", "G(r) = 4 pi rho_0 r (g - 1)").over("r"),
      field<&R::g_reduced_error>("g_reduced_error", "1/angstrom^2", "error of G from the points").error_for("g_reduced"),
      field<&R::rdf>("rdf", "1/angstrom", "radial distribution function 4 pi rho_0 r^2 g").over("r"),
      field<&R::rdf_error>("rdf_error", "1/angstrom", "error of the RDF from the points").error_for("rdf"),
      field<&R::total_correlation>("total_correlation", "1/angstrom^2", "T(r) = 4 pi rho_0 r g").over("r"),
      field<&R::total_correlation_error>("total_correlation_error", "1/angstrom^2", "error of T from the points")
          .error_for("total_correlation"),
  };
  return table;
}

XrayPdf xray_pdf(std::span<const Curve> curves, const XrayPdfOptions& o, Context& context) {
  if (curves.empty()) throw InputError("probes/xray_pdf: a diffraction pattern, S(Q), F(Q) or G(r) must be named, got no file");
  const SampleAndBackground which = sample_and_background(curves, o.reduction.background);
  if (which.samples.size() > 1)
    throw InputError(fmt::format(
        "probes/xray_pdf: one curve must be the sample, got {}: '{}', '{}'{}; name the background with --background, "
        "choose a curve with --step, or run the files one by one",
        which.samples.size(), curves[which.samples[0]].label, curves[which.samples[1]].label, which.samples.size() > 2 ? ", ..." : ""));
  if (!(o.r_step < o.r_max)) throw InputError(fmt::format("--r-step: must be below r_max = {:g} angstrom, got {:g}", o.r_max, o.r_step));
  const Pattern measured = pattern(curves[which.samples.front()], o.reduction.settings());
  if (measured.kind == PatternKind::pair_function) return from_pair_function(measured, o, context);
  std::optional<Pattern> background;
  if (which.background) {
    if (measured.kind != PatternKind::intensity)
      throw InputError(fmt::format("--background: the sample must be an intensity, got S(Q) in {}", measured.source));
    PatternSettings all = o.reduction.settings();
    all.q_min = all.q_max = std::nullopt;
    background = pattern(curves[*which.background], all);
    if (background->kind != PatternKind::intensity)
      throw InputError(fmt::format("--background: must be an intensity, got {} without one", background->source));
  }
  return from_structure_factor(reduced(measured, background ? &*background : nullptr, o.reduction, context), o, context);
}

const Analysis& xray_pdf_analysis() {
  static const Analysis entry =
      analysis<&xray_pdf>("probes", "xray_pdf", "S(Q), g(r) and first shell from a diffraction pattern and its background",
                          {{"Keen, J. Appl. Cryst. 34, 172 (2001)", "10.1107/S0021889800019993"},
                           {"Eggert, Weck, Loubeyre, Mezouar, Phys. Rev. B 65, 174105 (2002)", "10.1103/PhysRevB.65.174105"},
                           {"Krogh-Moe, Acta Cryst. 9, 951 (1956)", "10.1107/S0365110X56002655"},
                           {"Norman, Acta Cryst. 10, 370 (1957)", "10.1107/S0365110X57001085"},
                           {"Kaplow, Strong, Averbach, Phys. Rev. 138, A1336 (1965)", "10.1103/PhysRev.138.A1336"},
                           {"Lorch, J. Phys. C 2, 229 (1969)", "10.1088/0022-3719/2/2/305"},
                           {"Soper, Barney, J. Appl. Cryst. 44, 714 (2011)", "10.1107/S0021889811021455"}});
  return entry;
}

}  // namespace heteroglass::probes
