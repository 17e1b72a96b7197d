#include "report/svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "report/escape.hpp"
#include "report/map.hpp"
#include "report/number.hpp"

namespace heteroglass::report {
namespace {

constexpr double width = 640, height = 400, right = 16, top = 14;
constexpr std::size_t longest_category = 26;  // letters
constexpr const char* ink = "#222222";
constexpr const char* faint = "#dddddd";

/// A data axis mapped to pixels.
struct Scale {
  double low = 0, high = 1, from = 0, to = 1;
  bool logarithmic = false;

  double map(double v) const { return logarithmic ? std::log10(v) : v; }
  double operator()(double v) const { return from + (map(v) - low) / (high - low) * (to - from); }
  bool shows(double v) const { return std::isfinite(v) && (!logarithmic || v > 0); }
};

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
  void add(double v) {
    if (std::isfinite(v)) low = std::min(low, v), high = std::max(high, v);
  }
};

void pad(Range& r, double share) {
  if (!(r.low <= r.high)) r.low = 0, r.high = 1;
  const double span = r.high - r.low;
  const double by = span > 0 ? share * span : std::max(1e-12, 0.1 * std::abs(r.high));
  r.low -= by, r.high += by;
}

bool bars(const Figure& f) { return f.kind == Plot::bars || f.kind == Plot::histogram; }

Scale x_scale(const Figure& f, double left) {
  Scale s{0, 1, left, width - right, f.x.logarithmic};
  Range r;
  for (const Series& c : f.series)
    for (const double v : c.x)
      if (s.shows(v)) r.add(s.map(v));
  if (!f.x.categories.empty())
    r.low = -0.5, r.high = static_cast<double>(f.x.categories.size()) - 0.5;
  else if (f.kind == Plot::histogram)
    r.low -= f.bar_width / 2, r.high += f.bar_width / 2;
  else
    pad(r, f.kind == Plot::line ? 0 : 0.04);
  s.low = r.low, s.high = r.high > r.low ? r.high : r.low + 1;
  return s;
}

Scale y_scale(const Figure& f, double bottom) {
  Scale s{0, 1, height - bottom, top, f.y.logarithmic};
  if (f.y.low < f.y.high && !f.y.logarithmic) return {f.y.low, f.y.high, s.from, s.to, false};
  Range r;
  for (const Series& c : f.series) {
    for (std::size_t i = 0; i < c.y.size(); ++i) {
      if (!s.shows(c.y[i])) continue;
      r.add(s.map(c.y[i]));
      const double e = i < c.error.size() && std::isfinite(c.error[i]) ? c.error[i] : 0;
      const double low =
          s.logarithmic ? std::max(c.y[i] - e, 0.3 * c.y[i]) : c.y[i] - e;  // an error as large as the value has no end there
      if (s.shows(low)) r.add(s.map(low));
      r.add(s.map(c.y[i] + e));
    }
  }
  if (bars(f) && !f.y.logarithmic) r.add(0);
  const bool from_zero = bars(f) && !f.y.logarithmic && r.low == 0;
  pad(r, 0.06);
  if (from_zero) r.low = 0;
  s.low = r.low, s.high = r.high;
  return s;
}

struct Tick {
  double at;
  std::string label;
};

std::vector<Tick> axis_ticks(const Scale& s, int wanted) {
  std::vector<Tick> out;
  if (s.logarithmic && s.high - s.low > 1) {
    const int step = std::max(1, static_cast<int>((s.high - s.low) / wanted));
    for (int n = static_cast<int>(std::ceil(s.low)); n <= static_cast<int>(std::floor(s.high)); n += step)
      out.push_back({std::pow(10.0, n), "10" + superscript(n)});
    return out;
  }
  const double low = s.logarithmic ? std::pow(10, s.low) : s.low, high = s.logarithmic ? std::pow(10, s.high) : s.high;
  for (const double t : ticks(low, high, wanted)) out.push_back({t, human(t, 6)});
  return out;
}

/// A rough width of text in a 13-pixel sans-serif face.
double text_width(std::string_view words) {
  const auto letters = std::count_if(words.begin(), words.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  return 7.0 * static_cast<double>(letters);
}

std::string shortened(const std::string& words, std::size_t most) {
  std::string out;
  std::size_t letters = 0;
  for (const char c : words) {
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80 && ++letters > most) return out + "…";
    out += c;
  }
  return out;
}

std::string x_axis(const Figure& f, const Scale& x, const Scale& y) {
  std::string out;
  if (f.x.categories.empty()) {
    for (const Tick& t : axis_ticks(x, 7)) {
      out += svg_line(x(t.at), y.from, x(t.at), y.to, "fig-grid", faint);
      out += svg_text(x(t.at), y.from + 18, "middle", t.label);
    }
    return out + svg_text((x.from + x.to) / 2, height - 8, "middle", f.x.title);
  }
  for (std::size_t i = 0; i < f.x.categories.size(); ++i) {
    const double at = x(static_cast<double>(i));
    const std::string turn = fmt::format(" transform=\"rotate(-60 {:.1f} {:.1f})\"", at + 4, y.from + 14);
    out += svg_text(at + 4, y.from + 14, "end", shortened(f.x.categories[i], longest_category), turn);
  }
  return f.x.title.empty() ? out : out + svg_text((x.from + x.to) / 2, height - 8, "middle", f.x.title);
}

std::string y_axis(const Figure& f, const Scale& x, const Scale& y) {
  std::string out;
  for (const Tick& t : axis_ticks(y, 6)) {
    out += svg_line(x.from, y(t.at), x.to, y(t.at), "fig-grid", faint);
    out += svg_text(x.from - 6, y(t.at) + 4, "end", t.label);
  }
  const double middle = (y.from + y.to) / 2;
  return out + svg_text(15, middle, "middle", f.y.title, fmt::format(" transform=\"rotate(-90 15 {:.1f})\"", middle));
}

/// Runs of finite points; long curves are thinned to the lowest and highest point of each pixel column.
std::vector<std::size_t> kept_points(const Series& s) {
  std::vector<std::size_t> out;
  const std::size_t n = s.y.size(), most = 1200;
  const std::size_t step = n <= most ? 1 : (2 * n + most - 1) / most;
  for (std::size_t i = 0; i < n; i += step) {
    if (step == 1) {
      out.push_back(i);
      continue;
    }
    const auto begin = s.y.begin() + static_cast<std::ptrdiff_t>(i), end = s.y.begin() + static_cast<std::ptrdiff_t>(std::min(n, i + step));
    const auto low = static_cast<std::size_t>(std::min_element(begin, end) - s.y.begin());
    const auto high = static_cast<std::size_t>(std::max_element(begin, end) - s.y.begin());
    out.push_back(std::min(low, high));
    if (low != high) out.push_back(std::max(low, high));
  }
  return out;
}

double error_at(const Series& s, std::size_t i) { return i < s.error.size() && std::isfinite(s.error[i]) ? s.error[i] : 0; }

std::string error_band(const Series& s, const std::vector<std::size_t>& points, const Scale& x, const Scale& y, std::string_view colour) {
  std::string forth, back;
  for (const std::size_t i : points) {
    if (!x.shows(s.x[i]) || !y.shows(s.y[i])) continue;
    const double low = s.y[i] - error_at(s, i), floor = y.shows(low) ? y(low) : y.from;
    forth += fmt::format("{:.1f},{:.1f} ", x(s.x[i]), y(s.y[i] + error_at(s, i)));
    back.insert(0, fmt::format("{:.1f},{:.1f} ", x(s.x[i]), floor));
  }
  return fmt::format("<polygon points=\"{}{}\" fill=\"{}\" fill-opacity=\"0.2\"/>\n", forth, back, colour);
}

std::string curve(const Series& s, const Scale& x, const Scale& y, std::string_view colour) {
  const std::vector<std::size_t> points = kept_points(s);
  std::string out = s.error.empty() ? "" : error_band(s, points, x, y, colour);
  std::string path;
  bool pen_up = true;
  for (const std::size_t i : points) {
    const bool shown = x.shows(s.x[i]) && y.shows(s.y[i]);
    if (shown) path += fmt::format("{}{:.1f} {:.1f}", pen_up ? "M" : "L", x(s.x[i]), y(s.y[i]));
    pen_up = !shown;
  }
  return out + fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.8\" stroke-linejoin=\"round\"/>\n", path, colour);
}

std::string error_bar(const Series& s, std::size_t i, double at, const Scale& y, std::string_view style, std::string_view colour) {
  if (!(error_at(s, i) > 0)) return {};
  const double low = s.y[i] - error_at(s, i);
  return svg_line(at, y.shows(low) ? y(low) : y.from, at, y(s.y[i] + error_at(s, i)), style, colour, 1.2);
}

/// Data stand back where a line is drawn over them.
bool has_model(const Figure& f) {
  return std::any_of(f.series.begin(), f.series.end(), [](const Series& s) { return s.kind == Plot::line; }) && f.kind == Plot::points;
}

std::string dots(const Series& s, const Scale& x, const Scale& y, std::string_view colour, bool faded) {
  std::string out;
  const double radius = s.y.size() > 60 ? 2 : 3;
  for (const std::size_t i : kept_points(s)) {
    if (!x.shows(s.x[i]) || !y.shows(s.y[i])) continue;
    out += error_bar(s, i, x(s.x[i]), y, "fig-error", colour);
    out += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\" fill=\"{}\"{}/>\n", x(s.x[i]), y(s.y[i]), radius, colour,
                       faded && s.y.size() > 30 ? " fill-opacity=\"0.45\"" : "");
  }
  return out;
}

/// Width of one bar in data units: histogram bins touch, bars of several series stand side by side.
double bar_width(const Figure& f) {
  if (f.kind == Plot::histogram) return f.bar_width;
  double gap = 1;
  if (f.x.categories.empty()) {
    gap = std::numeric_limits<double>::infinity();
    for (std::size_t i = 1; i < f.series.front().x.size(); ++i)
      gap = std::min(gap, std::abs(f.series.front().x[i] - f.series.front().x[i - 1]));
    if (!std::isfinite(gap) || gap <= 0) gap = 1;
  }
  return 0.8 * gap / static_cast<double>(f.series.size());
}

std::string columns(const Figure& f, std::size_t k, const Scale& x, const Scale& y, std::string_view colour) {
  const Series& s = f.series[k];
  const double wide = bar_width(f),
               shift = f.kind == Plot::histogram ? 0 : (static_cast<double>(k) - 0.5 * static_cast<double>(f.series.size() - 1)) * wide;
  const double zero = y.logarithmic ? y.from : y(std::max(0.0, y.low));
  std::string out;
  for (std::size_t i = 0; i < s.y.size(); ++i) {
    if (!x.shows(s.x[i]) || !y.shows(s.y[i])) continue;
    const double a = x(s.x[i] + shift - wide / 2), b = x(s.x[i] + shift + wide / 2), c = y(s.y[i]);
    out += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.2f}\" height=\"{:.1f}\" fill=\"{}\" fill-opacity=\"0.85\"/>\n", a,
                       std::min(c, zero), std::max(0.5, b - a - 0.5), std::abs(zero - c), colour);
    out += error_bar(s, i, (a + b) / 2, y, "fig-line", ink);
  }
  return out;
}

std::string_view colour_of(const Figure& f, std::size_t i) {
  return f.series[i].colour.empty() ? palette(i) : std::string_view(f.series[i].colour);
}

struct Corner {
  double x, y;
};

/// The corner where a box of this size hides the fewest points; the right top one among equals.
Corner free_corner(const Figure& f, const Scale& x, const Scale& y, double wide, double high) {
  const double right_side = x.to - wide - 6, left_side = x.from + 8, bottom_side = y.from - high - 6;
  const std::array<Corner, 4> corners = {
      {{right_side, top + 4}, {left_side, top + 4}, {right_side, bottom_side}, {left_side, bottom_side}}};
  std::array<std::size_t, 4> hidden{};
  for (const Series& s : f.series)
    for (std::size_t i = 0; i < std::min(s.x.size(), s.y.size()); ++i) {
      if (!x.shows(s.x[i]) || !y.shows(s.y[i])) continue;
      const double px = x(s.x[i]), py = y(s.y[i]);
      for (std::size_t k = 0; k < corners.size(); ++k)
        hidden[k] += px > corners[k].x - 4 && px < corners[k].x + wide + 4 && py > corners[k].y - 4 && py < corners[k].y + high + 4;
    }
  return corners[static_cast<std::size_t>(std::min_element(hidden.begin(), hidden.end()) - hidden.begin())];
}

std::string legend(const Figure& f, const Scale& x_scale, const Scale& y_scale) {
  const auto rows = std::count_if(f.series.begin(), f.series.end(), [](const Series& s) { return !s.name.empty(); });
  if (rows == 0) return {};
  double wide = 0;
  for (const Series& s : f.series) wide = std::max(wide, text_width(shortened(s.name, 24)));
  const double h = 18.0 * static_cast<double>(rows) + 8;
  const Corner at = bars(f) ? Corner{width - right - wide - 40, top + 4} : free_corner(f, x_scale, y_scale, wide + 34, h);
  std::string out = fmt::format(
      "<rect class=\"fig-box\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{}\" fill=\"#ffffff\" fill-opacity=\"0.8\"/>\n", at.x,
      at.y, wide + 34, h);
  double y = at.y - 2;
  for (std::size_t i = 0; i < f.series.size(); ++i) {
    if (f.series[i].name.empty()) continue;
    y += 18;
    if (kind_of(f, f.series[i]) == Plot::points)
      out += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3.5\" fill=\"{}\"/>\n", at.x + 14, y - 4, colour_of(f, i));
    else
      out += svg_line(at.x + 6, y - 4, at.x + 22, y - 4, "fig-mark", colour_of(f, i), 3);
    out += svg_text(at.x + 28, y, "start", shortened(f.series[i].name, 24));
  }
  return out;
}

/// Room for the title and the labels; those of categories stand at 60 degrees.
double bottom_margin(const Figure& f) {
  double widest = 0;
  for (const std::string& c : f.x.categories) widest = std::max(widest, text_width(shortened(c, longest_category)));
  return f.x.categories.empty() ? 48 : 24 + 0.87 * widest + (f.x.title.empty() ? 0 : 18);
}

}  // namespace

std::string svg_text(double x, double y, std::string_view anchor, std::string_view words, std::string_view extra) {
  return fmt::format("<text class=\"fig-ink\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" fill=\"{}\"{}>{}</text>\n", x, y, anchor, ink,
                     extra, escape_html(words));
}

std::string svg_line(double x1, double y1, double x2, double y2, std::string_view style, std::string_view colour, double wide) {
  return fmt::format("<line class=\"{}\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\" stroke-width=\"{}\"/>\n",
                     style, x1, y1, x2, y2, colour, wide);
}

std::string_view palette(std::size_t i) {
  static constexpr std::array<std::string_view, 7> colours = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f"};
  return colours[i % colours.size()];
}

std::vector<double> ticks(double low, double high, int wanted) {
  std::vector<double> out;
  if (!(high > low) || wanted < 1) return out;
  const double raw = (high - low) / wanted, power = std::pow(10.0, std::floor(std::log10(raw)));
  const double step = (raw / power < 1.5 ? 1 : raw / power < 3.5 ? 2 : raw / power < 7.5 ? 5 : 10) * power;
  for (double k = std::ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; ++k) out.push_back(k == 0 ? 0.0 : k * step);
  return out;
}

std::string draw_svg(const Figure& f) {
  if (f.kind == Plot::map) return draw_map(f);
  if (f.series.empty()) return {};
  const double bottom = bottom_margin(f);
  const Scale y = y_scale(f, bottom);
  double widest = 0;
  for (const Tick& t : axis_ticks(y, 6)) widest = std::max(widest, text_width(t.label));
  const Scale x = x_scale(f, std::max(34 + widest, bottom > 120 ? 84.0 : 0.0));
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\" font-family=\"sans-serif\" "
      "font-size=\"13\">\n",
      width, height, escape_html(f.y.title + " against " + f.x.title));
  out += fmt::format("<rect class=\"fig-paper\" width=\"{}\" height=\"{}\" fill=\"#ffffff\"/>\n", width, height);
  out += x_axis(f, x, y) + y_axis(f, x, y);
  out += fmt::format("<svg x=\"{0:.1f}\" y=\"{1:.1f}\" width=\"{2:.1f}\" height=\"{3:.1f}\" viewBox=\"{0:.1f} {1:.1f} {2:.1f} {3:.1f}\">\n",
                     x.from, y.to - 4, x.to - x.from, y.from - y.to + 8);
  for (std::size_t i = 0; i < f.series.size(); ++i) {
    const std::string_view colour = colour_of(f, i);
    out += bars(f)                                   ? columns(f, i, x, y, colour)
           : kind_of(f, f.series[i]) == Plot::points ? dots(f.series[i], x, y, colour, has_model(f))
                                                     : curve(f.series[i], x, y, colour);
  }
  out += "</svg>\n";
  if (!f.y.logarithmic && y.low < 0 && y.high > 0) out += svg_line(x.from, y(0), x.to, y(0), "fig-line", ink, 0.6);
  out += svg_line(x.from, y.from, x.to, y.from, "fig-line", ink) + svg_line(x.from, y.from, x.from, y.to, "fig-line", ink);
  return out + legend(f, x, y) + "</svg>\n";
}

}  // namespace heteroglass::report
