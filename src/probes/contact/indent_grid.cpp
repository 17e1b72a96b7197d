#include "probes/contact/indent_grid.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/error.hpp"

namespace heteroglass::probes {
namespace {

/// Equidistant values that a coordinate takes, with gaps that are a small part of a step.
struct Axis {
  double first = 0, step = 0;
  std::size_t count = 0;
};

std::optional<Axis> axis_of(std::span<const double> v) {
  std::vector<double> sorted(v.begin(), v.end());
  std::sort(sorted.begin(), sorted.end());
  const double range = sorted.back() - sorted.front();
  if (!(range > 0)) return Axis{sorted.front(), 0, 1};
  // values closer than a third of the mean distance of the levels are one level
  std::vector<double> level = {sorted.front()};
  const double near = range / std::sqrt(static_cast<double>(v.size())) / 3;
  for (const double x : sorted)
    if (x - level.back() > near) level.push_back(x);
  Axis a{sorted.front(), range / static_cast<double>(level.size() - 1), level.size()};
  for (const double x : sorted) {
    const double k = (x - a.first) / a.step;
    if (std::abs(k - std::round(k)) > 0.25) return std::nullopt;
  }
  return a;
}

std::vector<double> positions(std::size_t n, double spacing) {
  std::vector<double> out;
  for (std::size_t i = 0; i < n; ++i) out.push_back(static_cast<double>(i) * (spacing > 0 ? spacing : 1));
  return out;
}

}  // namespace

Matrix IndentGrid::map(std::span<const double> values) const {
  Matrix m(rows, columns, NAN);
  for (std::size_t i = 0; i < values.size(); ++i) m.values[place[i]] = values[i];
  return m;
}

std::vector<double> IndentGrid::x() const { return positions(columns, spacing_x); }
std::vector<double> IndentGrid::y() const { return positions(rows, spacing_y); }

GridSize grid_size(const std::string& text) {
  GridSize g;
  const std::size_t cross = text.find_first_of("xX*");
  const auto part = [&](std::size_t from, std::size_t to, std::size_t& n) {
    const auto [end, status] = std::from_chars(text.data() + from, text.data() + to, n);
    return status == std::errc() && end == text.data() + to && n > 0;
  };
  if (cross == std::string::npos || !part(0, cross, g.columns) || !part(cross + 1, text.size(), g.rows))
    throw InputError(fmt::format("--grid: must be COLUMNSxROWS, e.g. 11x11, got '{}'", text));
  return g;
}

IndentGrid grid_in_order(GridSize size, const std::string& order, std::span<const double> numbers, double spacing) {
  IndentGrid g{size.columns, size.rows, spacing, spacing, {}, order};
  const std::size_t n = size.columns * size.rows;
  const double largest = numbers.empty() ? 0 : *std::max_element(numbers.begin(), numbers.end());
  if (numbers.empty() || numbers.size() > n || largest > static_cast<double>(n) ||
      (largest == static_cast<double>(numbers.size()) && numbers.size() != n))
    throw InputError(fmt::format("--grid: {} x {} must have {} indents, got {}", size.columns, size.rows, n, numbers.size()));
  for (const double number : numbers) {
    const auto i = static_cast<std::size_t>(number) - 1;
    std::size_t row = i / size.columns, column = i % size.columns;
    if (order == "columns") column = i / size.rows, row = i % size.rows;
    if (order == "serpentine" && row % 2 == 1) column = size.columns - 1 - column;
    g.place.push_back(row * size.columns + column);
  }
  return g;
}

std::optional<IndentGrid> grid_of_positions(std::span<const double> x, std::span<const double> y) {
  if (x.size() < 4 || x.size() != y.size()) return std::nullopt;
  const auto ax = axis_of(x), ay = axis_of(y);
  if (!ax || !ay || ax->count * ay->count > 2 * x.size() || ax->count * ay->count < x.size()) return std::nullopt;
  IndentGrid g{ax->count, ay->count, ax->step, ay->step, {}, "positions"};
  std::vector<bool> taken(ax->count * ay->count, false);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto column = static_cast<std::size_t>(ax->step > 0 ? std::lround((x[i] - ax->first) / ax->step) : 0);
    const auto row = static_cast<std::size_t>(ay->step > 0 ? std::lround((y[i] - ay->first) / ay->step) : 0);
    const std::size_t place = row * g.columns + column;
    if (taken[place]) return std::nullopt;
    taken[place] = true;
    g.place.push_back(place);
  }
  return g;
}

}  // namespace heteroglass::probes
