#include "probes/afm/site_tables.hpp"

#include <algorithm>
#include <cmath>

#include "numeric/sample_mean.hpp"

namespace heteroglass::probes {
namespace {

struct Quantity {
  const char *name, *unit, *help;
  bool has_error;
};
constexpr Quantity quantities[site_quantities] = {
    {"mean", "eV", "mean dissipation", true},
    {"sd", "eV", "standard deviation of the dissipation", true},
    {"variation", "1", "standard deviation over mean", true},
    {"skew", "1", "skewness of the dissipation", true},
    {"negative_fraction", "1", "share of negative pixels", false},
    {"force", "nN", "mean force", false},
    {"correlation_length", "nm", "xi", true},
    {"exponent", "1", "exponent a of the structure function", true},
    {"roughness", "eV", "s of the structure function", true},
    {"decay_length", "nm", "autocorrelation down to 1/e", true},
    {"line_noise", "eV", "jumps from line to line", true},
    {"region_density", "1/um^2", "loose regions in an area", true},
    {"region_radius", "nm", "mean radius of loose regions", true},
    {"region_d_max", "nm", "mean longest diameter", true},
    {"region_d_min", "nm", "mean shortest diameter", true},
    {"region_aspect", "1", "mean aspect ratio", true},
    {"cluster_exponent", "1", "exponent of the sizes of dense clusters", true},
    {"cluster_cutoff", "nm", "cut-off of the sizes", true},
    {"two_fold", "1", "two-fold power", true},
    {"four_fold", "1", "four-fold power", true},
    {"share_above_first", "1", "pixels above the loose threshold of the first group", false},
    {"energy_per_unit", "eV", "energy of a unit", false},
};

}  // namespace

Measured over_sites(std::span<const SiteRow> rows, std::size_t q) {
  if (rows.size() == 1) return rows.front().value[q];
  std::vector<double> v;
  for (const SiteRow& r : rows)
    if (std::isfinite(r.value[q].value)) v.push_back(r.value[q].value);
  if (v.empty()) return rows.empty() ? Measured{} : rows.front().value[q];
  Measured m = numeric::sample_mean(v, "one site has a value");
  if (v.size() > 1) m.note = "spread over the sites";
  return m;
}

Table site_table(std::span<const SiteRow> rows) {
  Table t;
  t.columns.reserve(1 + 2 * site_quantities);
  TableColumn& file = t.add_text("image", "file");
  for (const SiteRow& r : rows) file.text.push_back(r.file);
  for (std::size_t q = 0; q < site_quantities; ++q) {
    if (std::none_of(rows.begin(), rows.end(), [&](const SiteRow& r) { return !std::isnan(r.value[q].value); })) continue;
    TableColumn& value = t.add_number(quantities[q].name, quantities[q].unit, quantities[q].help);
    for (const SiteRow& r : rows) value.number.push_back(r.value[q].value);
    if (!quantities[q].has_error) continue;
    TableColumn& error = t.add_number(std::string(quantities[q].name) + "_error", quantities[q].unit, "standard error");
    for (const SiteRow& r : rows) error.number.push_back(r.value[q].error);
  }
  return t;
}

Table comparison_table(std::span<const SiteRow> rows, std::size_t first) {
  Table t;
  t.columns.reserve(9);
  TableColumn &name = t.add_text("quantity", "as in `sites`"), &unit = t.add_text("unit", "of the numbers"),
              &before = t.add_number("before", "1", "mean over the first images"), &before_error = t.add_number("before_error", "1", ""),
              &after = t.add_number("after", "1", "mean over the others"), &after_error = t.add_number("after_error", "1", ""),
              &change = t.add_number("change", "1", "after less before"), &change_error = t.add_number("change_error", "1", ""),
              &z = t.add_number("z", "1", "change over its error");
  if (first == 0) return t;
  for (std::size_t q = 0; q < site_quantities; ++q) {
    const Measured a = over_sites(rows.first(first), q), b = over_sites(rows.subspan(first), q);
    if (std::isnan(a.value) && std::isnan(b.value)) continue;
    const double error = std::hypot(a.error, b.error);
    name.text.push_back(quantities[q].name), unit.text.push_back(quantities[q].unit);
    before.number.push_back(a.value), before_error.number.push_back(a.error), after.number.push_back(b.value),
        after_error.number.push_back(b.error);
    change.number.push_back(b.value - a.value), change_error.number.push_back(error), z.number.push_back((b.value - a.value) / error);
  }
  return t;
}

Table region_table(const numeric::RegionShapes& regions) {
  Table t;
  t.columns.reserve(9);
  TableColumn &pixels = t.add_number("pixels", "1", "size"), &x = t.add_number("x", "nm", "centre"),
              &y = t.add_number("y", "nm", "centre, downwards"), &area = t.add_number("area", "nm^2", "area"),
              &radius = t.add_number("radius", "nm", "of a disc of this area"), &longest = t.add_number("d_max", "nm", "longest axis"),
              &shortest = t.add_number("d_min", "nm", "shortest axis"),
              &angle = t.add_number("inclination", "deg", "of the long axis, anticlockwise"),
              &edge = t.add_number("at_edge", "1", "1: cut by the edge of the map");
  for (std::size_t k = 0; k < std::min<std::size_t>(regions.shape.size(), 200); ++k) {
    const numeric::RegionShape& r = regions.shape[k];
    pixels.number.push_back(double(r.pixels)), x.number.push_back(r.x), y.number.push_back(r.y), area.number.push_back(r.area);
    radius.number.push_back(r.equivalent_radius), longest.number.push_back(r.d_max), shortest.number.push_back(r.d_min);
    angle.number.push_back(r.inclination), edge.number.push_back(r.touches_edge ? 1 : 0);
  }
  return t;
}

Table explained_table(const std::vector<Explained>& explained) {
  Table t;
  t.columns.reserve(2);
  TableColumn &name = t.add_text("predictor", "channel, or what is computed from it"),
              &share = t.add_number("share", "1", "of the variance, taken out in this order");
  for (const Explained& e : explained) name.text.push_back(e.predictor), share.number.push_back(e.share);
  return t;
}

}  // namespace heteroglass::probes
