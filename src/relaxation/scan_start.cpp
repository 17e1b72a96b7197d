#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "relaxation/scan_fit.hpp"
#include "relaxation/start_amplitudes.hpp"

namespace heteroglass::relaxation {
namespace {

using Complex = std::complex<double>;

/// A trial for the times of one component: its parameters of time, and what it gives at each point for unit strength.
struct Trial {
  std::vector<double> time;
  std::vector<double> column;  ///< residual rows of storage and loss, weighted
};

/// Parameters of tau for which the loss peaks at one place of the scan, with log10 tau0 as it is held or 1e-14 s.
std::vector<std::vector<double>> time_trials(const SumModel& model, std::size_t j, std::span<const ScanPoint> points, double tau0) {
  double w_low = INFINITY, w_high = 0, t_low = INFINITY, t_high = 0, w_log = 0;
  for (const ScanPoint& p : points) {
    w_low = std::min(w_low, p.omega), w_high = std::max(w_high, p.omega), w_log += std::log(p.omega) / static_cast<double>(points.size());
    t_low = std::min(t_low, p.temperature), t_high = std::max(t_high, p.temperature);
  }
  std::vector<std::vector<double>> out;
  const std::optional<Law> law = model.law_of(j);
  if (!law) {
    const double low = -std::log(w_high) - 2, high = -std::log(w_low) + 2;
    for (int i = 0; i <= 11; ++i) out.push_back({low + (high - low) * i / 11});
    return out;
  }
  for (int i = 0; i <= 10; ++i) {
    const double peak = t_low + (t_high - t_low) * (i / 10.0) * 1.05;
    const double decades = -tau0 - w_log / std::numbers::ln10;  // from tau0 to 1/omega
    if (*law == Law::arrhenius) {
      out.push_back({tau0, decades * std::numbers::ln10 * constants::boltzmann * peak});
    } else {
      std::vector<double> t, y;  // three points that the law is put through
      for (const double part : {0.6, 0.75, 0.87}) {
        t.clear(), y.clear();
        for (const double u : {1.0, 1.02, 1.05, 1.1, 1.2, 1.5})
          t.push_back(peak * u), y.push_back(tau0 + decades * (1 - part) / (u - part));
        try {
          out.push_back(law_start(*law, t, y, model.reference_temperature()));
        } catch (const NumericalError&) {
          continue;
        }
      }
    }
  }
  return out;
}

std::vector<double> weighted_column(std::span<const Complex> value, const ScanWeights& w, const ScanFitSettings& s) {
  std::vector<double> out;
  if (s.use_storage)
    for (std::size_t i = 0; i < value.size(); ++i) out.push_back(value[i].real() / w.storage[i]);
  if (s.use_loss)
    for (std::size_t i = 0; i < value.size(); ++i) out.push_back(value[i].imag() / w.loss[i]);
  return out;
}

struct Candidate {
  double squares;
  std::vector<std::size_t> trial;  ///< of each component
  std::vector<double> amplitude;
};

}  // namespace

void scan_start(SumModel& model, std::span<const ScanPoint> points, const ScanWeights& weights, const std::vector<bool>& given,
                const ScanFitSettings& settings, Context& context) {
  const std::size_t count = model.components().size(), n = points.size();
  std::vector<double> p;
  for (const SumModel::Entry& e : model.parameters()) p.push_back(e.start);

  // In a compliance the sum is 1/M: amplitudes are found on 1/M with the weights carried over.
  std::vector<Complex> target(n), ones(n, 1.0);
  ScanWeights w = weights;
  for (std::size_t i = 0; i < n; ++i) {
    target[i] = model.compliance() ? 1.0 / points[i].modulus : points[i].modulus;
    if (!model.compliance()) continue;
    const double factor = std::norm(target[i]);
    w.storage[i] *= factor, w.loss[i] *= factor;
  }
  const std::vector<double> y = weighted_column(target, w, settings), constant = weighted_column(ones, w, settings);

  std::vector<std::vector<Trial>> trials(count);
  for (std::size_t j = 0; j < count; ++j) {
    const Process process = model.process(j, p);
    const bool timed = has_time(model.components()[j].shape);
    const std::size_t first = model.time_of(j), size = model.shape_of(j) - first;
    const auto held = [&](std::size_t k) { return given[k] || model.parameters()[k].fixed; };
    std::size_t open = 0;
    for (std::size_t k = first; timed && k < first + size; ++k) open += !held(k);
    std::vector<std::vector<double>> times;
    if (open == 0)
      times.emplace_back(p.begin() + static_cast<std::ptrdiff_t>(first),
                         p.begin() + static_cast<std::ptrdiff_t>(first + (timed ? size : 0)));
    else
      times = time_trials(model, j, points, model.thermal() && held(first) ? p[first] : -14);
    for (std::vector<double>& time : times)
      for (std::size_t k = 0; k < time.size(); ++k)
        if (held(first + k)) time[k] = p[first + k];
    for (const std::vector<double>& time : times) {
      std::vector<double> q = p;
      std::copy(time.begin(), time.end(), q.begin() + static_cast<std::ptrdiff_t>(first));
      std::vector<Complex> value(n);
      for (std::size_t i = 0; i < n; ++i) {
        const Complex chi =
            process.susceptibility(points[i].omega * std::exp(model.log_time(j, points[i].temperature, q))) - model.background_level(j, p);
        value[i] = model.compliance() ? chi : is_bounded(model.components()[j].shape) ? 1.0 - chi : -chi;
      }
      trials[j].push_back({time, weighted_column(value, w, settings)});
    }
  }

  std::vector<Candidate> best;
  std::vector<std::size_t> at(count, 0);
  for (bool more = true; more;) {
    context.check_cancelled();
    std::vector<std::span<const double>> columns = {constant};
    for (std::size_t j = 0; j < count; ++j) columns.push_back(trials[j][at[j]].column);
    Candidate c{0, at, {}};
    c.squares = start_amplitudes(columns, y, c.amplitude);
    best.push_back(c);
    std::sort(best.begin(), best.end(), [](const Candidate& a, const Candidate& b) { return a.squares < b.squares; });
    if (best.size() > 4) best.pop_back();
    more = false;
    for (std::size_t j = 0; j < count && !more; ++j) {
      if (++at[j] < trials[j].size())
        more = true;
      else
        at[j] = 0;
    }
  }

  // Short fits from the best few; the one that gets lowest is the start.
  ScanFitSettings quick = settings;
  quick.profile = false, quick.max_iterations = 40;
  double lowest = INFINITY;
  std::vector<double> chosen = p;
  for (const Candidate& c : best) {
    SumModel trial = model;
    const auto set = [&](std::size_t k, double value) {
      SumModel::Entry& e = trial.parameters()[k];
      if (!given[k] && !e.fixed) e.start = std::clamp(value, e.low, e.high);
    };
    const double scale = std::max(c.amplitude[0], *std::max_element(c.amplitude.begin(), c.amplitude.end()));
    set(0, std::max(c.amplitude[0], 1e-3 * scale));
    for (std::size_t j = 0; j < count; ++j) {
      set(model.amplitude_of(j), std::max(c.amplitude[j + 1], 0.02 * scale));
      const std::vector<double>& time = trials[j][c.trial[j]].time;
      for (std::size_t k = 0; k < time.size(); ++k) set(model.time_of(j) + k, time[k]);
    }
    try {
      const ScanFit fit = scan_fit_once(trial, points, weights, quick);
      if (!(fit.least_squares.chi2 < lowest)) continue;
      lowest = fit.least_squares.chi2, chosen = fit.least_squares.value;
    } catch (const NumericalError&) {
      continue;  // this start leads nowhere
    }
  }
  for (std::size_t k = 0; k < chosen.size(); ++k) model.parameters()[k].start = chosen[k];
}

}  // namespace heteroglass::relaxation
