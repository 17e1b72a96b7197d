#include "relaxation/fit_tables.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "relaxation/loss_peak.hpp"
#include "relaxation/peak_class.hpp"

namespace heteroglass::relaxation {
namespace {

bool is_log(const Fitted& f, std::size_t i) { return f.model.parameters()[i].kind == SumModel::Kind::log_time; }

/// Place, size and class of a component's loss peak over ln w, or over T at one frequency.
struct Row {
  double place = NAN, height = NAN, width = NAN, skewness = NAN;
  std::string kind = "background";
};

Row over_frequency(const Fitted& f, std::size_t j, double low, double high) {
  Row row;
  const std::vector<double>& p = f.fit.least_squares.value;
  if (!is_bounded(f.model.components()[j].shape)) return row;
  const Process process = f.model.process(j, p);
  const double at = *process.loss_peak() - f.model.log_time(j, f.temperature, p);
  const auto own = loss_peak([&](double l) { return f.model.component_loss(j, std::exp(l), f.temperature, p); }, at - 40, at + 40);
  if (!own) return row;
  row.place = std::exp(own->log_omega), row.height = own->height, row.width = own->width, row.skewness = own->skewness;
  const auto total = [&](double l) {
    double sum = 0;
    for (std::size_t k = 0; k < f.model.components().size(); ++k) sum += f.model.component_loss(k, std::exp(l), f.temperature, p);
    return sum;
  };
  row.kind = peak_class(total, own->log_omega, low - 2, high + 2, std::numbers::ln10 / 2, 0.02);
  return row;
}

Row over_temperature(const Fitted& f, std::size_t j, double omega, double cold, double hot) {
  Row row;
  const std::vector<double>& p = f.fit.least_squares.value;
  if (!is_bounded(f.model.components()[j].shape)) return row;
  const auto own_loss = [&](double log_t) { return f.model.component_loss(j, omega, std::exp(log_t), p); };
  const auto own = loss_peak(own_loss, std::log(cold) - 1, std::log(hot) + 1);
  if (!own) return row;
  row.place = std::exp(own->log_omega), row.height = own->height;
  row.width = NAN, row.skewness = own->skewness;
  double left = own->log_omega, right = left;  // the full width in K
  while (own_loss(left) > own->height / 2 && left > own->log_omega - 1) left -= 5e-4;
  while (own_loss(right) > own->height / 2 && right < own->log_omega + 1) right += 5e-4;
  row.width = std::exp(right) - std::exp(left);
  const auto total = [&](double log_t) {
    double sum = 0;
    for (std::size_t k = 0; k < f.model.components().size(); ++k) sum += f.model.component_loss(k, omega, std::exp(log_t), p);
    return sum;
  };
  row.kind = peak_class(total, own->log_omega, std::log(cold), std::log(hot), 0.03, 0.002);
  return row;
}

}  // namespace

Measured shown(const Fitted& f, std::size_t i) {
  const double value = f.fit.least_squares.value[i], error = f.fit.least_squares.error[i];
  const bool bound = f.fit.least_squares.at_bound[i], fixed = f.model.parameters()[i].fixed;
  Measured m{is_log(f, i) ? std::exp(value) : value, is_log(f, i) ? std::exp(value) * error : error, fixed ? "held fixed" : "covariance"};
  if (bound)
    m.error = NAN, m.note = "on its bound";
  else if (!std::isfinite(error))
    m.error = NAN, m.note = "not determined by these data";
  return m;
}

std::array<double, 2> shown_interval(const Fitted& f, std::size_t i) {
  const numeric::LeastSquares& s = f.fit.least_squares;
  const double a = s.interval.empty() ? s.value[i] - 1.96 * s.error[i] : s.interval[i][0];
  const double b = s.interval.empty() ? s.value[i] + 1.96 * s.error[i] : s.interval[i][1];
  if (is_log(f, i)) return {std::exp(a), std::exp(b)};
  return {a, b};
}

Measured derived(const Fitted& f, const std::function<double(std::span<const double>)>& g, const std::string& note) {
  const numeric::LeastSquares& s = f.fit.least_squares;
  std::vector<double> slope(s.value.size(), 0);
  for (std::size_t i = 0; i < slope.size(); ++i) {
    const double error = std::sqrt(s.covariance(i, i));
    if (!(error > 0) || !std::isfinite(error)) continue;
    std::vector<double> up = s.value, down = s.value;
    up[i] += 1e-3 * error, down[i] -= 1e-3 * error;
    slope[i] = (g(up) - g(down)) / (2e-3 * error);
  }
  double variance = 0;
  for (std::size_t i = 0; i < slope.size(); ++i)
    for (std::size_t k = 0; k < slope.size(); ++k)
      if (slope[i] != 0 && slope[k] != 0) variance += slope[i] * slope[k] * s.covariance(i, k);
  return {g(s.value), std::sqrt(std::max(variance, 0.0)), note};
}

Table parameter_table(const std::vector<Fitted>& all, const std::string& interval) {
  Table out;
  TableColumn curve = out.add_text("curve", "which curve"), name = out.add_text("parameter", "component and name"),
              unit = out.add_text("unit"), state = out.add_text("state", "free, fixed, or at its bound");
  TableColumn value = out.add_number("value", "1"), error = out.add_number("value_error", "1", "standard error by covariance"),
              low = out.add_number("low", "1", "95 % by " + interval), high = out.add_number("high", "1", "95 % by " + interval);
  for (const Fitted& f : all)
    for (std::size_t i = 0; i < f.model.parameters().size(); ++i) {
      const SumModel::Entry& e = f.model.parameters()[i];
      const numeric::LeastSquares& s = f.fit.least_squares;
      const Measured m = shown(f, i);
      curve.text.push_back(f.curve), name.text.push_back(e.name), unit.text.push_back(e.unit);
      state.text.push_back(e.fixed ? "fixed" : s.at_bound[i] ? "at bound" : "free");
      value.number.push_back(m.value), error.number.push_back(m.error);
      const auto [a, b] = shown_interval(f, i);
      low.number.push_back(a), high.number.push_back(b);
    }
  out.columns = {curve, name, unit, value, error, low, high, state};
  return out;
}

Table component_table(const std::vector<Fitted>& all, std::span<const ScanPoint> points, std::optional<double> glass_transition) {
  const bool thermal = all.front().model.thermal();
  double low = INFINITY, high = 0, cold = INFINITY, hot = 0;
  for (const ScanPoint& p : points)
    low = std::min(low, p.omega), high = std::max(high, p.omega), cold = std::min(cold, p.temperature), hot = std::max(hot, p.temperature);
  Table out;
  TableColumn curve = out.add_text("curve", "which curve"), label = out.add_text("component"),
              kind = out.add_text("kind", "resolved peak, shoulder, excess wing or background"),
              name = out.add_text("name", "alpha, slow beta or fast beta', when Tg is given");
  TableColumn place = thermal ? out.add_number("peak_temperature", "K", "at the lowest frequency") : out.add_number("peak_omega", "rad/s"),
              height = out.add_number("peak_height", all.front().model.compliance() ? "1/GPa" : "GPa"),
              width = thermal ? out.add_number("peak_width", "K", "full width at half height")
                              : out.add_number("peak_width", "1", "full width at half height in decades"),
              skew = out.add_number("peak_skewness", "1", "high side over low side"),
              mean = out.add_number("mean_tau", "s", "infinite: the tail is too slow");
  for (const Fitted& f : all)
    for (std::size_t j = 0; j < f.model.components().size(); ++j) {
      const Row row = thermal ? over_temperature(f, j, low, cold, hot) : over_frequency(f, j, std::log(low), std::log(high));
      curve.text.push_back(f.curve), label.text.push_back(f.model.components()[j].label), kind.text.push_back(row.kind);
      const double t = thermal ? row.place : f.temperature;
      name.text.push_back(glass_transition && std::isfinite(t) && std::isfinite(row.place) ? peak_name(t / *glass_transition) : "");
      place.number.push_back(row.place), height.number.push_back(row.height), width.number.push_back(row.width),
          skew.number.push_back(row.skewness);
      const std::vector<double>& p = f.fit.least_squares.value;
      mean.number.push_back(is_bounded(f.model.components()[j].shape)
                                ? f.model.process(j, p).mean_time() * std::exp(f.model.log_time(j, thermal ? hot : f.temperature, p))
                                : NAN);
    }
  out.columns = {curve, label, kind, name, place, height, width, skew};
  if (!thermal) out.columns.push_back(mean);
  return out;
}

Table isotherm_table(const std::vector<Fitted>& all) {
  Table out;
  TableColumn curve = out.add_text("curve");
  TableColumn temperature = out.add_number("temperature", "K"), aicc = out.add_number("aicc", "1"),
              converged = out.add_number("converged", "1", "1: yes");
  std::vector<TableColumn> values;
  const std::vector<std::pair<std::string, std::string>> wanted = {
      {"tau", "relaxation_time"}, {"strength", "strength"}, {"alpha", "alpha"}, {"beta", "beta"}, {"gamma", "gamma"}};
  for (const auto& [name, title] : wanted) {
    const auto& entries = all.front().model.parameters();
    const auto at =
        std::find_if(entries.begin(), entries.end(), [&, n = name](const SumModel::Entry& e) { return e.name.ends_with("." + n); });
    if (at == entries.end()) continue;
    const auto k = static_cast<std::size_t>(at - entries.begin());
    TableColumn value{title, at->unit, at->name, false, {}, {}}, error{title + "_error", at->unit, "", false, {}, {}};
    for (const Fitted& f : all) {
      const Measured m = shown(f, k);
      value.number.push_back(m.value), error.number.push_back(m.error);
    }
    values.push_back(value), values.push_back(error);
  }
  for (const Fitted& f : all) {
    curve.text.push_back(f.curve), temperature.number.push_back(f.temperature);
    aicc.number.push_back(f.fit.least_squares.aicc), converged.number.push_back(f.fit.least_squares.converged);
  }
  out.columns = {curve, temperature};
  out.columns.insert(out.columns.end(), values.begin(), values.end());
  out.columns.push_back(aicc), out.columns.push_back(converged);
  return out;
}

}  // namespace heteroglass::relaxation
