#include "probes/scattering/azimuthal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.hpp"

namespace heteroglass::probes {
namespace {

constexpr double pi = std::numbers::pi;
constexpr double photon_keV_angstrom = 12.398419843320026;

/// The azimuth of each curve; two without are parallel and perpendicular to the axis.
std::vector<double> azimuths(const std::vector<Pattern>& patterns, double axis, Context& context) {
  const auto known =
      static_cast<std::size_t>(std::count_if(patterns.begin(), patterns.end(), [](const Pattern& p) { return p.azimuth.has_value(); }));
  std::vector<double> out;
  if (known == 0 && patterns.size() == 2) {
    context.warn(fmt::format("no azimuths are given: '{}' is taken as the cut parallel to the load, '{}' as that perpendicular to it",
                             patterns[0].label, patterns[1].label));
    return {axis, axis + 90};
  }
  for (const Pattern& p : patterns) {
    if (!p.azimuth)
      throw InputError(
          fmt::format("{}: the azimuth of each sector must be known; give it as a column, or for all {} curves as --property "
                      "azimuth=0:15:...deg",
                      p.source, patterns.size()));
    out.push_back(*p.azimuth);
  }
  return out;
}

/// The mean of the patterns on the points of the first.
Pattern mean_of(std::vector<Pattern>& patterns) {
  Pattern mean = patterns.front();
  for (std::size_t k = 1; k < patterns.size(); ++k) {
    Pattern& p = patterns[k];
    if (p.kind != mean.kind)
      throw InputError(fmt::format("{}: all curves must be intensities, or all S(Q), as {} is", p.source, mean.source));
    if (p.x != mean.x) {  // brought to common points
      Pattern errors = p;
      errors.value = p.error;
      p.value = interpolated(p, mean.x), p.error = interpolated(errors, mean.x), p.x = mean.x;
      if (!p.background.empty()) throw InputError(fmt::format("{}: a background column needs the same Q in all sectors", p.source));
    }
    for (std::size_t i = 0; i < mean.x.size(); ++i) mean.value[i] += p.value[i];
  }
  for (double& v : mean.value) v /= static_cast<double>(patterns.size());
  for (double& v : mean.error) v /= std::sqrt(static_cast<double>(patterns.size()));
  return mean;
}

/// S(Q) without a density: nothing to normalise or to correct.
void plain_sectors(Sectors& out, const std::vector<Pattern>& patterns, const std::vector<double>& azimuth, Context& context) {
  out.q = patterns.front().x;
  for (std::size_t k = 0; k < patterns.size(); ++k) {
    check_tail(patterns[k], context);
    out.sector.push_back({azimuth[k], patterns[k].label, patterns[k].value, patterns[k].error});
  }
}

}  // namespace

Sectors sectors(const std::vector<Curve>& curves, const Curve* background, const ReductionOptions& o, double axis, Context& context) {
  std::vector<Pattern> patterns;
  for (const Curve& c : curves) {
    patterns.push_back(pattern(c, o.settings()));
    if (patterns.back().kind == PatternKind::pair_function)
      throw InputError(fmt::format("{}: sectors must be intensities, S(Q) or F(Q), got G(r)", c.source));
  }
  const std::vector<double> azimuth = azimuths(patterns, axis, context);
  ReductionOptions common = o;
  // the first is cut to the range that all have, the others are brought to its points
  PatternSettings range = o.settings();
  range.q_min = 0, range.q_max = INFINITY;
  for (const Pattern& p : patterns) range.q_min = std::max(*range.q_min, p.x.front()), range.q_max = std::min(*range.q_max, p.x.back());
  patterns[0] = pattern(curves[0], range);
  const Pattern mean = mean_of(patterns);
  Sectors out;
  out.error_note = mean.error_note;
  const bool intensity = mean.kind == PatternKind::intensity;
  if (!intensity && o.density.empty()) {
    plain_sectors(out, patterns, azimuth, context);
    return out;
  }
  std::optional<Pattern> empty;
  if (background) {
    PatternSettings all = o.settings();
    all.q_min = all.q_max = std::nullopt;
    empty = pattern(*background, all);
  }
  const Pattern* b = empty ? &*empty : nullptr;
  const StructureFactorCurve whole = reduced(mean, b, o, context);
  out.q = whole.q, out.measured = whole.measured, out.density = whole.density.value;
  common.correction = "none", common.refine_density = false;
  common.density = fmt::format("{:.17g}", whole.density.value), common.r_cutoff = whole.r_cutoff;
  if (b || !mean.background.empty()) common.background_scale = whole.background_scale.value;
  for (std::size_t k = 0; k < patterns.size(); ++k) {
    const StructureFactorCurve one = reduced(patterns[k], b, common, context);
    Sector s{azimuth[k], patterns[k].label, one.s, one.s_error};
    for (std::size_t i = 0; i < s.s.size(); ++i)
      s.s[i] = o.correction == "kaplow"          ? s.s[i] + whole.s[i] - whole.s_raw[i]
               : std::abs(whole.s_raw[i]) > 1e-9 ? s.s[i] * whole.s[i] / whole.s_raw[i]
                                                 : s.s[i];
    out.sector.push_back(std::move(s));
  }
  return out;
}

Harmonics harmonics(const Sectors& in, double axis, std::optional<double> energy) {
  Harmonics out;
  out.q = in.q, out.measured = in.measured, out.density = in.density, out.error_note = in.error_note;
  const std::size_t n = in.sector.size();
  std::vector<double> cosine;
  for (const Sector& s : in.sector) cosine.push_back(std::cos((s.azimuth - axis) * pi / 180));
  for (std::size_t i = 0; i < in.q.size(); ++i) {
    double bragg = 1;  // cos^2 of the Bragg angle
    if (energy) bragg = 1 - std::pow(std::min(1.0, in.q[i] * photon_keV_angstrom / *energy / (4 * pi)), 2);
    double y = 0, y2 = 0, sy = 0, ss = 0;
    std::vector<double> basis(n);
    for (std::size_t k = 0; k < n; ++k) {
      basis[k] = std::sqrt(5.0) * (1.5 * cosine[k] * cosine[k] * bragg - 0.5);
      y += basis[k], y2 += basis[k] * basis[k], sy += basis[k] * in.sector[k].s[i], ss += in.sector[k].s[i];
    }
    const auto count = static_cast<double>(n);
    const double det = count * y2 - y * y;
    if (!(det > 1e-3 * count * count))
      throw InputError(fmt::format(
          "the azimuths of the sectors must differ in their angle to the axis at {:g} deg, got {} sectors that do not", axis, n));
    out.s_0.push_back((y2 * ss - y * sy) / det), out.s_2.push_back((count * sy - y * ss) / det);
    double v0 = 0, v2 = 0;
    for (std::size_t k = 0; k < n; ++k) {
      const double e = in.sector[k].s_error[i];
      v0 += std::pow((y2 - y * basis[k]) / det * e, 2), v2 += std::pow((count * basis[k] - y) / det * e, 2);
    }
    out.s_0_error.push_back(std::sqrt(v0)), out.s_2_error.push_back(std::sqrt(v2));
  }
  return out;
}

}  // namespace heteroglass::probes
