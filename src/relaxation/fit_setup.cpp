#include "relaxation/fit_setup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "core/error.hpp"

namespace heteroglass::relaxation {
namespace {

double internal(const SumModel::Entry& e, double value, const std::string& where) {
  if (e.kind != SumModel::Kind::log_time) return value;
  if (!(value > 0)) throw InputError(fmt::format("{}: {} must be positive, got {}", where, e.name, value));
  return std::log(value);
}

std::vector<Law> laws_of(const std::vector<Component>& components, const FitOptions& o) {
  std::vector<Law> out;
  std::size_t timed = 0, next = 0;
  for (const Component& c : components) timed += has_time(c.shape);
  if (!o.law.empty() && o.law.size() != 1 && o.law.size() != timed)
    throw InputError(
        fmt::format("--law: must have one law, or one for each of the {} components with a time, got {}", timed, o.law.size()));
  for (const Component& c : components) {
    if (!has_time(c.shape)) {
      out.push_back(Law::arrhenius);
      continue;
    }
    const std::string name = o.law.empty() ? (next == 0 ? "vft" : "arrhenius") : o.law.size() == 1 ? o.law[0] : o.law[next];
    out.push_back(parse_law(name, "--law"));
    ++next;
  }
  return out;
}

}  // namespace

FitSetup fit_setup(const std::string& text, const FitOptions& o, bool thermal, double reference_temperature) {
  const std::vector<Component> components = parse_model(text, "--model");
  FitSetup out{
      SumModel(components, o.addition == "compliance", thermal ? laws_of(components, o) : std::vector<Law>{}, reference_temperature), {}};
  std::vector<SumModel::Entry>& entries = out.model.parameters();
  out.given.assign(entries.size(), false);
  for (const std::string& name : o.free)
    for (const std::size_t i : out.model.matching(name, "--free")) entries[i].fixed = false;
  for (const std::string& b : o.bound) {
    const std::size_t equal = b.find('='), colon = b.find(':', equal == std::string::npos ? 0 : equal);
    double low = NAN, high = NAN;
    try {
      if (equal != std::string::npos && colon != std::string::npos)
        low = std::stod(b.substr(equal + 1, colon - equal - 1)), high = std::stod(b.substr(colon + 1));
    } catch (const std::exception&) {
      low = NAN;
    }
    if (!(low < high)) throw InputError(fmt::format("--bound: must be NAME=LOW:HIGH with LOW < HIGH, got '{}'", b));
    for (const std::size_t i : out.model.matching(b.substr(0, equal), "--bound"))
      entries[i].low = std::max(entries[i].low, internal(entries[i], low, "--bound")),
      entries[i].high = std::min(entries[i].high, internal(entries[i], high, "--bound"));
  }
  const auto set = [&](const std::map<std::string, double>& values, bool fixed, const std::string& flag) {
    for (const auto& [name, value] : values)
      for (const std::size_t i : out.model.matching(name, flag)) {
        SumModel::Entry& e = entries[i];
        e.start = internal(e, value, flag);
        if (e.start < e.low || e.start > e.high)
          throw InputError(fmt::format("{}: {} must be between {} and {}, got {}", flag, e.name, e.low, e.high, e.start));
        e.fixed = e.fixed || fixed, out.given[i] = true;
      }
  };
  set(o.start, false, "--start");
  set(o.fix, true, "--fix");
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (!out.given[i]) entries[i].start = std::clamp(entries[i].start, entries[i].low, entries[i].high);
  return out;
}

void bound_by_data(SumModel& model, std::span<const ScanPoint> points) {
  double top = 0, least = INFINITY, low = INFINITY, high = 0, coldest = INFINITY;
  for (const ScanPoint& p : points) {
    top = std::max(top, std::abs(p.modulus)), least = std::min(least, std::abs(p.modulus));
    low = std::min(low, p.omega), high = std::max(high, p.omega), coldest = std::min(coldest, p.temperature);
  }
  for (SumModel::Entry& e : model.parameters()) {
    if (e.kind == SumModel::Kind::amplitude) e.high = std::min(e.high, 1e3 * (model.compliance() ? 1 / least : top));
    // Six decades beyond the window a time can no longer be told from a straight line.
    if (e.kind == SumModel::Kind::log_time) e.low = std::max(e.low, -std::log(high) - 14), e.high = std::min(e.high, -std::log(low) + 14);
    if (e.name.ends_with(".log10_tau0")) e.low = std::max(e.low, -40.0), e.high = std::min(e.high, 5.0);
  }
}

ScanFitSettings scan_settings(const FitOptions& o, const Scan& first) {
  ScanFitSettings s;
  s.weights = o.weights, s.loss = o.robust;
  s.use_storage = first.has_storage && o.parts != "loss", s.use_loss = first.has_loss && o.parts != "storage";
  s.profile = o.interval == "profile";
  if (!s.use_storage && !s.use_loss)
    throw InputError(fmt::format("--parts: the file must have what is fitted, got {} without that column", o.parts));
  return s;
}

void bootstrap_intervals(ScanFit& fit, const SumModel& model, std::span<const ScanPoint> points, const ScanFitSettings& settings,
                         const FitOptions& o, Context& context) {
  std::mt19937_64 random(static_cast<std::uint64_t>(o.seed));
  std::uniform_int_distribution<std::size_t> pick(0, points.size() - 1);
  std::vector<std::vector<double>> found(fit.least_squares.value.size());
  ScanFitSettings quick = settings;
  quick.profile = false;
  const double inflate =
      std::sqrt(static_cast<double>(residual_count(points.size(), settings)) /
                std::max(1.0, static_cast<double>(residual_count(points.size(), settings)) - fit.least_squares.free_parameters));
  // Residuals about their own mean: a misfit that all points share would move every resampled fit to one side.
  std::complex<double> mean = 0;
  const auto scaled = [&](std::size_t k) {
    const std::complex<double> d = points[k].modulus - fit.model[k];
    return std::complex<double>(d.real() / fit.weights.storage[k], d.imag() / fit.weights.loss[k]);
  };
  for (std::size_t k = 0; k < points.size(); ++k) mean += scaled(k) / static_cast<double>(points.size());
  for (int b = 0; b < o.bootstrap; ++b) {
    context.check_cancelled();
    context.progress(static_cast<double>(b) / o.bootstrap, "resampling residuals");
    std::vector<ScanPoint> sample(points.begin(), points.end());
    for (std::size_t i = 0; i < sample.size(); ++i) {
      const std::complex<double> d = scaled(pick(random)) - mean;
      sample[i].modulus = fit.model[i] + inflate * std::complex<double>(d.real() * fit.weights.storage[i], d.imag() * fit.weights.loss[i]);
    }
    const ScanFit again = scan_fit_once(model, sample, fit.weights, quick);
    for (std::size_t p = 0; p < found.size(); ++p) found[p].push_back(again.least_squares.value[p]);
  }
  fit.least_squares.interval.resize(found.size());
  for (std::size_t p = 0; p < found.size(); ++p) {
    std::sort(found[p].begin(), found[p].end());
    const auto n = static_cast<double>(found[p].size() - 1);
    fit.least_squares.interval[p] = {found[p][static_cast<std::size_t>(0.025 * n)],
                                     found[p][static_cast<std::size_t>(std::ceil(0.975 * n))]};
  }
}

}  // namespace heteroglass::relaxation
