#include "report/map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/escape.hpp"
#include "report/number.hpp"
#include "report/png.hpp"
#include "report/scene.hpp"
#include "report/svg.hpp"

namespace heteroglass::report {
namespace {

constexpr double width = 640, right = 108, top = 14, bottom = 48, bar_width = 16;
constexpr double least_height = 90, most_height = 520;
constexpr std::size_t most_pixels = 600;
constexpr std::size_t shades = 255;  // and one for masked pixels

/// Viridis at nine equal steps.
constexpr std::array<Colour, 9> stops = {{{68, 1, 84},
                                          {71, 44, 122},
                                          {59, 81, 139},
                                          {44, 113, 142},
                                          {33, 144, 141},
                                          {39, 173, 129},
                                          {92, 200, 99},
                                          {170, 220, 50},
                                          {253, 231, 37}}};

std::vector<Colour> colours() {
  std::vector<Colour> out;
  for (std::size_t i = 0; i < shades; ++i) {
    const double at = static_cast<double>(i) / (shades - 1) * (stops.size() - 1);
    const std::size_t k = std::min(stops.size() - 2, static_cast<std::size_t>(at));
    Colour c{};
    for (std::size_t j = 0; j < 3; ++j)
      c[j] = static_cast<std::uint8_t>(std::lround(stops[k][j] + (at - static_cast<double>(k)) * (stops[k + 1][j] - stops[k][j])));
    out.push_back(c);
  }
  out.push_back({255, 255, 255});
  return out;
}

std::string data_uri(const std::string& bytes) { return "data:image/png;base64," + base64(bytes.data(), bytes.size()); }

struct Span {
  double low = 0, high = 1;
  bool clipped = false;
};

Span colour_span(const std::vector<double>& values) {
  std::vector<double> v;
  std::copy_if(values.begin(), values.end(), std::back_inserter(v), [](double x) { return std::isfinite(x); });
  if (v.empty()) return {};
  std::sort(v.begin(), v.end());
  const double low = v[v.size() / 200], high = v[v.size() - 1 - v.size() / 200];
  if (high > low && v.back() - v.front() > 3 * (high - low)) return {low, high, true};
  return {v.front(), v.back() > v.front() ? v.back() : v.front() + 1, false};
}

/// Edges of the outer pixels around their centres.
void set_range(Axis& axis, const std::vector<double>& centres) {
  const double first = centres.front(), last = centres.back();
  const double half = centres.size() > 1 ? (last - first) / static_cast<double>(centres.size() - 1) / 2 : 0.5;
  axis.low = first - half, axis.high = last + half;
}

/// Means over blocks of finite pixels, so that no side is longer than the picture needs.
std::vector<double> coarse(const Figure& f, std::size_t step, std::size_t& columns, std::size_t& rows) {
  columns = (f.columns + step - 1) / step, rows = (f.rows + step - 1) / step;
  std::vector<double> sum(columns * rows), count(columns * rows);
  for (std::size_t i = 0; i < f.rows; ++i)
    for (std::size_t j = 0; j < f.columns; ++j) {
      const double v = f.pixels[i * f.columns + j];
      const std::size_t k = i / step * columns + j / step;
      if (std::isfinite(v)) sum[k] += v, ++count[k];
    }
  for (std::size_t k = 0; k < sum.size(); ++k) sum[k] = count[k] > 0 ? sum[k] / count[k] : std::nan("");
  return sum;
}

std::string picture(const Figure& f, const Span& span) {
  std::size_t columns = 0, rows = 0;
  const std::size_t step = (std::max(f.columns, f.rows) + most_pixels - 1) / most_pixels;
  std::vector<std::uint8_t> pixels;
  for (const double v : coarse(f, step, columns, rows)) {
    const double shade = std::clamp((v - span.low) / (span.high - span.low), 0.0, 1.0) * (shades - 1);
    pixels.push_back(std::isfinite(v) ? static_cast<std::uint8_t>(std::lround(shade)) : static_cast<std::uint8_t>(shades));
  }
  return data_uri(png(columns, rows, pixels, colours(), shades));
}

std::string image(double x, double y, double wide, double high, const std::string& data) {
  return fmt::format(
      "<image x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" preserveAspectRatio=\"none\" "
      "style=\"image-rendering:pixelated\" href=\"{}\"/>\n",
      x, y, wide, high, data);
}

std::string colour_bar(const Figure& f, const Span& span, double x, double y, double high) {
  std::vector<std::uint8_t> ramp(shades);
  for (std::size_t i = 0; i < shades; ++i) ramp[i] = static_cast<std::uint8_t>(shades - 1 - i);
  std::string out = image(x, y, bar_width, high, data_uri(png(1, shades, ramp, colours(), shades)));
  for (const double t : ticks(span.low, span.high, high > 200 ? 6 : 3))
    out += svg_text(x + bar_width + 5, y + high * (span.high - t) / (span.high - span.low) + 4, "start", human(t, 6));
  const double middle = y + high / 2;
  return out + svg_text(width - 8, middle, "middle", f.y_bar, fmt::format(" transform=\"rotate(-90 {} {:.1f})\"", width - 8, middle));
}

}  // namespace

Figure map_figure(const Part& part, const PartResult& r) {
  Figure f;
  const PartResult *x = part.find(r.field.against), *y = part.find(r.field.rows);
  f.name = r.field.name, f.results = {r.field.name}, f.caption = r.field.help, f.kind = Plot::map;
  if (!x || !y || x->values.size() != r.columns || y->values.size() != r.rows || r.values.empty()) return f;
  f.pixels = r.values, f.rows = r.rows, f.columns = r.columns;
  f.x.title = with_unit(x->label(), x->field.unit), f.y.title = with_unit(y->label(), y->field.unit);
  f.y_bar = with_unit(r.label(), r.field.unit);
  f.to_scale = x->field.unit == y->field.unit;
  set_range(f.x, x->values);
  set_range(f.y, y->values);
  const Span span = colour_span(f.pixels);
  if (span.clipped)
    f.caption += fmt::format("{}colours end at the 0.5 and 99.5 % quantiles, {} and {}", f.caption.empty() ? "" : "; ", human(span.low),
                             human(span.high));
  return f;
}

std::string draw_map(const Figure& f) {
  if (f.pixels.empty()) return {};
  const Span span = colour_span(f.pixels);
  double widest = 0;
  const auto y_ticks = ticks(std::min(f.y.low, f.y.high), std::max(f.y.low, f.y.high), 6);
  for (const double t : y_ticks) widest = std::max(widest, 7.0 * static_cast<double>(human(t, 6).size()));
  const double left = 34 + widest;
  double wide = width - right - left, high = 340;
  if (f.to_scale) {
    high = wide * std::abs((f.y.high - f.y.low) / (f.x.high - f.x.low));
    if (high > most_height) wide *= most_height / high, high = most_height;
    high = std::max(high, least_height);
  }
  const double height = top + high + bottom;
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {:.0f}\" role=\"img\" aria-label=\"{}\" font-family=\"sans-serif\" "
      "font-size=\"13\">\n<rect class=\"fig-paper\" width=\"{}\" height=\"{:.0f}\" fill=\"#ffffff\"/>\n",
      width, height, escape_html("map of " + f.y_bar), width, height);
  out += image(left, top, wide, high, picture(f, span));
  for (const double t : ticks(std::min(f.x.low, f.x.high), std::max(f.x.low, f.x.high), 7)) {
    const double at = left + wide * (t - f.x.low) / (f.x.high - f.x.low);
    out += svg_line(at, top + high, at, top + high + 4, "fig-line", "#222222") + svg_text(at, top + high + 18, "middle", human(t, 6));
  }
  for (const double t : y_ticks) {
    const double at = top + high * (t - f.y.low) / (f.y.high - f.y.low);
    out += svg_line(left - 4, at, left, at, "fig-line", "#222222") + svg_text(left - 7, at + 4, "end", human(t, 6));
  }
  out += svg_text(left + wide / 2, height - 8, "middle", f.x.title);
  out += svg_text(15, top + high / 2, "middle", f.y.title, fmt::format(" transform=\"rotate(-90 15 {:.1f})\"", top + high / 2));
  return out + colour_bar(f, span, left + wide + 12, top, high) + "</svg>\n";
}

}  // namespace heteroglass::report
