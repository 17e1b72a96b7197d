#include "probes/scattering/diffraction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numbers>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/suggest.hpp"
#include "core/units.hpp"
#include "numeric/scattering.hpp"

namespace heteroglass::probes {
namespace {

constexpr double pi = std::numbers::pi;
constexpr double photon_keV_angstrom = 12.398419843320026;  // h c, exact in the SI
constexpr std::size_t fewest_points = 20;
constexpr std::size_t scatter_window = 25;  // points to either side

/// Column of a role, or nullptr.
const std::vector<double>* values(const Curve& c, const char* role) {
  const CurveColumn* column = c.find(role);
  return column ? &column->values : nullptr;
}

std::vector<double> momentum_transfer(const Curve& c, const std::vector<double>& two_theta, const PatternSettings& settings) {
  double wavelength = 0;
  if (settings.energy)
    wavelength = photon_keV_angstrom / *settings.energy;
  else if (const auto stated = c.property("wavelength", "angstrom"))
    wavelength = *stated;
  else
    throw InputError(
        fmt::format("{}: --energy must be given, because the file counts in 2 theta and states no wavelength, got none", c.source));
  std::vector<double> q;
  q.reserve(two_theta.size());
  for (const double t : two_theta) q.push_back(4 * pi / wavelength * std::sin(t / 2 * pi / 180));
  return q;
}

/// Of each point about the mean of its two neighbours, over a window.
std::vector<double> scatter(const std::vector<double>& y) {
  const std::size_t n = y.size();
  std::vector<double> square(n, 0), out(n, 0);
  for (std::size_t i = 1; i + 1 < n; ++i) {
    const double d = y[i] - (y[i - 1] + y[i + 1]) / 2;
    square[i] = d * d / 1.5;
  }
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t a = std::max<std::size_t>(1, i > scatter_window ? i - scatter_window : 1),
                      b = std::min(n - 1, i + scatter_window + 1);
    double sum = 0;
    for (std::size_t k = a; k < b; ++k) sum += square[k];
    out[i] = std::sqrt(sum / static_cast<double>(b - a));
  }
  return out;
}

void keep(Pattern& p, const std::vector<bool>& wanted) {
  const auto filter = [&](std::vector<double>& v) {
    if (v.empty()) return;
    std::size_t n = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i)
      if (wanted[i]) v[n++] = v[i];
    v.resize(n);
  };
  filter(p.value), filter(p.error), filter(p.background), filter(p.x);
}

void choose_range(Pattern& p, const PatternSettings& settings) {
  if (p.kind == PatternKind::pair_function) return;
  // a detector's beam stop leaves exact zeros at the start
  std::size_t first = 0;
  while (p.kind == PatternKind::intensity && first < p.value.size() && !(p.value[first] > 0)) ++first;
  std::vector<bool> wanted(p.x.size());
  for (std::size_t i = 0; i < wanted.size(); ++i)
    wanted[i] = i >= first && p.x[i] >= settings.q_min.value_or(0) && p.x[i] <= settings.q_max.value_or(INFINITY);
  const double low = p.x.empty() ? 0 : p.x.front(), high = p.x.empty() ? 0 : p.x.back();
  keep(p, wanted);
  if (p.x.size() < fewest_points)
    throw InputError(
        fmt::format("{}: at least {} points must lie between q_min and q_max, got {}; the file has {:.4g} to {:.4g} 1/angstrom", p.source,
                    fewest_points, p.x.size(), low, high));
}

void check_rising(const Pattern& p, const char* name) {
  for (std::size_t i = 0; i < p.x.size(); ++i)
    if (p.x[i] < 0 || (i > 0 && !(p.x[i] > p.x[i - 1])))
      throw InputError(fmt::format("{}: {} must rise from row to row and not be negative, got {:.6g} in row {}{}", p.source, name, p.x[i],
                                   i + 1, i > 0 ? fmt::format(" after {:.6g}", p.x[i - 1]) : ""));
}

void set_errors(Pattern& p, const std::vector<double>* given, const PatternSettings& settings) {
  const bool usable = given && std::all_of(given->begin(), given->end(), [](double e) { return e >= 0; }) &&
                      std::any_of(given->begin(), given->end(), [](double e) { return e > 0; });
  if (usable) {
    p.error = *given, p.error_note = "errors of the file";
  } else if (settings.counts && p.kind == PatternKind::intensity) {
    for (const double v : p.value) p.error.push_back(std::sqrt(std::max(v, 1.0)));
    p.error_note = "counting statistics";
  } else {
    p.error = scatter(p.value), p.error_note = "scatter of neighbouring points";
  }
}

}  // namespace

const ColumnRoles& diffraction_columns() {
  static const ColumnRoles roles = {
      {"q",
       "1/angstrom",
       "scattering vector 4 pi sin(theta) / lambda",
       false,
       {"scattering vector", "momentum transfer", "q_nm^-1", "column 1"}},
      {"two_theta", "deg", "scattering angle 2 theta; needs the energy", false, {"2theta", "2-theta", "2th", "tth"}},
      {"r", "angstrom", "distance, of a pair function", false, {"distance"}},
      {"intensity", "1", "measured intensity, in any units", false, {"I", "I(Q)", "counts", "column 2"}},
      {"intensity_error", "1", "standard error of the intensity", false, {"sigma", "esd", "error", "err", "dI", "column 3"}},
      {"background", "1", "intensity of the empty container, in the same units", false, {"bkg", "empty"}},
      {"structure_factor", "1", "S(Q), which tends to 1", false, {"S(Q)", "S"}},
      {"structure_factor_error", "1", "standard error of S(Q)", false, {"dS"}},
      {"reduced_structure_factor", "1/angstrom", "F(Q) = Q [S(Q) - 1]", false, {"F(Q)", "F"}},
      {"reduced_structure_factor_error", "1/angstrom", "standard error of F(Q)", false, {"dF"}},
      {"g_reduced", "1/angstrom^2", "G(r) = 4 pi rho_0 r [g(r) - 1]", false, {}},
      {"g_reduced_error", "1/angstrom^2", "standard error of G(r)", false, {}},
      {"azimuth", "deg", "azimuth of the sector, constant in a curve", false, {"phi", "chi", "azimuthal angle"}},
  };
  return roles;
}

Pattern pattern(const Curve& c, const PatternSettings& settings) {
  Pattern p;
  p.source = c.source, p.label = c.label;
  const auto *q = values(c, "q"), *two_theta = values(c, "two_theta"), *r = values(c, "r"),
             *error = static_cast<const std::vector<double>*>(nullptr);
  std::vector<double> divided;  // error of F, as one of S
  if (q)
    p.x = *q;
  else if (two_theta)
    p.x = momentum_transfer(c, *two_theta, settings);
  if (!p.x.empty() && values(c, "intensity")) {
    p.value = *values(c, "intensity"), error = values(c, "intensity_error");
    if (const auto* b = values(c, "background")) p.background = *b;
  } else if (!p.x.empty() && values(c, "structure_factor")) {
    p.kind = PatternKind::structure_factor, p.value = *values(c, "structure_factor"), error = values(c, "structure_factor_error");
    if (!error) error = values(c, "intensity_error");  // a column that is just called error
  } else if (!p.x.empty() && values(c, "reduced_structure_factor")) {
    p.kind = PatternKind::structure_factor, p.value = *values(c, "reduced_structure_factor");
    if (const auto* e = values(c, "reduced_structure_factor_error")) divided = *e, error = &divided;
    for (std::size_t i = 0; i < p.x.size(); ++i) {
      p.value[i] = p.x[i] > 0 ? 1 + p.value[i] / p.x[i] : NAN;
      if (error) divided[i] = p.x[i] > 0 ? divided[i] / p.x[i] : NAN;
    }
    if (!p.x.empty() && p.x.front() == 0 && p.x.size() > 1) p.value.front() = p.value[1];
    if (!divided.empty() && p.x.front() == 0 && p.x.size() > 1) divided.front() = divided[1];
  } else if (r && values(c, "g_reduced")) {
    p.kind = PatternKind::pair_function, p.x = *r, p.value = *values(c, "g_reduced"), error = values(c, "g_reduced_error");
  } else {
    throw InputError(
        fmt::format("{}: a curve must have q (or two_theta) with intensity, structure_factor or reduced_structure_factor, or r with "
                    "g_reduced, got {}; name them, e.g. --columns q=#1,intensity=#2 --column-units q=1/angstrom",
                    c.source, c.columns.empty() ? "none" : c.columns.front().name));
  }
  check_rising(p, p.kind == PatternKind::pair_function ? "r" : "Q");
  set_errors(p, error, settings);
  choose_range(p, settings);
  if (const auto* azimuth = values(c, "azimuth"); azimuth && !azimuth->empty()) {
    const auto [low, high] = std::minmax_element(azimuth->begin(), azimuth->end());
    if (*high - *low > 1e-6 * (1 + std::abs(*high)))
      throw InputError(fmt::format("{}: the azimuth must be constant in a curve, got {:g} to {:g} deg; cut the table with --split azimuth",
                                   c.source, *low, *high));
    p.azimuth = *low;
  } else {
    p.azimuth = c.property("azimuth", "deg");
  }
  return p;
}

std::vector<double> interpolated(const Pattern& from, std::span<const double> x) {
  std::vector<double> out;
  out.reserve(x.size());
  for (const double v : x) {
    const auto after = std::lower_bound(from.x.begin(), from.x.end(), v);
    const auto i = static_cast<std::size_t>(after - from.x.begin());
    if (i < from.x.size() && from.x[i] == v) {
      out.push_back(from.value[i]);
      continue;
    }
    if (i == 0 || i == from.x.size())
      throw InputError(fmt::format("{}: must reach over the range of the sample, got {:.4g} to {:.4g} 1/angstrom where {:.4g} is needed",
                                   from.source, from.x.front(), from.x.back(), v));
    const double t = (v - from.x[i - 1]) / (from.x[i] - from.x[i - 1]);
    out.push_back((1 - t) * from.value[i - 1] + t * from.value[i]);
  }
  return out;
}

std::vector<std::size_t> curves_named(std::span<const Curve> curves, const std::string& label, const std::string& flag) {
  std::vector<std::size_t> exact, part;
  std::vector<std::string> labels;
  const std::string stem = std::filesystem::path(label).stem().string();
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const Curve& c = curves[i];
    labels.push_back(c.label);
    if (c.source == label || c.label == label || c.label == stem) exact.push_back(i);
    if (c.label.find(label) != std::string::npos || c.source.find(label) != std::string::npos) part.push_back(i);
  }
  if (!exact.empty()) return exact;
  if (!part.empty()) return part;
  throw InputError(fmt::format("{}: must be one of the input files or curves (name the file among the inputs too), got '{}'{}; they are {}",
                               flag, label, did_you_mean(label, labels), fmt::join(labels, ", ")));
}

double tail_mean(std::span<const double> q, std::span<const double> s) {
  const double from = q.back() - (q.back() - q.front()) / 4;
  double sum = 0, width = 0;
  for (std::size_t i = 1; i < q.size(); ++i)
    if (q[i] > from) sum += (s[i] + s[i - 1]) / 2 * (q[i] - q[i - 1]), width += q[i] - q[i - 1];
  return sum / width;
}

void check_tail(const Pattern& p, Context& context) {
  const double mean = tail_mean(p.x, p.value);
  const std::string what =
      fmt::format("{}: S(Q) must tend to 1 at large Q, got a mean of {:.4g} over the last quarter of its range, up to {:.4g} 1/angstrom",
                  p.source, mean, p.x.back());
  if (!(std::abs(mean - 1) < 0.2))
    throw InputError(fmt::format("{}{}", what,
                                 std::abs(mean) < 0.2 ? "; if it is F(Q) = Q [S(Q) - 1], say --columns reduced_structure_factor=NAME"
                                                      : "; if it is an intensity, say --columns intensity=NAME"));
  if (std::abs(mean - 1) > 0.05) context.warn(what);
}

Sample sample(const std::string& composition, const std::string& density, bool needs_composition) {
  Sample s;
  if (!composition.empty()) s.composition = parse_composition(composition, "--composition");
  if (composition.empty() && needs_composition)
    throw InputError("--composition: must be given for form factors and Compton scattering, e.g. Ce70Al10Ni10Cu10, got none");
  if (density.empty()) throw InputError("--density: must be given, e.g. 0.0347/A^3 or 6.7g/cm^3, got none");
  bool by_mass = false;
  double value = 0;
  try {
    value = parse_quantity(density, "1/angstrom^3", "--density");
  } catch (const InputError& first) {
    try {
      value = parse_quantity(density, "g/cm^3", "--density"), by_mass = true;
    } catch (const InputError&) {
      throw InputError(first.what());
    }
  }
  if (by_mass && composition.empty())
    throw InputError(fmt::format("--composition: must be given to convert the density {} to atoms, got none", density));
  // 1 g/cm^3 = 1e-24 g/angstrom^3
  s.density = by_mass ? value * 1e-24 * constants::avogadro / s.composition.molar_mass() : value;
  if (!(s.density > 1e-4 && s.density < 1))
    throw InputError(fmt::format("--density: must lie between 0.0001 and 1 atoms per cubic angstrom, got {:g} ({})", s.density, density));
  return s;
}

ScatteringFactors scattering_factors(const Composition& composition, std::span<const double> q, const std::string& radiation) {
  ScatteringFactors out;
  const bool xray = radiation == "xray";
  for (const double at : q) {
    double square = 0, mean = 0, incoherent = 0;
    for (const Component& c : composition.components) {
      const double f = xray ? numeric::xray_form_factor(c.symbol, at) : numeric::neutron_length(c.symbol);
      square += c.fraction * f * f, mean += c.fraction * f;
      if (xray) incoherent += c.fraction * numeric::compton_intensity(c.symbol, at);
    }
    out.mean_square.push_back(square), out.square_mean.push_back(mean * mean), out.incoherent.push_back(incoherent);
  }
  return out;
}

}  // namespace heteroglass::probes
