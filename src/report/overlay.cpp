#include "report/overlay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "report/svg.hpp"

namespace heteroglass::report {
namespace {

constexpr std::size_t most_runs = 12, most_apart = 6;

/// Colour i of n: the palette while it lasts, else a ramp from dark to light (viridis without its palest end).
std::string run_colour(std::size_t i, std::size_t n) {
  if (n <= 7) return std::string(palette(i));
  static constexpr std::array<std::array<double, 3>, 5> stops = {
      {{68, 1, 84}, {59, 82, 139}, {33, 145, 140}, {94, 201, 98}, {220, 190, 30}}};
  const double at = 4.0 * static_cast<double>(i) / static_cast<double>(n - 1);
  const std::size_t k = std::min<std::size_t>(3, static_cast<std::size_t>(at));
  const double t = at - static_cast<double>(k);
  std::string out = "#";
  for (std::size_t c = 0; c < 3; ++c)
    out += fmt::format("{:02x}", static_cast<int>(std::lround(stops[k][c] + t * (stops[k + 1][c] - stops[k][c]))));
  return out;
}

struct Shown {
  std::string label;
  Figure figure;
};

/// The figure `name` of every part that has it.
std::vector<Shown> figures_named(const std::vector<LabelledPart>& parts, const std::string& name) {
  std::vector<Shown> out;
  for (const LabelledPart& p : parts)
    for (Figure& f : figures(*p.part))
      if (f.name == name) out.push_back({p.label, std::move(f)});
  return out;
}

std::vector<Shown> evenly(std::vector<Shown> all, std::size_t most) {
  if (all.size() <= most) return all;
  std::vector<Shown> out;
  for (std::size_t i = 0; i < most; ++i) out.push_back(std::move(all[i * (all.size() - 1) / (most - 1)]));
  return out;
}

/// Length of the words that all names of a figure's curves begin with; legends are narrow.
std::size_t common_words(const std::vector<Series>& series) {
  std::string first = series.front().name;
  for (const Series& s : series)
    first.resize(static_cast<std::size_t>(std::mismatch(first.begin(), first.end(), s.name.begin(), s.name.end()).first - first.begin()));
  const std::size_t space = first.rfind(' ');
  return space == std::string::npos ? 0 : space + 1;
}

Figure joined(const std::vector<Shown>& shown, std::size_t runs, bool apart) {
  Figure f = shown.front().figure;
  f.series.clear();
  f.x.low = f.x.high = f.y.low = f.y.high = 0;
  if (apart && f.kind == Plot::bars) f.kind = Plot::line;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const Figure& own = shown[i].figure;
    f.x.logarithmic = f.x.logarithmic && own.x.logarithmic, f.y.logarithmic = f.y.logarithmic && own.y.logarithmic;
    const std::size_t kept = apart ? std::min(own.series.size(), std::max<std::size_t>(1, most_apart / shown.size())) : own.series.size();
    for (std::size_t k = 0; k < kept; ++k) {
      Series s = own.series[k];
      if (s.kind == Plot::none) s.kind = own.kind;
      if (apart && s.kind == Plot::bars) s.kind = Plot::line;
      const bool several = apart && own.series.size() > 1;
      s.colour = several ? std::string(palette(f.series.size())) : run_colour(i, shown.size());
      s.name = several ? shown[i].label + ": " + s.name.substr(common_words(own.series)) : k == 0 ? shown[i].label : "";
      f.series.push_back(std::move(s));
    }
  }
  if (!apart) f.caption += fmt::format("{}{} of {} runs", f.caption.empty() ? "" : "; ", shown.size(), runs);
  return f;
}

}  // namespace

std::vector<Figure> overlays(const std::vector<LabelledPart>& parts, bool apart) {
  std::vector<std::string> names;
  for (const LabelledPart& p : parts)
    for (const Figure& f : figures(*p.part)) {
      const bool drawn = f.kind == Plot::line || f.kind == Plot::points || (apart && f.kind == Plot::bars);
      const bool curves = drawn && f.x.categories.empty();
      if (curves && std::find(names.begin(), names.end(), f.name) == names.end()) names.push_back(f.name);
    }
  std::vector<Figure> out;
  for (const std::string& name : names) {
    const std::vector<Shown> all = figures_named(parts, name);
    if (all.size() > 1) out.push_back(joined(evenly(all, most_runs), all.size(), apart));
  }
  return out;
}

}  // namespace heteroglass::report
