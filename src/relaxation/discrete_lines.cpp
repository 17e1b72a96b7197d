#include "relaxation/discrete_lines.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "numeric/least_squares.hpp"
#include "numeric/nonnegative.hpp"

namespace heteroglass::relaxation {
namespace {

struct Line {
  double place = 0, strength = 0;  ///< place: ln tau or E
};

bool energies(std::span<const Measurement> data) { return data[0].channel == "deficit" || data[0].channel == "heat"; }

/// Weighted model of lines and extra columns.
class Model {
 public:
  Model(std::span<const Measurement> data, const ExtraColumns& extra, const Heating& heating, double scale)
      : data_(data), extra_(extra), heating_(heating), scale_(scale) {
    const std::vector<double> one = {1};
    problem_ = spectrum_problem(data, one, extra, heating, scale);
  }
  std::size_t rows() const { return problem_.b.size(); }
  const std::vector<double>& b() const { return problem_.b; }

  /// Column of a line of unit strength.
  std::vector<double> column(double place) const {
    const std::vector<double> one = {energies(data_) ? place : std::exp(place)};
    const numeric::LinearProblem p = spectrum_problem(data_, one, {false, false}, heating_, scale_);
    std::vector<double> c;
    for (std::size_t i = 0; i < p.a.rows; ++i) c.push_back(2 * p.a(i, 0));  // a grid of one point has a weight of one half
    return c;
  }
  double extra(std::size_t row, std::size_t which) const { return problem_.a(row, 1 + which); }
  std::size_t extras() const { return extra_.count(); }

 private:
  std::span<const Measurement> data_;
  ExtraColumns extra_;
  Heating heating_;
  double scale_;
  numeric::LinearProblem problem_;
};

/// Non-negative solution on the fine grid, neighbours joined.
std::vector<Line> first_lines(const Model& model, const std::vector<double>& places, std::vector<double>& extra) {
  Matrix a(model.rows(), places.size() + model.extras());
  for (std::size_t j = 0; j < places.size(); ++j) {
    const std::vector<double> c = model.column(places[j]);
    for (std::size_t i = 0; i < c.size(); ++i) a(i, j) = c[i];
  }
  for (std::size_t e = 0; e < model.extras(); ++e)
    for (std::size_t i = 0; i < a.rows; ++i) a(i, places.size() + e) = model.extra(i, e);
  const std::vector<double> x = numeric::nonnegative_least_squares(a, model.b());
  extra.assign(x.begin() + static_cast<std::ptrdiff_t>(places.size()), x.end());
  std::vector<Line> lines;
  std::size_t last = places.size();
  for (std::size_t j = 0; j < places.size(); ++j) {
    if (x[j] <= 0) continue;
    if (last + 1 == j && !lines.empty()) {
      Line& l = lines.back();
      const double sum = l.strength + x[j];
      l.place = (l.place * l.strength + places[j] * x[j]) / sum, l.strength = sum;
    } else {
      lines.push_back({places[j], x[j]});
    }
    last = j;
  }
  return lines;
}

numeric::LeastSquares refined(const Model& model, const std::vector<Line>& lines, const std::vector<double>& extra, double low,
                              double high) {
  std::vector<numeric::Parameter> p;
  const double inf = std::numeric_limits<double>::infinity();
  for (const Line& l : lines) {
    p.push_back({"place", std::clamp(l.place, low, high), low, high});
    p.push_back({"strength", l.strength, 0, inf});
  }
  for (std::size_t e = 0; e < model.extras(); ++e) p.push_back({"extra", extra[e], 0, inf});
  const auto residuals = [&](std::span<const double> q, std::span<double> r, double* jacobian) {
    const std::size_t width = p.size();
    for (std::size_t i = 0; i < r.size(); ++i) r[i] = -model.b()[i];
    for (std::size_t l = 0; l < lines.size(); ++l) {
      const std::vector<double> c = model.column(q[2 * l]), c_up = jacobian ? model.column(q[2 * l] + 1e-5) : c,
                                c_down = jacobian ? model.column(q[2 * l] - 1e-5) : c;
      for (std::size_t i = 0; i < r.size(); ++i) {
        r[i] += q[2 * l + 1] * c[i];
        if (!jacobian) continue;
        jacobian[i * width + 2 * l] = q[2 * l + 1] * (c_up[i] - c_down[i]) / 2e-5;
        jacobian[i * width + 2 * l + 1] = c[i];
      }
    }
    for (std::size_t e = 0; e < model.extras(); ++e)
      for (std::size_t i = 0; i < r.size(); ++i) {
        const double x = model.extra(i, e);
        r[i] += q[2 * lines.size() + e] * x;
        if (jacobian) jacobian[i * width + 2 * lines.size() + e] = x;
      }
  };
  numeric::LeastSquaresSettings settings;
  settings.analytic = true, settings.max_iterations = 100;
  return numeric::least_squares(p, model.rows(), residuals, settings);
}

}  // namespace

DiscreteLines discrete_lines(std::span<const Measurement> data, std::span<const double> grid, const ExtraColumns& extra,
                             const Heating& heating, double scale) {
  const Model model(data, extra, heating, scale);
  const bool energy = energies(data);
  std::vector<double> places;
  for (std::size_t j = 0; j < grid.size(); ++j) {
    const double place = energy ? grid[j] : std::log(grid[j]);
    if (j > 0) places.push_back((places.back() + place) / 2);
    places.push_back(place);
  }
  std::vector<double> start;
  std::vector<Line> lines = first_lines(model, places, start);
  const auto n = static_cast<double>(model.rows());
  // More lines than half the data cannot be told apart.
  while (2 * lines.size() + model.extras() + 2 > model.rows() / 2 && lines.size() > 1)
    lines.erase(std::min_element(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.strength < b.strength; }));
  const auto updated = [&](const numeric::LeastSquares& f, std::size_t count) {
    std::vector<Line> out;
    for (std::size_t l = 0; l < count; ++l) out.push_back({f.value[2 * l], f.value[2 * l + 1]});
    return out;
  };
  const auto criterion = [&](const numeric::LeastSquares& f, std::size_t count) {
    return n * std::log(std::max(f.chi2, 1e-300) / n) + static_cast<double>(2 * count) * std::log(n);
  };
  numeric::LeastSquares fit = refined(model, lines, start, places.front(), places.back());
  lines = updated(fit, lines.size());
  while (lines.size() > 1) {
    std::vector<Line> fewer = lines;
    // The line that adds least: the weakest, or one of the closest pair.
    std::size_t out = 0;
    for (std::size_t l = 1; l < fewer.size(); ++l)
      if (fewer[l].strength < fewer[out].strength) out = l;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(out));
    const numeric::LeastSquares simpler = refined(model, fewer, start, places.front(), places.back());
    if (criterion(simpler, fewer.size()) > criterion(fit, lines.size())) break;
    fit = simpler, lines = updated(fit, fewer.size());
  }
  DiscreteLines out;
  std::vector<std::size_t> order(lines.size());
  for (std::size_t l = 0; l < order.size(); ++l) order[l] = l;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return lines[a].place < lines[b].place; });
  out.fit.assign(model.rows(), 0);
  for (std::size_t l : order) {
    out.tau.push_back(energy ? lines[l].place : std::exp(lines[l].place));
    out.tau_error.push_back(energy ? fit.error[2 * l] : out.tau.back() * fit.error[2 * l]);
    out.strength.push_back(lines[l].strength * scale), out.strength_error.push_back(fit.error[2 * l + 1] * scale);
    const std::vector<double> c = model.column(lines[l].place);
    for (std::size_t i = 0; i < c.size(); ++i) out.fit[i] += lines[l].strength * c[i];
  }
  for (std::size_t e = 0; e < model.extras(); ++e) {
    const std::size_t k = 2 * lines.size() + e;
    out.extra.push_back(fit.value[k]), out.extra_error.push_back(fit.error[k]);
    for (std::size_t i = 0; i < out.fit.size(); ++i) out.fit[i] += fit.value[k] * model.extra(i, e);
  }
  out.noise = std::sqrt(fit.chi2 / std::max(n - static_cast<double>(2 * lines.size()), 1.0));
  return out;
}

}  // namespace heteroglass::relaxation
