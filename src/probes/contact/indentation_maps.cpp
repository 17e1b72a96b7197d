#include "probes/contact/indentation_maps.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include "core/error.hpp"
#include "numeric/gaussian_mixture.hpp"
#include "numeric/k_means.hpp"
#include "numeric/map_correlation.hpp"
#include "probes/contact/spread.hpp"

namespace heteroglass::probes {
namespace {

/// Where the results of a quantity go.
struct Destination {
  Measured Indentation::*mean;
  Measured Indentation::*spread;
  Matrix Indentation::*map;
  Matrix Indentation::*error;
};

const std::map<std::string, Destination>& destinations() {
  using R = Indentation;
  static const std::map<std::string, Destination> table = {
      {"shear_modulus", {&R::mean_shear_modulus, &R::spread_shear_modulus, &R::shear_modulus, &R::shear_modulus_error}},
      {"relaxation_time", {&R::mean_relaxation_time, &R::spread_relaxation_time, &R::relaxation_time, &R::relaxation_time_error}},
      {"viscosity", {&R::mean_viscosity, &R::spread_viscosity, &R::viscosity, &R::viscosity_error}},
      {"barrier", {&R::mean_barrier, &R::spread_barrier, &R::barrier, &R::barrier_error}},
      {"h_it", {&R::mean_h_it, &R::spread_h_it, &R::h_it, &R::h_it_error}},
      {"e_it", {&R::mean_e_it, &R::spread_e_it, &R::e_it, &R::e_it_error}}};
  return table;
}

std::vector<double> finite(const std::vector<double>& v) {
  std::vector<double> out;
  for (const double x : v)
    if (std::isfinite(x)) out.push_back(x);
  return out;
}

numeric::MapView view(const Matrix& m, const IndentGrid& g) {
  return {m.columns, m.rows, g.spacing_x > 0 ? g.spacing_x : 1, g.spacing_y > 0 ? g.spacing_y : 1, m.values};
}

/// C(r)/C(0) of a map, by rings.
std::vector<double> correlation(const Matrix& m, const IndentGrid& g, std::vector<double>* distance = nullptr) {
  const numeric::MapView v = view(m, g);
  const std::size_t lag = std::max<std::size_t>(2, std::min(m.rows, m.columns) / 2);
  const numeric::RadialCorrelation c =
      numeric::radial(numeric::lag_sums(v, lag, lag, numeric::moments(v.values).mean), v.pixel_width, v.pixel_height);
  std::vector<double> out;
  for (const double x : c.autocorrelation) out.push_back(x / c.autocorrelation.front());
  if (distance) *distance = c.distance;
  return out;
}

/// Values at the places of others, drawn anew: no correlation is left.
struct Shuffled {
  std::vector<std::vector<double>> rows;  ///< C(r)/C(0) of each
};
Shuffled shuffled(const Matrix& m, const IndentGrid& g, int times, std::uint64_t seed) {
  std::vector<std::size_t> there;
  for (std::size_t i = 0; i < m.values.size(); ++i)
    if (std::isfinite(m.values[i])) there.push_back(i);
  std::mt19937_64 random(seed);
  Shuffled s;
  Matrix copy = m;
  for (int k = 0; k < times; ++k) {
    for (std::size_t i = there.size(); i > 1; --i) std::swap(copy.values[there[i - 1]], copy.values[there[random() % i]]);
    s.rows.push_back(correlation(copy, g));
  }
  return s;
}

double quantile(std::vector<double> v, double q) {
  if (v.empty()) return NAN;
  std::sort(v.begin(), v.end());
  const double at = q * static_cast<double>(v.size() - 1);
  const auto i = static_cast<std::size_t>(at);
  return i + 1 < v.size() ? v[i] + (at - static_cast<double>(i)) * (v[i + 1] - v[i]) : v.back();
}

/// One row of the table of correlation lengths.
struct LengthRow {
  numeric::MapCorrelation fit;
  double neighbour = NAN, control_mean = NAN, control_sd = NAN, p_value = NAN, noise = 0;
  std::vector<double> distance, correlation, low, high;
};

LengthRow length_row(const Matrix& m, const IndentGrid& g, const IndentationOptions& o) {
  LengthRow r;
  r.correlation = correlation(m, g, &r.distance);
  r.neighbour = r.correlation.size() > 1 ? r.correlation[1] : NAN;
  const Shuffled s = shuffled(m, g, o.shuffles, static_cast<std::uint64_t>(o.seed));
  std::vector<double> first;
  for (const auto& row : s.rows) first.push_back(row[1]);
  double sum = 0, square = 0, above = 1;
  const auto n = static_cast<double>(first.size());
  for (const double v : first) sum += v, above += v >= r.neighbour;
  r.control_mean = sum / n;
  for (const double v : first) square += (v - r.control_mean) * (v - r.control_mean);
  r.control_sd = std::sqrt(square / (n - 1)), r.p_value = above / (n + 1);
  for (std::size_t k = 0; k < r.correlation.size(); ++k) {
    std::vector<double> at;
    for (const auto& row : s.rows) at.push_back(row[k]);
    r.low.push_back(quantile(at, 0.025)), r.high.push_back(quantile(at, 0.975));
  }
  if (m.rows >= 6 && m.columns >= 6) r.fit = numeric::map_correlation(view(m, g));
  return r;
}

Table empty_lengths() {
  Table t;
  t.add_text("quantity");
  t.add_number("decay_length", "nm", "where the autocorrelation has fallen to 1/e"), t.add_number("decay_length_error", "nm");
  t.add_number("xi", "nm", "of 2 s^2 {1 - exp[-(r/xi)^(2 a)]}"), t.add_number("xi_error", "nm");
  t.add_number("spacings", "1", "decay length over the spacing");
  t.add_number("resolved", "1", "1: above 3 spacings and the diameter of the contact, and not by chance");
  t.add_number("neighbour_correlation", "1", "autocorrelation of neighbouring indents");
  t.add_number("shuffled_mean", "1", "the same of shuffled maps"), t.add_number("shuffled_sd", "1", "and its spread");
  t.add_number("p_value", "1", "part of the shuffled maps with at least that correlation");
  t.add_number("noise_fraction", "1", "part of the variance that errors of measurement explain");
  return t;
}

void fill_lengths(const std::vector<Quantity>& quantities, const std::string& shown, const Placement& place, double contact_radius,
                  const IndentationOptions& o, Indentation& out, Context& context) {
  out.correlation_lengths = empty_lengths();
  if (!place.real || place.grid.rows < 4 || place.grid.columns < 4) return;
  const double spacing = place.grid.spacing_x;
  for (const Quantity& q : quantities) {
    const Matrix m = place.grid.map(q.value);
    const std::vector<double> values = finite(q.value);
    if (values.size() < 12 || *std::min_element(values.begin(), values.end()) == *std::max_element(values.begin(), values.end())) continue;
    const LengthRow r = length_row(m, place.grid, o);
    const Spread s = spread(q.value, q.error);
    const double length = r.fit.decay_length.value;
    const bool resolved = length > 3 * spacing && !(length < 2 * contact_radius) && r.p_value < 0.05;
    std::vector<TableColumn>& c = out.correlation_lengths.columns;
    c[0].text.push_back(q.name);
    const double nm = spacing > 0 ? 1 : NAN;
    const double xi = r.fit.xi.error < r.fit.xi.value ? r.fit.xi.value : NAN;  // else the fit does not tell it
    const std::vector<double> numbers = {length * nm,
                                         r.fit.decay_length.error * nm,
                                         xi * nm,
                                         (std::isfinite(xi) ? r.fit.xi.error : NAN) * nm,
                                         length / (spacing > 0 ? spacing : 1),
                                         resolved ? 1.0 : 0.0,
                                         r.neighbour,
                                         r.control_mean,
                                         r.control_sd,
                                         r.p_value,
                                         s.noise_fraction};
    for (std::size_t k = 0; k < numbers.size(); ++k) c[k + 1].number.push_back(numbers[k]);
    if (q.name != shown) continue;
    for (std::size_t k = 1; k < r.correlation.size(); ++k) {
      out.map_distance.push_back(r.distance[k]), out.map_correlation.push_back(r.correlation[k]);
      const auto& error = r.fit.autocorrelation_error;
      out.map_correlation_error.push_back(k < error.size() ? error[k] / r.fit.autocorrelation.front() : NAN);
      out.shuffled_low.push_back(r.low[k]), out.shuffled_high.push_back(r.high[k]);
    }
    if (!resolved)
      context.warn(fmt::format(
          "the correlation length of the map of {} is not resolved: {}", q.name,
          r.p_value >= 0.05 ? fmt::format("shuffled maps have the same correlation of neighbours in {:.0f} % of cases", 100 * r.p_value)
          : length <= 3 * spacing ? fmt::format("{:.3g} nm is less than 3 spacings of {:g} nm", length, spacing)
          : length < 2 * contact_radius
              ? fmt::format("{:.3g} nm is less than the diameter of the contacts, {:.3g} nm", length, 2 * contact_radius)
              : "the correlation does not fall to 1/e within the map"));
  }
}

void fill_histogram(const std::vector<double>& v, const numeric::GaussianMixture& m, Indentation& out) {
  const auto [low, high] = std::minmax_element(v.begin(), v.end());
  const double width = 2 * (quantile(v, 0.75) - quantile(v, 0.25)) / std::cbrt(static_cast<double>(v.size()));
  const auto bins = static_cast<std::size_t>(std::clamp(width > 0 ? (*high - *low) / width : 5, 5.0, 60.0));
  const double step = (*high - *low) / static_cast<double>(bins);
  out.value.resize(bins), out.count.assign(bins, 0), out.count_model.assign(bins, 0);
  for (std::size_t b = 0; b < bins; ++b) {
    const double from = *low + static_cast<double>(b) * step;
    out.value[b] = from + step / 2;
    for (std::size_t g = 0; g < m.components(); ++g) {
      const auto below = [&](double x) { return std::erfc(-(x - m.mean(g, 0)) / m.sd(g, 0) / std::sqrt(2.0)) / 2; };
      out.count_model[b] += static_cast<double>(v.size()) * m.weight[g] * (below(from + step) - below(from));
    }
  }
  for (const double x : v) ++out.count[std::min(bins - 1, static_cast<std::size_t>((x - *low) / step))];
}

Table empty_clusters() {
  Table t;
  t.add_text("quantity"), t.add_number("component", "1", "from the smallest mean"), t.add_number("weight", "1"),
      t.add_number("weight_error", "1");
  t.add_number("mean", "GPa"), t.add_number("mean_error", "GPa"), t.add_number("sd", "GPa"), t.add_number("sd_error", "GPa");
  t.add_number("indents", "1", "that most probably belong to it");
  return t;
}

void add_clusters(const Quantity& q, const numeric::GaussianMixture& m, Table& t) {
  for (std::size_t g = 0; g < m.components(); ++g) {
    t.columns[0].text.push_back(q.name);
    const std::vector<double> numbers = {
        static_cast<double>(g + 1), m.weight[g],
        m.weight_error[g],          m.mean(g, 0),
        m.mean_error(g, 0),         m.sd(g, 0),
        m.sd_error(g, 0),           static_cast<double>(std::count(m.label.begin(), m.label.end(), static_cast<int>(g)))};
    for (std::size_t k = 0; k < numbers.size(); ++k) t.columns[k + 1].number.push_back(numbers[k]);
  }
}

void fill_cluster_number(const Matrix& points, const std::vector<double>& bic, const IndentationOptions& o, Indentation& out) {
  Table& t = out.cluster_number;
  const auto seed = static_cast<std::uint64_t>(o.seed);
  const numeric::GapStatistic gap = numeric::gap_statistic(points, bic.size(), 20, 1000, {4, 200, seed});
  for (std::size_t k = 1; k <= bic.size(); ++k) {
    const numeric::KMeans groups = numeric::k_means(points, {}, k, {8, 300, seed});
    const std::vector<double> numbers = {static_cast<double>(k), bic[k - 1] - bic[0], numeric::silhouette(points, groups.label, k),
                                         gap.gap[k - 1], gap.error[k - 1]};
    for (std::size_t c = 0; c < numbers.size(); ++c) t.columns[c].number.push_back(numbers[c]);
  }
}

void fill_clusters(const std::vector<Quantity>& quantities, const std::string& shown, const Placement& place, const IndentationOptions& o,
                   Indentation& out) {
  out.clusters = empty_clusters();
  Table& t = out.cluster_number;
  t.add_number("k", "1"), t.add_number("bic", "1", "of a Gaussian mixture, relative to one component; least is best");
  t.add_number("silhouette", "1", "of k-means"), t.add_number("gap", "1", "of k-means"), t.add_number("gap_error", "1");
  for (const Quantity& q : quantities) {
    if (q.unit != "GPa") continue;
    const std::vector<double> v = finite(q.value);
    if (v.size() < 12 || *std::min_element(v.begin(), v.end()) == *std::max_element(v.begin(), v.end())) continue;
    const Matrix points = numeric::points_of(v);
    const numeric::MixtureChoice choice = numeric::best_gaussian_mixture(points, {}, static_cast<std::size_t>(o.most_clusters),
                                                                         {.floor = 1e-3, .seed = static_cast<std::uint64_t>(o.seed)});
    add_clusters(q, choice.best, out.clusters);
    if (q.name != shown) continue;
    fill_histogram(v, choice.best, out);
    if (v.size() > static_cast<std::size_t>(o.most_clusters)) fill_cluster_number(points, choice.bic, o, out);
    std::vector<double> label(q.value.size(), NAN);
    for (std::size_t i = 0, k = 0; i < label.size(); ++i)
      if (std::isfinite(q.value[i])) label[i] = choice.best.label[k++] + 1;
    out.cluster = place.grid.map(label);
  }
}

/// The quantity whose clusters, histogram and correlation are shown.
std::string shown_quantity(const std::vector<Quantity>& quantities, const std::string& asked) {
  if (asked != "automatic") return asked;
  for (const char* name : {"shear_modulus", "h_it", "e_it"})
    for (const Quantity& q : quantities)
      if (q.name == name && !finite(q.value).empty()) return name;
  return "shear_modulus";
}

}  // namespace

Placement placement(const IndentationOptions& o, const std::vector<double>& x, const std::vector<double>& y,
                    const std::vector<double>& numbers, Context& context) {
  Placement p;
  if (o.grid_order == "automatic" || o.grid_order == "positions") {
    if (auto found = grid_of_positions(x, y)) {
      p.grid = std::move(*found), p.real = true;
      const GridSize asked = o.grid.empty() ? GridSize{p.grid.columns, p.grid.rows} : grid_size(o.grid);
      if (asked.columns != p.grid.columns || asked.rows != p.grid.rows)
        throw InputError(
            fmt::format("--grid: must be that of the positions in the file, {}x{}, got {}", p.grid.columns, p.grid.rows, o.grid));
      context.warn(fmt::format("the grid is that of the positions in the file: {} x {} indents, {:.4g} x {:.4g} nm apart", p.grid.columns,
                               p.grid.rows, p.grid.spacing_x, p.grid.spacing_y));
      if (o.spacing) p.grid.spacing_x = p.grid.spacing_y = *o.spacing;
      return p;
    }
    if (o.grid_order == "positions") throw InputError("--grid-order: positions must be in the file and on one grid, and are not");
  }
  if (o.grid.empty()) {
    p.grid = grid_in_order(
        {numbers.size(), 1}, "rows",
        [&] {
          std::vector<double> n;
          for (std::size_t i = 1; i <= numbers.size(); ++i) n.push_back(static_cast<double>(i));
          return n;
        }(),
        o.spacing.value_or(0));
    return p;
  }
  const std::string order = o.grid_order == "automatic" ? "rows" : o.grid_order;
  p.grid = grid_in_order(grid_size(o.grid), order, numbers, o.spacing.value_or(0)), p.real = true;
  if (o.grid_order == "automatic")
    context.warn("--grid-order is not given: indents are taken row by row from the top left, each row from left to right");
  if (!o.spacing) context.warn("--spacing is not given: x and y count indents, and lengths are not known in nm");
  return p;
}

void fill_maps(const std::vector<Quantity>& quantities, const Placement& place, double contact_radius, const IndentationOptions& o,
               Indentation& out, Context& context) {
  if (place.real) out.x = place.grid.x(), out.y = place.grid.y();
  for (const Quantity& q : quantities) {
    const auto d = destinations().find(q.name);
    if (d == destinations().end()) continue;
    const Spread s = spread(q.value, q.error);
    out.*(d->second.mean) = s.mean, out.*(d->second.spread) = s.sd;
    out.*(d->second.map) = place.grid.map(q.value), out.*(d->second.error) = place.grid.map(q.error);
  }
  const std::string shown = shown_quantity(quantities, o.cluster_by);
  fill_lengths(quantities, shown, place, contact_radius, o, out, context);
  context.check_cancelled();
  fill_clusters(quantities, shown, place, o, out);
}

}  // namespace heteroglass::probes
