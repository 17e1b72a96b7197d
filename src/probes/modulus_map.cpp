#include "probes/modulus_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>

#include "core/error.hpp"
#include "numeric/gaussian_mixture.hpp"
#include "numeric/k_means.hpp"
#include "numeric/map_correlation.hpp"
#include "numeric/map_levelling.hpp"
#include "numeric/noise_table.hpp"
#include "numeric/region_shapes.hpp"
#include "numeric/surrogate.hpp"
#include "probes/afm/map_input.hpp"

namespace heteroglass::probes {
namespace {

using numeric::MapMoments;
using numeric::MapView;

constexpr double absent = std::numeric_limits<double>::quiet_NaN();

std::vector<double> moduli(const Image& image, const std::string& level) {
  const std::vector<double>& raw = image.at("modulus").values;
  if (level == "none") return raw;
  const double mean = numeric::moments(raw).mean;
  std::vector<double> v = numeric::levelled(map_of(image, raw), level);
  const double now = numeric::moments(v).mean;
  for (double& m : v) m += mean - now;
  return v;
}

/// Counts over equal steps of the modulus; a large map is grouped by them.
struct Histogram {
  std::vector<double> middle, count;
  double step = 0;

  Histogram(const std::vector<double>& values, std::size_t bins) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const double v : values)
      if (std::isfinite(v)) low = std::min(low, v), high = std::max(high, v);
    step = (high - low) / static_cast<double>(bins);
    count.assign(bins, 0);
    for (std::size_t k = 0; k < bins; ++k) middle.push_back(low + (static_cast<double>(k) + 0.5) * step);
    for (const double v : values)
      if (std::isfinite(v)) ++count[std::min(bins - 1, static_cast<std::size_t>((v - low) / step))];
  }
  /// Bins that hold something.
  std::pair<Matrix, std::vector<double>> points() const {
    std::vector<double> x, w;
    for (std::size_t k = 0; k < count.size(); ++k)
      if (count[k] > 0) x.push_back(middle[k]), w.push_back(count[k]);
    return {numeric::points_of(x), w};
  }
};

/// Some pixels, for what costs the square of their number.
std::vector<double> some(const std::vector<double>& values, std::size_t most, std::uint64_t seed) {
  std::vector<double> out;
  std::copy_if(values.begin(), values.end(), std::back_inserter(out), [](double v) { return std::isfinite(v); });
  if (out.size() <= most) return out;
  std::mt19937_64 random(seed);
  for (std::size_t i = 0; i < most; ++i) std::swap(out[i], out[i + random() % (out.size() - i)]);
  out.resize(most);
  return out;
}

/// Groups by the borders half way between their means.
struct Groups {
  std::vector<double> mean;

  std::size_t of(double v) const {
    std::size_t g = 0;
    while (g + 1 < mean.size() && v > (mean[g] + mean[g + 1]) / 2) ++g;
    return g;
  }
  double low(std::size_t g) const { return g == 0 ? -std::numeric_limits<double>::infinity() : (mean[g - 1] + mean[g]) / 2; }
  double high(std::size_t g) const { return g + 1 == mean.size() ? std::numeric_limits<double>::infinity() : (mean[g] + mean[g + 1]) / 2; }
};

Groups k_groups(const Histogram& fine, std::size_t k, std::uint64_t seed) {
  const auto [x, w] = fine.points();
  return {numeric::k_means(x, w, k, {.seed = seed}).mean.values};
}

struct Sizes {
  double regions = 0, radius = absent, radius_error = absent, aspect = absent, largest = 0;
};

Sizes sizes(const MapView& map, double low, double high, int least) {
  const numeric::RegionShapes r = numeric::region_shapes(map, low, high, true);
  Sizes s;
  double sum = 0, squares = 0, aspect = 0, n = 0;
  for (const numeric::RegionShape& shape : r.shape) {
    if (shape.pixels < static_cast<std::size_t>(least)) continue;
    ++s.regions;
    s.largest = std::max(s.largest, shape.equivalent_radius);
    if (shape.touches_edge) continue;
    sum += shape.equivalent_radius, squares += shape.equivalent_radius * shape.equivalent_radius, aspect += shape.aspect, ++n;
  }
  if (n > 0) s.radius = sum / n, s.aspect = aspect / n;
  if (n > 1) s.radius_error = std::sqrt(std::max(0.0, squares / n - s.radius * s.radius) / (n - 1));
  return s;
}

void choose(const std::vector<double>& values, const Histogram& fine, const ModulusMapOptions& o, const numeric::MixtureChoice& mixture,
            ModulusMap& r, Context& context) {
  const auto seed = static_cast<std::uint64_t>(o.seed);
  const auto most = static_cast<std::size_t>(o.most_groups);
  const std::vector<double> sample = some(values, 20000, seed);
  const Matrix points = numeric::points_of(sample);
  const numeric::GapStatistic gap = numeric::gap_statistic(points, most, 20, 2000, {.seed = seed});
  TableColumn k{"k", "1", "number of groups", false, {}, {}},
      within{"within", "GPa^2", "mean squared distance from the group's mean", false, {}, {}},
      silhouette{"silhouette", "1", "mean silhouette", false, {}, {}}, g{"gap", "1", "gap statistic", false, {}, {}},
      g_error{"gap_error", "1", "", false, {}, {}}, bic{"bic", "1", "of the mixture of k normal distributions", false, {}, {}};
  double best = -1;
  const auto [x, w] = fine.points();
  for (std::size_t n = 1; n <= most; ++n) {
    const numeric::KMeans m = numeric::k_means(x, w, n, {.seed = seed});
    const Groups groups{m.mean.values};
    std::vector<int> label;
    for (const double v : sample) label.push_back(static_cast<int>(groups.of(v)));
    const double s = n == 1 ? absent : numeric::silhouette(points, label, n, 2000, seed);
    if (s > best) best = s, r.groups_by_silhouette = static_cast<int>(n);
    k.number.push_back(static_cast<double>(n)), within.number.push_back(m.within / r.pixels), silhouette.number.push_back(s);
    g.number.push_back(gap.gap[n - 1]), g_error.number.push_back(gap.error[n - 1]);
    bic.number.push_back(n <= mixture.bic.size() && std::isfinite(mixture.bic[n - 1]) ? mixture.bic[n - 1] : absent);
  }
  r.choice.columns = {k, within, silhouette, g, g_error, bic};
  r.groups_by_gap = static_cast<int>(gap.chosen), r.components = static_cast<int>(mixture.best.components());
  r.groups = o.groups.value_or(r.groups_by_gap > 1 ? r.groups_by_gap : 3);
  if (!o.groups && r.groups_by_gap == 1)
    context.warn("the moduli form one group by the gap statistic: the three groups shown divide one distribution");
}

void describe_mixture(const numeric::GaussianMixture& m, const Histogram& shown, ModulusMap& r) {
  const auto column = [](const char* name, const char* unit, const char* help) { return TableColumn{name, unit, help, false, {}, {}}; };
  TableColumn number = column("component", "1", "from the softest on"), weight = column("weight", "1", "share of the pixels"),
              weight_error = column("weight_error", "1", ""), mean = column("mean", "GPa", "mean modulus"),
              mean_error = column("mean_error", "GPa", ""), sd = column("sd", "GPa", "standard deviation"),
              sd_error = column("sd_error", "GPa", "");
  for (std::size_t k = 0; k < m.components(); ++k) {
    number.number.push_back(static_cast<double>(k + 1));
    weight.number.push_back(m.weight[k]), weight_error.number.push_back(m.weight_error[k]);
    mean.number.push_back(m.mean(k, 0)), mean_error.number.push_back(m.mean_error(k, 0));
    sd.number.push_back(m.sd(k, 0)), sd_error.number.push_back(m.sd_error(k, 0));
  }
  r.mixture.columns = {number, weight, weight_error, mean, mean_error, sd, sd_error};
  r.modulus = shown.middle;
  for (std::size_t b = 0; b < shown.middle.size(); ++b) {
    r.density.push_back(shown.count[b] / (static_cast<double>(r.pixels) * shown.step));
    double p = 0;
    for (std::size_t k = 0; k < m.components(); ++k) {
      const double u = (shown.middle[b] - m.mean(k, 0)) / m.sd(k, 0);
      p += m.weight[k] * std::exp(-u * u / 2) / (m.sd(k, 0) * std::sqrt(2 * std::numbers::pi));
    }
    r.mixture_density.push_back(p);
  }
}

void describe_groups(const MapView& map, const Groups& groups, const ModulusMapOptions& o, double independent, ModulusMap& r) {
  const auto column = [](const char* name, const char* unit, const char* help) { return TableColumn{name, unit, help, false, {}, {}}; };
  TableColumn number = column("group", "1", "from the softest on"), mean = column("mean", "GPa", "mean modulus"),
              mean_error = column("mean_error", "GPa", ""), sd = column("sd", "GPa", "standard deviation"),
              fraction = column("fraction", "1", "share of the pixels"), fraction_error = column("fraction_error", "1", ""),
              regions = column("regions", "1", "connected regions"),
              radius = column("radius", "nm", "mean radius of regions away from the edge"), radius_error = column("radius_error", "nm", ""),
              largest = column("largest", "nm", "radius of the largest region"), aspect = column("aspect", "1", "mean aspect ratio");
  std::vector<double> n(groups.mean.size(), 0), sum(n), squares(n);
  r.group_map = Matrix(map.height, map.width, absent);
  for (std::size_t i = 0; i < map.size(); ++i) {
    const double v = map.values[i];
    if (!std::isfinite(v)) continue;
    const std::size_t g = groups.of(v);
    ++n[g], sum[g] += v, squares[g] += v * v;
    r.group_map.values[i] = static_cast<double>(g + 1);
  }
  for (std::size_t g = 0; g < n.size(); ++g) {
    const double m = n[g] > 0 ? sum[g] / n[g] : absent,
                 s = n[g] > 1 ? std::sqrt(std::max(0.0, squares[g] / n[g] - m * m) * n[g] / (n[g] - 1)) : absent;
    const double f = n[g] / r.pixels, counted = std::max(1.0, independent * r.pixels);
    const Sizes z = sizes(map, groups.low(g), groups.high(g), o.least_pixels);
    number.number.push_back(static_cast<double>(g + 1)), mean.number.push_back(m), sd.number.push_back(s), fraction.number.push_back(f);
    mean_error.number.push_back(s / std::sqrt(std::max(1.0, independent * n[g])));
    fraction_error.number.push_back(std::sqrt(f * (1 - f) / counted));
    regions.number.push_back(z.regions), radius.number.push_back(z.radius), radius_error.number.push_back(z.radius_error);
    largest.number.push_back(z.largest), aspect.number.push_back(z.aspect);
  }
  r.clusters.columns = {number, mean, mean_error, sd, fraction, fraction_error, regions, radius, radius_error, largest, aspect};
}

Table noise_control(const MapView& map, const numeric::MapCorrelation& c, const Groups& groups, const ModulusMapOptions& o,
                    Context& context) {
  const numeric::MapSurrogates source(map);
  const std::size_t top = groups.mean.size() - 1;
  struct Row {
    std::string name;
    std::vector<double> values;
  };
  std::vector<Row> rows;
  const auto measure = [&](const MapView& m) {
    const numeric::CorrelationLengths lengths = numeric::correlation_lengths(m, c);
    const Sizes soft = sizes(m, groups.low(0), groups.high(0), o.least_pixels),
                stiff = sizes(m, groups.low(top), groups.high(top), o.least_pixels);
    const std::vector<std::pair<std::string, double>> found = {
        {"correlation length xi [nm]", lengths.xi},         {"1/e length [nm]", lengths.decay_length},
        {"regions of the softest group", soft.regions},     {"their mean radius [nm]", soft.radius},
        {"their mean aspect ratio", soft.aspect},           {"regions of the stiffest group", stiff.regions},
        {"mean radius of the stiffest [nm]", stiff.radius}, {"aspect ratio of the stiffest", stiff.aspect}};
    if (rows.empty())
      for (const auto& f : found) rows.push_back({f.first, {}});
    for (std::size_t k = 0; k < found.size(); ++k) rows[k].values.push_back(found[k].second);
  };
  measure(map);
  for (int s = 0; s < o.surrogates; ++s) {
    context.check_cancelled();
    context.progress(0.4 + 0.6 * s / o.surrogates, fmt::format("random map {} of {}", s + 1, o.surrogates));
    const std::vector<double> random = source.draw(static_cast<std::uint64_t>(o.seed) * 1000003u + static_cast<std::uint64_t>(s));
    measure({map.width, map.height, map.pixel_width, map.pixel_height, random});
  }
  numeric::NoiseTable table;
  for (const Row& row : rows) table.add(row.name, row.values.front(), std::span(row.values).subspan(1));
  return table.table();
}

/// The row of one image: what a treatment may have changed.
void add_row(Table& table, const Image& image, const MapMoments& m, const numeric::MapCorrelation& c, double independent) {
  if (table.columns.empty()) {
    table.add_text("image", "file");
    for (const auto& [name, unit, help] : {std::tuple{"mean", "GPa", "mean modulus"},
                                           {"mean_error", "GPa", ""},
                                           {"sd", "GPa", "standard deviation"},
                                           {"sd_error", "GPa", ""},
                                           {"width", "1", "standard deviation over mean"},
                                           {"correlation_length", "nm", "xi"},
                                           {"correlation_length_error", "nm", ""},
                                           {"decay_length", "nm", "1/e of the autocorrelation"},
                                           {"decay_length_error", "nm", ""}})
      table.add_number(name, unit, help);
  }
  const double n = std::max(2.0, independent * static_cast<double>(m.pixels));
  table.columns[0].text.push_back(image.source);
  const double row[] = {m.mean,
                        m.sd / std::sqrt(n),
                        m.sd,
                        m.sd / std::sqrt(2 * (n - 1)),
                        m.sd / m.mean,
                        c.xi.value,
                        c.xi.error,
                        c.decay_length.value,
                        c.decay_length.error};
  for (std::size_t k = 0; k < std::size(row); ++k) table.columns[k + 1].number.push_back(row[k]);
}

}  // namespace

ModulusMap modulus_map(std::span<const Image> images, const ModulusMapOptions& o, Context& context) {
  if (images.empty()) throw InputError("probes/modulus_map: an image with a channel of moduli must be given, got no file");
  ModulusMap r;
  for (std::size_t i = images.size(); i-- > 0;) {  // the first image last: its results stay
    const Image& image = images[i];
    std::vector<double> values = moduli(image, o.level);
    const MapView map = map_of(image, values);
    const MapMoments m = numeric::moments(values);
    if (m.pixels > 0 && !(m.sd > 0))
      throw InputError(fmt::format("{}: moduli must differ, got {:g} GPa in all {} pixels", image.source, m.mean, m.pixels));
    if (const auto bad = std::count_if(values.begin(), values.end(), [](double v) { return v <= 0; }); bad > 0)
      context.warn(fmt::format("{}: {} of {} moduli are zero or negative, which no surface is: mask them", image.source, bad, m.pixels));
    const numeric::MapCorrelation c = numeric::map_correlation(map, {.tip_radius = o.tip_radius});
    const double independent = independent_share(map, c.decay_length.value);
    add_row(r.images, image, m, c, independent);
    for (const std::string& note : c.notes) context.warn(images.size() > 1 ? fmt::format("{}: {}", image.source, note) : note);
    if (i > 0) continue;
    const double n = std::max(2.0, independent * static_cast<double>(m.pixels));
    r.pixels = static_cast<int>(m.pixels);
    r.mean = {m.mean, m.sd / std::sqrt(n), "spread over independent areas of 2 pi l^2"},
    r.sd = {m.sd, m.sd / std::sqrt(2 * (n - 1)), r.mean.note};
    r.correlation_length = c.xi, r.exponent = c.exponent, r.decay_length = c.decay_length, r.line_noise = c.line_noise,
    r.resolved = c.resolved;
    r.distance = c.distance, r.structure = c.structure, r.structure_error = c.structure_error, r.structure_fit = c.fitted;
    for (std::size_t k = 0; k < c.distance.size(); ++k)
      r.autocorrelation.push_back(c.autocorrelation[k] / c.autocorrelation[0]),
          r.autocorrelation_error.push_back(c.autocorrelation_error[k] / c.autocorrelation[0]);
    context.progress(0.2, "groups");
    const Histogram fine(values, std::clamp<std::size_t>(m.pixels, 64, 4096));
    const Histogram shown(values, std::clamp<std::size_t>(static_cast<std::size_t>(std::sqrt(static_cast<double>(m.pixels))), 12, 80));
    const Histogram middle(values, std::clamp<std::size_t>(m.pixels, 64, 512));
    const auto [x, w] = middle.points();
    const numeric::MixtureChoice mixture = numeric::best_gaussian_mixture(
        x, w, static_cast<std::size_t>(o.most_groups), {.independent = independent, .seed = static_cast<std::uint64_t>(o.seed)});
    choose(values, fine, o, mixture, r, context);
    describe_mixture(mixture.best, shown, r);
    const Groups groups = k_groups(fine, static_cast<std::size_t>(r.groups), static_cast<std::uint64_t>(o.seed));
    describe_groups(map, groups, o, independent, r);
    r.x = x_axis(image), r.y = y_axis(image);
    r.noise = numeric::NoiseTable().table();
    if (o.surrogates > 1)
      r.noise = noise_control(map, c, groups, o, context);
    else
      context.warn("without surrogates nothing tells these numbers from those of smoothed noise");
    r.map = matrix_of(image, std::move(values));
  }
  std::reverse(r.images.columns[0].text.begin(), r.images.columns[0].text.end());
  for (TableColumn& c : r.images.columns) std::reverse(c.number.begin(), c.number.end());
  return r;
}

const Fields& ModulusMapOptions::fields() {
  using O = ModulusMapOptions;
  static const Fields table = {
      field<&O::groups>("groups", "1", "number of groups; unset: of the gap statistic, 3 where that finds one").range(1, 12),
      field<&O::most_groups>("most_groups", "1", "largest number that is tried").range(2, 12),
      field<&O::level>("level", "", "what is taken out first, the mean being kept").one_of(numeric::levelling_names()),
      field<&O::tip_radius>("tip_radius", "nm", "radius of the tip, below which lengths are not resolved").positive(),
      field<&O::least_pixels>("least_pixels", "1", "pixels of the smallest region that counts").range(1, 1000000),
      field<&O::surrogates>("surrogates", "1", "random maps with the same histogram and spectrum to compare with; 0: none").range(0, 999),
      field<&O::seed>("seed", "1", "of groups and random maps").range(0, 2147483647),
  };
  return table;
}

const ColumnRoles& ModulusMapOptions::channels() {
  static const ColumnRoles roles = {{"modulus",
                                     "GPa",
                                     "elastic modulus",
                                     true,
                                     {"dmtmodulus", "youngsmodulus", "youngmodulus", "reducedmodulus", "indentationmodulus", "data"}}};
  return roles;
}

const Fields& ModulusMap::fields() {
  using R = ModulusMap;
  const char* counted = "counted in the image; its control is in `noise`";
  static const Fields table = {
      field<&R::mean>("mean", "GPa", "mean modulus"),
      field<&R::sd>("sd", "GPa", "standard deviation of the moduli"),
      field<&R::pixels>("pixels", "1", "pixels that are not masked").exact("counted"),
      field<&R::groups>("groups", "1", "number of groups shown").exact("chosen"),
      field<&R::groups_by_gap>("groups_by_gap", "1", "number of groups by the gap statistic").exact("chosen; see `choice`"),
      field<&R::groups_by_silhouette>("groups_by_silhouette", "1", "number of groups, two or more, of the largest silhouette")
          .exact("chosen; see `choice`"),
      field<&R::components>("components", "1", "normal distributions of the least BIC").exact("chosen; see `choice`"),
      field<&R::clusters>("clusters", "", "groups from the softest to the stiffest, and their regions").exact(counted),
      field<&R::mixture>("mixture", "", "normal distributions whose sum is the histogram"),
      field<&R::choice>("choice", "", "what speaks for each number of groups").exact("their own spread is a column"),
      field<&R::modulus>("modulus", "GPa", "middle of the steps of the histogram").exact("chosen"),
      field<&R::density>("density", "1/GPa", "share of pixels per modulus").over("modulus", Plot::bars).exact(counted),
      field<&R::mixture_density>("mixture_density", "1/GPa", "sum of the normal distributions")
          .over("modulus")
          .with("density")
          .exact("fitted; see `mixture`"),
      field<&R::correlation_length>("correlation_length", "nm", "xi of the height-height correlation of moduli"),
      field<&R::exponent>("exponent", "1", "exponent a of the fit"),
      field<&R::decay_length>("decay_length", "nm", "where the autocorrelation has fallen to 1/e"),
      field<&R::line_noise>("line_noise", "GPa", "jumps between scan lines beyond those along them"),
      field<&R::resolved>("resolved", "", "the length exceeds 3 pixels and the tip's radius").exact("a comparison"),
      field<&R::distance>("distance", "nm", "distance between pixels").exact("set by the pixels"),
      field<&R::structure>("structure", "GPa^2", "mean squared difference of moduli at that distance").over("distance", Plot::points),
      field<&R::structure_error>("structure_error", "GPa^2", "jackknife over blocks").error_for("structure"),
      field<&R::structure_fit>("structure_fit", "GPa^2", "fit of 2 s^2 {1 - exp[-(r/xi)^(2a)]}")
          .over("distance")
          .with("structure")
          .exact("fitted"),
      field<&R::autocorrelation>("autocorrelation", "1", "autocorrelation of moduli").over("distance"),
      field<&R::autocorrelation_error>("autocorrelation_error", "1", "jackknife over blocks").error_for("autocorrelation"),
      field<&R::x>("x", "nm", "along the scan lines").exact("set by the pixels"),
      field<&R::y>("y", "nm", "down the image").exact("set by the pixels"),
      field<&R::map>("map", "GPa", "modulus").map("x", "y").exact("the image gives no errors of pixels"),
      field<&R::group_map>("group_map", "1", "group of each pixel, 1 the softest").map("x", "y").exact("chosen"),
      field<&R::noise>("noise", "", "the same on random maps with this histogram and spectrum").exact("its own spread is a column"),
      field<&R::images>("images", "", "all images in turn").exact("errors are columns"),
  };
  return table;
}

const Analysis& modulus_map_analysis() {
  static const Analysis entry =
      analysis<&modulus_map>("probes", "modulus_map", "groups of a map of moduli, their number and share, and the length of their features",
                             {{"Qiao et al., Prog. Mater. Sci. 104, 250 (2019), section 3", "10.1016/j.pmatsci.2019.04.005"},
                              {"Tibshirani, Walther, Hastie, J. R. Stat. Soc. B 63, 411 (2001)", "10.1111/1467-9868.00293"},
                              {"Sinha, Sirota, Garoff, Stanley, Phys. Rev. B 38, 2297 (1988)", "10.1103/PhysRevB.38.2297"}});
  return entry;
}

}  // namespace heteroglass::probes
