#include "relaxation/fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "numeric/sign_runs.hpp"
#include "relaxation/fit_tables.hpp"
#include "relaxation/isochrones.hpp"

namespace heteroglass::relaxation {
namespace {

using Complex = std::complex<double>;
constexpr double kj_per_ev = constants::gas_constant / constants::boltzmann / 1000;  ///< [kJ/mol/eV]

/// What is fitted in one go: an isotherm, or all temperature scans together.
struct Job {
  std::string curve;
  double temperature = NAN;
  std::vector<ScanPoint> points;
  std::vector<double> storage_error, loss_error;
};

ScanWeights job_weights(const Job& job, const FitOptions& o, const ScanFitSettings& s) {
  if (o.weights != "given") return measured_weights(job.points, o.weights);
  ScanWeights w{job.storage_error, job.loss_error, true};
  const auto check = [&](std::vector<double>& e, bool used, const char* name) {
    const bool good = e.size() == job.points.size() && std::all_of(e.begin(), e.end(), [](double v) { return v > 0; });
    if (used && !good) throw InputError(fmt::format("{}: --weights given needs a column {}_error, positive in every row", job.curve, name));
    if (!good) e.assign(job.points.size(), 1);
  };
  check(w.storage, s.use_storage, "storage"), check(w.loss, s.use_loss, "loss");
  return w;
}

void require_points(const Job& job, const SumModel& model, const ScanFitSettings& s) {
  std::size_t free = 0;
  for (const SumModel::Entry& e : model.parameters()) free += !e.fixed;
  const std::size_t have = residual_count(job.points.size(), s);
  if (have <= free)
    throw InputError(fmt::format("{}: {} free parameters need more than {} values, got {}; fix some with --fix or take a simpler --model",
                                 job.curve, free, free, have));
}

Fitted fit_job(const Job& job, const std::string& text, const FitOptions& o, const ScanFitSettings& settings, double reference,
               Context& context) {
  FitSetup setup = fit_setup(text, o, std::isnan(job.temperature) && reference > 0, reference);
  bound_by_data(setup.model, job.points);
  require_points(job, setup.model, settings);
  const ScanWeights weights = job_weights(job, o, settings);
  scan_start(setup.model, job.points, weights, setup.given, settings, context);
  Fitted out{job.curve, job.temperature, setup.model, {}};
  out.fit = scan_fit(out.model, job.points, weights, settings);
  if (o.interval == "bootstrap") bootstrap_intervals(out.fit, out.model, job.points, settings, o, context);
  return out;
}

/// Models of --compare on the weights of the fit, so that their AICc can be set beside each other.
void compare(Fit& out, const Job& job, const FitOptions& o, const Fitted& main, ScanFitSettings settings, double reference,
             Context& context) {
  TableColumn name = out.models.add_text("model"), message = out.models.add_text("message");
  TableColumn parameters = out.models.add_number("free_parameters", "1"),
              chi2 = out.models.add_number("chi2", "1", "on the weights of the main fit"), aicc = out.models.add_number("aicc", "1"),
              delta = out.models.add_number("delta_aicc", "1", "above the best; beyond 6 a model is disfavoured, beyond 10 rejected"),
              bic = out.models.add_number("bic", "1"), runs_s = out.models.add_number("runs_storage", "1", "z of the runs test"),
              runs_l = out.models.add_number("runs_loss", "1");
  settings.profile = false;
  const ScanWeights weights = job_weights(job, o, settings);
  std::vector<std::string> names = o.compare;
  if (std::find(names.begin(), names.end(), o.model) == names.end()) names.insert(names.begin(), o.model);
  for (const std::string& text : names) {
    FitSetup setup{main.model, {}};
    if (text != o.model) {
      FitOptions own = o;  // names that only the main model has are not for the others
      own.fix.clear(), own.start.clear(), own.bound.clear(), own.free.clear(), own.law.clear();
      setup = fit_setup(text, own, main.model.thermal(), reference);
      bound_by_data(setup.model, job.points);
      scan_start(setup.model, job.points, weights, setup.given, settings, context);
    }
    const ScanFit fit = scan_fit_once(setup.model, job.points, weights, settings);
    std::vector<double> storage, loss;
    for (std::size_t i = 0; i < job.points.size(); ++i) {
      const Complex d = job.points[i].modulus - fit.model[i];
      storage.push_back(d.real()), loss.push_back(d.imag());
    }
    name.text.push_back(text), message.text.push_back(fit.least_squares.message);
    parameters.number.push_back(fit.least_squares.free_parameters), chi2.number.push_back(fit.least_squares.chi2);
    aicc.number.push_back(fit.least_squares.aicc), bic.number.push_back(fit.least_squares.bic);
    runs_s.number.push_back(settings.use_storage ? numeric::sign_runs(storage) : NAN),
        runs_l.number.push_back(settings.use_loss ? numeric::sign_runs(loss) : NAN);
  }
  const double best = *std::min_element(aicc.number.begin(), aicc.number.end());
  for (const double a : aicc.number) delta.number.push_back(a - best);
  out.models.columns = {name, parameters, chi2, aicc, delta, bic, runs_s, runs_l, message};
}

/// One process seen at several frequencies: maxima of like height that move up with frequency.
struct Branch {
  std::vector<double> frequency, temperature, error, loss;
};

std::vector<Branch> branches(std::span<const Scan> scans) {
  std::vector<const Scan*> order;
  for (const Scan& s : scans)
    if (s.has_loss) order.push_back(&s);
  std::sort(order.begin(), order.end(), [](const Scan* a, const Scan* b) { return a->omega < b->omega; });
  std::vector<Branch> out;
  for (const Scan* s : order)
    for (const LossMaximum& m : loss_maxima(*s)) {
      Branch* home = nullptr;
      const double f = s->omega / (2 * std::numbers::pi);
      for (Branch& b : out) {
        const double slack = 3 * std::hypot(m.error, b.error.back()) + 1;
        const bool alike = std::abs(std::log(m.loss / b.loss.back()))<0.5, up = m.temperature> b.temperature.back() - slack;
        if (alike && up && b.frequency.back() < f &&
            (!home || std::abs(std::log(m.loss / b.loss.back())) < std::abs(std::log(m.loss / home->loss.back()))))
          home = &b;
      }
      if (!home) out.emplace_back(), home = &out.back();
      home->frequency.push_back(f), home->temperature.push_back(m.temperature), home->error.push_back(m.error),
          home->loss.push_back(m.loss);
    }
  return out;
}

/// E and tau0 from the maxima of temperature scans at several frequencies; the branch seen at most frequencies, of equals the coldest, is the result.
void isochronal_peaks(Fit& out, std::span<const Scan> scans, const FitOptions& o, Context& context) {
  std::vector<Branch> all = branches(scans);
  std::sort(all.begin(), all.end(), [](const Branch& a, const Branch& b) {
    return a.frequency.size() != b.frequency.size() ? a.frequency.size() > b.frequency.size() : a.temperature[0] < b.temperature[0];
  });
  TableColumn branch = out.isochrones.add_number("branch", "1", "1: the one of peak_energy"),
              f = out.isochrones.add_number("frequency", "Hz"), t = out.isochrones.add_number("peak_temperature", "K"),
              e = out.isochrones.add_number("peak_temperature_error", "K"), loss = out.isochrones.add_number("loss", "GPa"),
              energy = out.isochrones.add_number("energy", "eV", "of the branch"),
              energy_error = out.isochrones.add_number("energy_error", "eV"),
              tau0 = out.isochrones.add_number("log10_tau0", "1", "of tau0 in s");
  for (std::size_t k = 0; k < all.size(); ++k) {
    const Branch& b = all[k];
    std::optional<Isochrones> line;
    if (b.frequency.size() > 1) line = isochrones(b.frequency, b.temperature, b.error);
    for (std::size_t i = 0; i < b.frequency.size(); ++i) {
      branch.number.push_back(static_cast<double>(k + 1)), f.number.push_back(b.frequency[i]), t.number.push_back(b.temperature[i]);
      e.number.push_back(b.error[i]), loss.number.push_back(b.loss[i]);
      energy.number.push_back(line ? line->energy.value : NAN), energy_error.number.push_back(line ? line->energy.error : NAN);
      tau0.number.push_back(line ? line->log10_tau0.value : NAN);
    }
    if (line && !line->physical) context.warn(fmt::format("isochronal peaks near {:.0f} K: {}", b.temperature[0], line->message));
    if (k > 0 || !line) continue;
    out.peak_energy = line->energy, out.peak_log10_tau0 = line->log10_tau0;
    out.peak_energy_kj = {line->energy.value * kj_per_ev, line->energy.error * kj_per_ev, line->energy.note};
    if (!o.glass_transition) continue;
    const double unit = constants::boltzmann * *o.glass_transition;
    out.peak_energy_r_tg = {line->energy.value / unit, line->energy.error / unit, line->energy.note};
  }
  out.isochrones.columns = {branch, f, t, e, loss, energy, energy_error, tau0};
}

/// Where the times of a VFT and of an Arrhenius component meet above the scan.
void merging(Fit& out, const Fitted& f, double hot) {
  std::optional<std::size_t> slow, fast;
  for (std::size_t j = 0; j < f.model.components().size(); ++j) {
    const auto law = f.model.law_of(j);
    if (law && *law != Law::arrhenius && !slow) slow = j;
    if (law && *law == Law::arrhenius && !fast) fast = j;
  }
  if (!slow || !fast) return;
  const auto at = [&](std::span<const double> p) {
    return merging_temperature([&](double t) { return f.model.log_time(*slow, t, p); },
                               [&](double t) { return f.model.log_time(*fast, t, p); }, 0.8 * hot, 3 * hot)
        .value_or(NAN);
  };
  out.merging_temperature = derived(f, at, "covariance");
  if (!std::isfinite(out.merging_temperature.value)) out.merging_temperature = {NAN, NAN, "the times do not cross"};
}

void first_values(Fit& out, const Fitted& f) {
  const auto value = [&](const std::string& last) {
    for (std::size_t i = 0; i < f.model.parameters().size(); ++i)
      if (f.model.parameters()[i].name.ends_with("." + last)) return shown(f, i);
    return Measured{NAN, NAN, "the model has no " + last};
  };
  out.strength = f.model.compliance() ? Measured{NAN, NAN, "a sum of compliances: see the table of parameters"} : value("strength");
  out.tau = value("tau"), out.alpha = value("alpha"), out.beta = value("beta"), out.gamma = value("gamma");
  const auto interval = [&](const std::string& last) {
    for (std::size_t i = 0; i < f.model.parameters().size(); ++i)
      if (f.model.parameters()[i].name.ends_with("." + last)) {
        const auto [low, high] = shown_interval(f, i);
        return std::vector<double>{low, high};
      }
    return std::vector<double>{};
  };
  out.tau_interval = interval("tau"), out.alpha_interval = interval("alpha"), out.beta_interval = interval("beta"),
  out.gamma_interval = interval("gamma");
  const auto sum = [&](std::span<const double> p) {
    double total = p[0];
    for (std::size_t j = 0; j < f.model.components().size(); ++j)
      if (is_bounded(f.model.components()[j].shape)) total += p[f.model.amplitude_of(j)];
    return total;
  };
  const Measured low = shown(f, 0);
  if (!f.model.compliance()) {
    out.relaxed = low, out.unrelaxed = derived(f, sum, "covariance");
  } else {
    out.unrelaxed = {1 / low.value, low.error / (low.value * low.value), low.note};
    out.relaxed = derived(
        f, [&](std::span<const double> p) { return 1 / sum(p); }, "covariance");
  }
}

void append_points(Fit& out, const Job& job, const Fitted& f, const ScanFitSettings& s, bool has_loss) {
  const bool thermal = f.model.thermal();
  for (std::size_t i = 0; i < job.points.size(); ++i) {
    const Complex m = job.points[i].modulus, model = f.fit.model[i];
    const double ds = s.use_storage ? f.fit.weights.storage[i] : NAN, dl = s.use_loss ? f.fit.weights.loss[i] : NAN;
    const double high = out.unrelaxed.value;
    if (thermal) {
      out.temperature.push_back(job.points[i].temperature), out.scan_storage.push_back(m.real()), out.scan_storage_error.push_back(ds);
      out.scan_loss.push_back(has_loss ? m.imag() : NAN), out.scan_loss_error.push_back(dl), out.scan_storage_model.push_back(model.real()),
          out.scan_loss_model.push_back(model.imag());
      out.scan_storage_residual.push_back((m.real() - model.real()) / ds), out.scan_loss_residual.push_back((m.imag() - model.imag()) / dl);
      out.scan_storage_reduced.push_back(m.real() / high);
    } else {
      out.omega.push_back(job.points[i].omega), out.storage.push_back(m.real()), out.storage_error.push_back(ds);
      out.loss.push_back(has_loss ? m.imag() : NAN), out.loss_error.push_back(dl), out.storage_model.push_back(model.real()),
          out.loss_model.push_back(model.imag());
      out.storage_residual.push_back((m.real() - model.real()) / ds), out.loss_residual.push_back((m.imag() - model.imag()) / dl);
      out.storage_reduced.push_back(m.real() / high), out.loss_tangent.push_back(m.imag() / m.real());
    }
  }
}

void verdicts(Fit& out, const Job& job, const Fitted& f, const ScanFitSettings& s, Context& context) {
  const numeric::LeastSquares& fit = f.fit.least_squares;
  std::vector<double> storage, loss;
  for (std::size_t i = 0; i < job.points.size(); ++i) {
    const Complex d = job.points[i].modulus - f.fit.model[i];
    storage.push_back(d.real() / f.fit.weights.storage[i]), loss.push_back(d.imag() / f.fit.weights.loss[i]);
  }
  out.runs_storage = s.use_storage ? numeric::sign_runs(storage) : NAN, out.runs_loss = s.use_loss ? numeric::sign_runs(loss) : NAN;
  const bool exact = (!s.use_storage || f.fit.noise_storage < 1e-6) && (!s.use_loss || f.fit.noise_loss < 1e-6);
  const bool misses = !exact && (out.runs_storage < -2.6 || out.runs_loss < -2.6);
  out.misfit = out.misfit || misses;
  if (misses)
    context.warn(
        fmt::format("{}: the residuals keep one sign for long stretches (runs test z = {:.1f} for M', {:.1f} for M''): the model misses "
                    "structure, and errors are too small",
                    f.curve, out.runs_storage, out.runs_loss));
  out.converged = out.converged && fit.converged;
  if (!fit.converged) context.warn(fmt::format("{}: {}", f.curve, fit.message));
  if (fit.condition > 1e10)
    context.warn(fmt::format("{}: some parameters can hardly be told apart by these data (condition of the normal matrix {:.1e})", f.curve,
                             fit.condition));
  out.condition = std::max(out.condition, fit.condition);
  out.aicc += fit.aicc, out.bic += fit.bic;
  for (std::size_t i = 0; i < fit.at_bound.size(); ++i)
    if (!std::isfinite(fit.error[i]) && !fit.at_bound[i])
      context.warn(fmt::format("{}: {} is not determined: the model does not depend on it here", f.curve, f.model.parameters()[i].name));
  for (std::size_t i = 0; i < fit.at_bound.size(); ++i)
    if (fit.at_bound[i]) {
      out.at_bound.push_back(f.model.parameters()[i].name);
      context.warn(fmt::format("{}: {} is at its bound {:.6g}", f.curve, f.model.parameters()[i].name, shown(f, i).value));
    }
}

/// The model at its start values, when no file is given.
Fit evaluated(const FitOptions& o) {
  FitSetup setup = fit_setup(o.model, o, false, 0);
  Fitted f{"formula", NAN, setup.model, {}};
  const std::size_t n = setup.model.parameters().size();
  f.fit.least_squares.error.assign(n, 0), f.fit.least_squares.at_bound.assign(n, false), f.fit.least_squares.covariance = Matrix(n, n);
  for (const SumModel::Entry& e : setup.model.parameters()) f.fit.least_squares.value.push_back(e.start);
  Job job;
  for (int i = -40; i <= 40; ++i) job.points.push_back({std::pow(10, i / 10.0), NAN, {}});
  f.fit.model.resize(job.points.size());
  setup.model.evaluate(job.points, f.fit.least_squares.value, f.fit.model.data(), nullptr);
  for (std::size_t i = 0; i < job.points.size(); ++i) job.points[i].modulus = f.fit.model[i];
  f.fit.weights.storage.assign(job.points.size(), 0), f.fit.weights.loss.assign(job.points.size(), 0);
  Fit out;
  first_values(out, f);
  append_points(out, job, f, {}, true);
  const std::vector<Fitted> all = {f};
  out.parameters = parameter_table(all, "none"), out.components = component_table(all, job.points, std::nullopt);
  out.runs_storage = out.runs_loss = out.crystallisation_temperature = NAN;
  return out;
}

/// Temperature scans are one job; each isotherm is its own.
std::vector<Job> jobs_of(std::span<const Scan> scans, std::span<const Curve> curves, double crystal) {
  std::vector<Job> out;
  for (std::size_t k = 0; k < scans.size(); ++k) {
    const Scan& s = scans[k];
    if (out.empty() || !s.thermal)
      out.push_back({curves[k].label.empty() ? s.source : curves[k].label, s.thermal ? NAN : s.temperature, {}, {}, {}});
    Job& job = out.back();
    for (std::size_t row = 0; row < s.points.size(); ++row) {
      const std::size_t i =
          s.thermal && k % 2 ? s.points.size() - 1 - row : row;  // up and down, so that a line through all scans does not cross them
      if (s.thermal && s.points[i].temperature > crystal) continue;
      job.points.push_back(s.points[i]);
      if (!s.storage_error.empty()) job.storage_error.push_back(s.storage_error[i]);
      if (!s.loss_error.empty()) job.loss_error.push_back(s.loss_error[i]);
    }
  }
  return out;
}

}  // namespace

Fit fit(std::span<const Curve> curves, const FitOptions& o, Context& context) {
  if (curves.empty()) return evaluated(o);
  std::vector<Scan> scans;
  for (const Curve& c : curves) scans.push_back(scan(c, context));
  for (const Scan& s : scans)
    if (s.thermal != scans[0].thermal)
      throw InputError(fmt::format("{}: isotherms and temperature scans must be fitted apart; choose with --step, got both", s.source));
  const bool thermal = scans[0].thermal;

  Fit out;
  const std::string none = thermal ? "fewer than two scans with a loss maximum" : "not temperature scans";
  for (Measured* m : {&out.peak_energy, &out.peak_energy_kj, &out.peak_energy_r_tg, &out.peak_log10_tau0}) m->note = none;
  out.merging_temperature.note = "not a temperature scan of a VFT and an Arrhenius component";
  out.crystallisation_temperature = NAN;
  for (const Scan& s : scans) {
    const double at = crystallisation(s);
    if (!(at > 0)) continue;
    if (!(out.crystallisation_temperature < at)) out.crystallisation_temperature = at;
    context.warn(fmt::format("{}: the storage modulus rises again above {:.1f} K, as on crystallisation: {}", s.source, at,
                             o.crystallisation == "exclude" ? "rows beyond are left out of the fit" : "rows beyond are kept, as asked"));
  }
  const double limit = o.crystallisation == "exclude" && out.crystallisation_temperature > 0 ? out.crystallisation_temperature : INFINITY;
  if (thermal) isochronal_peaks(out, scans, o, context);

  const ScanFitSettings settings = scan_settings(o, scans[0]);
  const std::vector<Job> jobs = jobs_of(scans, curves, limit);
  double cold = INFINITY, hot = 0;
  for (const Job& j : jobs)
    for (const ScanPoint& p : j.points) cold = std::min(cold, p.temperature), hot = std::max(hot, p.temperature);
  const double reference = thermal ? (cold + hot) / 2 : 0;
  std::vector<Fitted> all;
  std::vector<ScanPoint> points;
  for (std::size_t k = 0; k < jobs.size(); ++k) {
    context.progress(static_cast<double>(k) / static_cast<double>(jobs.size()), "fitting");
    all.push_back(fit_job(jobs[k], o.model, o, settings, reference, context));
    verdicts(out, jobs[k], all.back(), settings, context);
    first_values(out, all.back());
    append_points(out, jobs[k], all.back(), settings, scans[0].has_loss);
    points.insert(points.end(), jobs[k].points.begin(), jobs[k].points.end());
  }
  if (jobs.size() > 1)
    context.warn(
        fmt::format("{} isotherms were fitted one by one: single values are those of the last ({}), the table `isotherms` has all; use "
                    "relaxation/master-curve first, or --step",
                    jobs.size(), jobs.back().curve));
  if (!o.compare.empty()) compare(out, jobs.back(), o, all.back(), settings, reference, context);
  out.noise_storage = settings.use_storage ? all.back().fit.noise_storage : NAN,
  out.noise_loss = settings.use_loss ? all.back().fit.noise_loss : NAN;
  out.interval_method = o.interval == "profile" ? "profile likelihood" : o.interval;
  out.parameters = parameter_table(all, out.interval_method);
  out.components = component_table(all, points, o.glass_transition);
  if (thermal) merging(out, all.back(), hot);
  if (!thermal && all.size() > 1) out.isotherms = isotherm_table(all);
  return out;
}

const Analysis& fit_analysis() {
  static const Analysis entry =
      analysis<&fit>("relaxation", "fit", "fit of M', M'' by sums of processes, over frequency or temperature, with intervals",
                     {{"Qiao et al., Prog. Mater. Sci. 104, 250 (2019)", "10.1016/j.pmatsci.2019.04.005"},
                      {"Burnham, Anderson, Sociol. Methods Res. 33, 261 (2004)", "10.1177/0049124104268644"},
                      {"Venzon, Moolgavkar, Appl. Stat. 37, 87 (1988)", "10.2307/2347496"}});
  return entry;
}

}  // namespace heteroglass::relaxation
