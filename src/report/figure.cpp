#include "report/figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

#include "report/escape.hpp"
#include "report/map.hpp"
#include "report/number.hpp"
#include "report/svg.hpp"

namespace heteroglass::report {
namespace {

constexpr std::size_t most_curves = 6;     // in one figure: as many as the palette tells apart
constexpr std::size_t few_categories = 5;  // below, a table says more than bars

std::vector<double> finite(const std::vector<double>& values) {
  std::vector<double> out;
  std::copy_if(values.begin(), values.end(), std::back_inserter(out), [](double v) { return std::isfinite(v); });
  return out;
}

double largest(const std::vector<double>& values) {
  double most = 0;
  for (const double v : values)
    if (std::isfinite(v)) most = std::max(most, std::abs(v));
  return most;
}

/// Times and frequencies over many decades: positive, more than three decades, and crowded at the lower end.
bool wants_logarithm(const std::vector<double>& values) {
  std::vector<double> v = finite(values);
  if (v.size() < 4) return false;
  std::sort(v.begin(), v.end());
  return v.front() > 0 && v.back() / v.front() > 1e3 && v[v.size() / 2] < 0.05 * v.back();
}

/// Fields ask for a logarithmic axis; values decide whether they can have it.
bool can_be_logarithmic(const std::vector<double>& values) {
  const std::vector<double> v = finite(values);
  return !v.empty() && std::all_of(v.begin(), v.end(), [](double x) { return x > 0; });
}

struct Curves {
  Figure figure;
  std::string unit, against;
  double size = 0;
  bool logarithmic = false;  ///< asked for
};

bool holds(const Curves& c, const std::string& result) {
  return std::find(c.figure.results.begin(), c.figure.results.end(), result) != c.figure.results.end();
}

bool fits(const Curves& c, const PartResult& r) {
  const double size = largest(r.values);
  if (c.logarithmic != r.field.logarithmic) return false;
  if (c.logarithmic && c.against == r.field.against && c.unit == r.field.unit && c.figure.kind == r.field.plot)
    return c.figure.series.size() < most_curves;
  return c.against == r.field.against && c.unit == r.field.unit && c.figure.kind == r.field.plot && c.figure.series.size() < most_curves &&
         size < 20 * c.size && c.size < 20 * size;
}

std::vector<double> row(const std::vector<double>& values, std::size_t i, std::size_t columns) {
  if (values.empty()) return {};
  return {values.begin() + static_cast<std::ptrdiff_t>(i * columns), values.begin() + static_cast<std::ptrdiff_t>((i + 1) * columns)};
}

/// Numbers, or the positions of texts.
std::vector<double> abscissa_values(const PartResult& abscissa) {
  if (abscissa.shape != Shape::texts) return abscissa.values;
  std::vector<double> out;
  for (std::size_t i = 0; i < abscissa.texts.size(); ++i) out.push_back(static_cast<double>(i));
  return out;
}

void append_matrix_rows(const Part& part, const PartResult& r, const PartResult& abscissa, Figure& f) {
  const PartResult* labels = part.find(r.field.rows);
  for (std::size_t i = 0; i < r.rows; ++i) {
    const std::string name = labels && i < labels->texts.size() ? labels->texts[i] : fmt::format("{} {}", r.label(), i + 1);
    f.series.push_back({name, abscissa_values(abscissa), row(r.values, i, r.columns), row(r.errors, i, r.columns), Plot::none, {}});
  }
}

Curves new_curves(const PartResult& r, const PartResult& abscissa) {
  Curves c;
  c.unit = r.field.unit, c.against = r.field.against, c.size = largest(r.values);
  c.figure.name = r.field.name, c.figure.kind = r.field.plot;
  const bool decades = abscissa.field.logarithmic ? can_be_logarithmic(abscissa.values) : wants_logarithm(abscissa.values);
  c.logarithmic = r.field.logarithmic;
  c.figure.x = {with_unit(abscissa.label(), abscissa.field.unit), decades, abscissa.texts, 0, 0};
  return c;
}

bool is_curve(const Part& part, const PartResult& r) {
  if (r.field.against.empty() || r.field.plot == Plot::none || r.field.plot == Plot::map || r.field.per_atom) return false;
  const PartResult* abscissa = part.find(r.field.against);
  if (!abscissa) return false;
  const std::size_t points = std::max(abscissa->values.size(), abscissa->texts.size());
  if (points < (abscissa->shape == Shape::texts ? few_categories : 2)) return false;
  if (r.shape == Shape::matrix) return r.columns == points && r.rows <= 2 * most_curves;
  return r.shape == Shape::array && r.values.size() == points;
}

/// A line alone over its points has their colour; several, and lines over a line, are told apart by colours of their own.
bool shares_colour(const Figure& f, const PartResult& r, const std::vector<const PartResult*>& models) {
  return r.field.plot == Plot::line && f.kind != Plot::line &&
         std::count_if(models.begin(), models.end(), [&](const PartResult* m) {
           return m->field.drawn_with == r.field.drawn_with && m->field.unit == r.field.unit && (m == &r || !finite(m->values).empty());
         }) == 1;
}

/// A model joins the figure of its data when both axes mean the same. False: it is drawn by itself.
bool add_to_data(const Part& part, const PartResult& r, const std::vector<const PartResult*>& models, std::vector<Curves>& all) {
  const auto at = std::find_if(all.begin(), all.end(), [&](const Curves& c) { return holds(c, r.field.drawn_with); });
  const PartResult& abscissa = *part.find(r.field.against);
  if (at == all.end() || at->unit != r.field.unit || r.shape != Shape::array) return false;
  if (const PartResult* x = part.find(at->against); !x || x->field.unit != abscissa.field.unit) return false;
  const auto data = std::find(at->figure.results.begin(), at->figure.results.end(), r.field.drawn_with) - at->figure.results.begin();
  const bool shared = shares_colour(at->figure, r, models);
  const std::string colour(palette(shared ? static_cast<std::size_t>(data) : at->figure.series.size()));
  at->figure.series.push_back({r.label(), abscissa_values(abscissa), r.values, r.errors, r.field.plot, colour});
  at->figure.results.push_back(r.field.name);
  if (!r.field.help.empty()) at->figure.caption += (at->figure.caption.empty() ? "" : "; ") + r.field.help;
  return true;
}

void add_curve(const Part& part, const PartResult& r, std::vector<Curves>& out) {
  const PartResult& abscissa = *part.find(r.field.against);
  if (r.shape == Shape::matrix) {
    out.push_back(new_curves(r, abscissa));
    append_matrix_rows(part, r, abscissa, out.back().figure);
  } else {
    auto at = std::find_if(out.begin(), out.end(), [&](const Curves& c) { return fits(c, r); });
    if (at == out.end()) out.push_back(new_curves(r, abscissa)), at = out.end() - 1;
    at->figure.series.push_back({r.label(), abscissa_values(abscissa), r.values, r.errors, Plot::none, {}});
    at->figure.results.push_back(r.field.name);
    if (!r.field.help.empty()) at->figure.caption += (at->figure.caption.empty() ? "" : "; ") + r.field.help;
    return;
  }
  out.back().figure.results.push_back(r.field.name);
  out.back().figure.caption = r.field.help;
}

/// Where errors are far larger than the data (bins without counts), the data decide what is shown. Bars stand on zero, so it counts as data.
void limit_errors(Figure& f) {
  const bool on_zero = f.kind == Plot::bars || f.kind == Plot::histogram;
  double low = std::numeric_limits<double>::infinity(), high = -low, error_low = low, error_high = -low;
  for (const Series& s : f.series) {
    for (std::size_t i = 0; i < s.y.size(); ++i) {
      if (!std::isfinite(s.y[i])) continue;
      const double e = i < s.error.size() && std::isfinite(s.error[i]) ? s.error[i] : 0;
      low = std::min(low, s.y[i]), high = std::max(high, s.y[i]);
      error_low = std::min(error_low, s.y[i] - e), error_high = std::max(error_high, s.y[i] + e);
    }
  }
  if (on_zero)
    low = std::min(low, 0.0), high = std::max(high, 0.0), error_low = std::min(error_low, 0.0), error_high = std::max(error_high, 0.0);
  const double span = high - low, most = on_zero ? 2 : 0.5;
  if (!(span > 0) || f.y.logarithmic || (error_low > low - most * span && error_high < high + most * span)) return;
  f.y.low = std::max(error_low, low - 0.15 * span), f.y.high = std::min(error_high, high + 0.15 * span);
}

/// Long recordings keep the lowest and the highest point of each of 2000 stretches; the CSV beside the page has them all.
void thin(Series& s) {
  constexpr std::size_t stretches = 2000;
  const std::size_t n = s.y.size();
  if (n <= 2 * stretches) return;
  std::vector<std::size_t> kept;
  for (std::size_t k = 0; k < stretches; ++k) {
    std::size_t low = k * n / stretches, high = low;
    for (std::size_t i = low; i < (k + 1) * n / stretches; ++i) {
      if (!(s.y[low] <= s.y[i])) low = std::isfinite(s.y[i]) ? i : low;
      if (!(s.y[high] >= s.y[i])) high = std::isfinite(s.y[i]) ? i : high;
    }
    kept.push_back(std::min(low, high));
    if (low != high) kept.push_back(std::max(low, high));
  }
  const auto chosen = [&](const std::vector<double>& v) {
    std::vector<double> out;
    for (const std::size_t i : kept)
      if (i < v.size()) out.push_back(v[i]);
    return out;
  };
  s.x = chosen(s.x), s.y = chosen(s.y), s.error = chosen(s.error);
}

/// Names of what is drawn, as long as they are few; models go by the name of their data.
std::string value_title(const Part& part, const Curves& c) {
  constexpr std::size_t longest = 48;
  const PartResult* first = part.find(c.figure.name);
  const std::string name = first ? first->label() : humanised(c.figure.name);
  std::string title = name;
  for (std::size_t i = 1; i < c.figure.results.size(); ++i) {
    const PartResult* r = part.find(c.figure.results[i]);
    if (!r || r->field.drawn_with.empty()) title += ", " + humanised(c.figure.results[i]);
  }
  return with_unit(title.size() > longest ? name : title, c.unit);
}

void finish(const Part& part, Curves& c) {
  Figure& f = c.figure;
  std::erase_if(f.series, [](const Series& s) { return finite(s.y).empty(); });
  if (f.series.empty()) return;
  f.y.title = value_title(part, c);
  if (c.logarithmic) {
    f.y.logarithmic = can_be_logarithmic(f.series.front().y);
  } else {
    for (const Series& s : f.series) f.y.logarithmic = f.y.logarithmic || (f.x.logarithmic && wants_logarithm(s.y));
  }
  limit_errors(f);
  for (Series& s : f.series) thin(s);
  const PartResult* first = part.find(f.name);
  if (f.series.size() == 1 && f.results.size() == 1 && first && first->shape != Shape::matrix) f.series.front().name.clear();
}

/// A handful of values is read in the table; bars over it would only pretend a distribution.
bool fills_a_histogram(const std::vector<double>& values) {
  constexpr int least = 8;
  int finite = 0;
  double low = INFINITY, high = -INFINITY;
  for (const double v : values)
    if (std::isfinite(v)) ++finite, low = std::min(low, v), high = std::max(high, v);
  return finite >= least && low < high;
}

bool is_category_table(const PartResult& r) {
  return r.shape == Shape::table && r.field.plot != Plot::none && !r.table.empty() &&
         r.table.front().text.size() + r.table.front().number.size() > 1;
}

std::size_t distinct(const std::vector<std::string>& texts) { return std::set<std::string>(texts.begin(), texts.end()).size(); }

/// The number column that a table's bars show: `against` where the field names it, else the first one with errors, else the first.
const PartColumn* bar_column(const PartResult& r) {
  const PartColumn* chosen = nullptr;
  for (const PartColumn& c : r.table) {
    if (c.is_text) continue;
    if (c.name == r.field.against) return &c;
    if (!chosen || (chosen->error.empty() && !c.error.empty())) chosen = &c;
  }
  return chosen;
}

/// What splits the bars of a table into series: the text column `species`, else the one of fewest values when there are several.
const PartColumn* series_column(const PartResult& r) {
  const PartColumn* chosen = nullptr;
  std::size_t texts = 0;
  for (const PartColumn& c : r.table) {
    if (!c.is_text) continue;
    ++texts;
    if (distinct(c.text) > most_curves) continue;
    if (c.name == "species") return &c;
    if (!chosen || distinct(c.text) < distinct(chosen->text)) chosen = &c;
  }
  return texts > 1 ? chosen : nullptr;
}

/// The other texts of row i.
std::string category(const PartResult& r, const PartColumn* series, std::size_t i) {
  std::string out;
  for (const PartColumn& c : r.table) {
    if (!c.is_text || &c == series || distinct(c.text) < 2) continue;
    if (!out.empty()) out += ", ";
    out += humanised(c.text[i]);
  }
  return out;
}

/// The categories in the order of the rows; when there are too many, those with the largest values.
std::vector<std::string> kept_categories(const std::vector<std::string>& all, const std::vector<double>& values) {
  constexpr std::size_t most = 16;
  std::vector<std::pair<std::string, double>> sizes;
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto at = std::find_if(sizes.begin(), sizes.end(), [&](const auto& known) { return known.first == all[i]; });
    if (at == sizes.end()) sizes.emplace_back(all[i], 0.0), at = sizes.end() - 1;
    at->second = std::max(at->second, std::isfinite(values[i]) ? std::abs(values[i]) : 0.0);
  }
  if (sizes.size() > most) {
    std::stable_sort(sizes.begin(), sizes.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    sizes.resize(most);
  }
  std::vector<std::string> out;
  for (const auto& [name, size] : sizes) out.push_back(name);
  return out;
}

/// Bars of one number column of a table.
Figure table_bars(const PartResult& r) {
  Figure f;
  const PartColumn *series = series_column(r), *value = bar_column(r);
  if (!value) return f;
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < value->number.size(); ++i) rows.push_back(category(r, series, i));
  f.name = r.field.name, f.results = {r.field.name}, f.caption = r.field.help, f.kind = Plot::bars;
  f.x.categories = kept_categories(rows, value->number), f.y.title = with_unit(humanised(value->name), value->unit);
  if (distinct(rows) > f.x.categories.size()) f.caption += fmt::format("; the {} largest of {}", f.x.categories.size(), distinct(rows));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto at = std::find(f.x.categories.begin(), f.x.categories.end(), rows[i]);
    if (at == f.x.categories.end()) continue;
    const std::string name = series ? series->text[i] : std::string();
    auto s = std::find_if(f.series.begin(), f.series.end(), [&](const Series& known) { return known.name == name; });
    if (s == f.series.end()) f.series.push_back({name, {}, {}, {}, Plot::none, {}}), s = f.series.end() - 1;
    s->x.push_back(static_cast<double>(at - f.x.categories.begin())), s->y.push_back(value->number[i]);
    if (!value->error.empty()) s->error.push_back(value->error[i]);
  }
  return f;
}

std::string numbers_json(const std::vector<double>& values) {
  std::string out = "[";
  for (const double v : values) {
    if (out.size() > 1) out += ',';
    out += json_number(v, 6);
  }
  return out += ']';
}

std::string axis_json(const Axis& axis) {
  std::string categories;
  for (const std::string& c : axis.categories) {
    if (!categories.empty()) categories += ',';
    categories += json_string(c);
  }
  const std::string range = axis.low < axis.high ? fmt::format("[{},{}]", json_number(axis.low), json_number(axis.high)) : "null";
  return fmt::format(R"({{"title":{},"log":{},"range":{},"categories":[{}]}})", json_string(axis.title), axis.logarithmic, range,
                     categories);
}

const char* kind_name(Plot kind) {
  return kind == Plot::points      ? "points"
         : kind == Plot::bars      ? "bars"
         : kind == Plot::histogram ? "histogram"
         : kind == Plot::map       ? "map"
                                   : "line";
}

}  // namespace

std::vector<Figure> figures(const Part& part) {
  std::vector<Curves> curves;
  std::vector<Figure> others;
  std::vector<const PartResult*> models;  // after all data
  for (const PartResult& r : part.results) {
    if (is_curve(part, r) && !r.field.drawn_with.empty())
      models.push_back(&r);
    else if (is_curve(part, r))
      add_curve(part, r, curves);
    else if (r.shape == Shape::matrix && r.field.plot == Plot::map)
      others.push_back(map_figure(part, r));
    else if (is_category_table(r))
      others.push_back(table_bars(r));
    else if (r.shape == Shape::array && (r.field.per_atom || r.field.plot == Plot::histogram) && fills_a_histogram(r.values)) {
      Figure f = histogram(r.field.name, r.field.per_atom && !r.field.column.empty() ? r.field.column : r.label(), r.field.unit, r.values);
      f.caption = r.field.help + (r.field.help.empty() || f.caption.empty() ? "" : "; ") + f.caption;
      if (r.field.per_atom) f.y.title = "atoms";
      others.push_back(std::move(f));
    }
  }
  for (const PartResult* r : models)
    if (!add_to_data(part, *r, models, curves)) add_curve(part, *r, curves);
  std::vector<Figure> out;
  for (Curves& c : curves) {
    finish(part, c);
    if (!c.figure.series.empty()) out.push_back(std::move(c.figure));
  }
  for (Figure& f : others)
    if (!f.series.empty() || !f.pixels.empty()) out.push_back(std::move(f));
  return out;
}

std::string figure_json(const Figure& f) {
  std::string series;
  for (const Series& s : f.series) {
    if (!series.empty()) series += ',';
    series += fmt::format(R"({{"name":{},"kind":"{}","colour":{},"x":{},"y":{},"error":{}}})", json_string(s.name),
                          kind_name(kind_of(f, s)), json_string(s.colour), numbers_json(s.x), numbers_json(s.y), numbers_json(s.error));
  }
  return fmt::format(R"({{"name":{},"kind":"{}","width":{},"x":{},"y":{},"series":[{}]}})", json_string(f.name), kind_name(f.kind),
                     json_number(f.bar_width), axis_json(f.x), axis_json(f.y), series);
}

}  // namespace heteroglass::report
