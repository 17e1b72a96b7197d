#include "probes/dissipation_mechanism.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.hpp"
#include "numeric/incomplete_gamma.hpp"
#include "numeric/least_squares.hpp"
#include "numeric/local_line.hpp"
#include "numeric/sign_runs.hpp"
#include "probes/afm/dissipation_curve.hpp"
#include "probes/tapping_oscillator.hpp"

namespace heteroglass::probes {
namespace {

using Options = DissipationMechanismOptions;

struct Data {
  std::vector<double> ratio, energy, error;  ///< ascending ratio; no errors: empty
};

struct Mechanism {
  const char* name;
  double TipSurface::*strength;
  const char* unit;
  double start;

  /// Beyond that no surface goes; the tip would stick.
  double most(const TipSurface& s) const { return strength == &TipSurface::viscosity ? 1e5 : s.hamaker + 0.5; }
};
constexpr Mechanism mechanisms[] = {{"long-range hysteresis", &TipSurface::long_range, "eV", 0.1},
                                    {"hysteresis of adhesion", &TipSurface::adhesion, "eV", 0.1},
                                    {"viscosity", &TipSurface::viscosity, "Pa s", 100}};

Data data_of(const Curve& c, const Options& o) {
  const CurveColumn *given = c.find("amplitude_ratio"), *amplitude = c.find("amplitude"), *energy = c.find("dissipation"),
                    *phase = c.find("phase"), *error = c.find("dissipation_error");
  if (!given && !amplitude)
    throw InputError(fmt::format("{}: a column must be the amplitude_ratio A/A0 or the amplitude, got neither", c.source));
  if (!energy && !phase) throw InputError(fmt::format("{}: a column must be the dissipation or the phase, got neither", c.source));
  std::vector<std::array<double, 3>> rows;
  for (std::size_t i = 0; i < c.size(); ++i) {
    const double ratio = given ? given->values[i] : amplitude->values[i] / o.lever.free_amplitude;
    if (!(ratio > 0 && ratio < 1.2))
      throw InputError(fmt::format("{}, row {}: A/A0 must lie between 0 and 1, got {} (A0 is --free-amplitude)", c.source, i + 1, ratio));
    const double e = energy ? energy->values[i] : tapping_dissipation(o.lever, ratio * o.lever.free_amplitude, phase->values[i]);
    rows.push_back({ratio, e, error ? error->values[i] : NAN});
    if (error && !(rows.back()[2] > 0))
      throw InputError(fmt::format("{}, row {}: the error of the dissipation must be positive, got {}", c.source, i + 1, rows.back()[2]));
  }
  std::sort(rows.begin(), rows.end());
  if (rows.size() < 6) throw InputError(fmt::format("{}: the curve must have at least 6 points, got {}", c.source, rows.size()));
  if (!(rows.back()[0] - rows.front()[0] > 0.02))
    throw InputError(fmt::format("{}: A/A0 must vary, got {} to {}", c.source, rows.front()[0], rows.back()[0]));
  Data d;
  for (const auto& [x, e, s] : rows) {
    d.ratio.push_back(x), d.energy.push_back(e);
    if (error) d.error.push_back(s);
  }
  return d;
}

struct Fit {
  std::vector<double> model;  ///< at the data
  double strength = NAN, strength_error = NAN, offset = 0, modulus = NAN, hamaker = NAN;
  double chi2 = NAN, aicc = NAN, log_likelihood = NAN, runs = NAN, p_value = NAN, weight = NAN;
  int parameters = 0;
};

/// s of data = s model + c by linear least squares, for a start.
double scaled(const std::vector<double>& model, const std::vector<double>& data, bool offset) {
  const double n = double(data.size());
  double mx = 0, my = 0, xx = 0, xy = 0;
  if (offset) mx = std::accumulate(model.begin(), model.end(), 0.0) / n, my = std::accumulate(data.begin(), data.end(), 0.0) / n;
  for (std::size_t i = 0; i < data.size(); ++i) xx += (model[i] - mx) * (model[i] - mx), xy += (model[i] - mx) * (data[i] - my);
  return xx > 0 ? xy / xx : 0;
}

class Fitter {
 public:
  Fitter(const Options& o, const Data& d)
      : o_(o), d_(d), simulation_(o.lever, o.surface, o.regime == "attractive", o.points, d.ratio.front(), d.ratio.back()) {}

  Fit fit(const Mechanism& m) const {
    TipSurface s = bare(o_.surface);
    s.*m.strength = m.start;
    std::vector<double> e = energies(s);
    if (e.empty()) return {};
    const double factor = scaled(e, d_.energy, o_.offset), most = m.most(o_.surface);
    const double unit = std::clamp(m.start * factor, 1e-3 * m.start, 0.3 * most);  // E is nearly proportional to the strength
    std::vector<numeric::Parameter> p = {{"strength", 1, 0, most / unit, false}};
    p.push_back({"modulus", 0, -std::log(10.0), std::log(10.0), !o_.fit_surface});
    p.push_back({"hamaker", 0, -std::log(10.0), std::log(10.0), !o_.fit_surface});
    const auto surface = [&](std::span<const double> x) {
      TipSurface t = bare(o_.surface);
      t.*m.strength = x[0] * unit, t.modulus *= std::exp(x[1]), t.hamaker *= std::exp(x[2]);
      return t;
    };
    std::vector<double> kept_at, kept;  // the solver asks for values and derivatives at one place in turn
    const auto residuals = [&](std::span<const double> x, std::span<double> r, double* jacobian) {
      const auto fill = [&](std::span<const double> at, std::span<double> out) {
        const std::vector<double> model = energies(surface(at));
        const double c = model.empty() ? NAN : offset(model);
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = model.empty() ? 1e3 : (model[i] + c - d_.energy[i]) / error(i);
      };
      if (!std::equal(x.begin(), x.end(), kept_at.begin(), kept_at.end())) {
        fill(x, r);
        kept_at.assign(x.begin(), x.end()), kept.assign(r.begin(), r.end());
      }
      std::copy(kept.begin(), kept.end(), r.begin());
      if (!jacobian) return;
      // Steps well above the errors of the simulation.
      std::vector<double> moved(r.size());
      for (std::size_t k = 0; k < p.size(); ++k) {
        std::vector<double> at(x.begin(), x.end());
        const double h = at[k] + 0.01 < p[k].high ? 0.01 : -0.01;
        at[k] += h;
        if (!p[k].fixed) fill(at, moved);
        for (std::size_t i = 0; i < r.size(); ++i) jacobian[i * p.size() + k] = p[k].fixed ? 0 : (moved[i] - r[i]) / h;
      }
    };
    const numeric::LeastSquares l = numeric::least_squares(
        p, d_.ratio.size(), residuals, {.analytic = true, .known_errors = !d_.error.empty(), .max_iterations = o_.fit_surface ? 15 : 4});
    Fit f;
    f.chi2 = l.chi2, f.parameters = l.free_parameters + (o_.offset ? 1 : 0);
    f.strength = l.value[0] * unit, f.strength_error = l.error[0] * unit;
    const TipSurface best = surface(l.value);
    f.modulus = best.modulus, f.hamaker = best.hamaker;
    f.model = energies(best);
    if (f.model.empty()) return {};
    f.offset = offset(f.model);
    for (double& v : f.model) v += f.offset;
    judge(f);
    return f;
  }

 private:
  double error(std::size_t i) const { return d_.error.empty() ? 1 : d_.error[i]; }
  /// The constant that fits best, weighted as the data are.
  double offset(const std::vector<double>& model) const {
    if (!o_.offset) return 0;
    double sum = 0, weight = 0;
    for (std::size_t i = 0; i < model.size(); ++i) {
      const double w = 1 / (error(i) * error(i));
      sum += w * (d_.energy[i] - model[i]), weight += w;
    }
    return sum / weight;
  }
  std::vector<double> energies(const TipSurface& s) const {
    const std::vector<DissipationCurve::Point> c = simulation_.points(s);
    std::vector<double> e;
    if (c.size() > 3)
      for (const double x : d_.ratio) e.push_back(interpolated(c, x));
    return e;
  }
  void judge(Fit& f) const {
    const double n = double(d_.ratio.size()), k = f.parameters + (d_.error.empty() ? 1 : 0);
    std::vector<double> residual;
    for (std::size_t i = 0; i < d_.ratio.size(); ++i) residual.push_back(d_.energy[i] - f.model[i]);
    f.runs = numeric::sign_runs(residual);
    double twice = f.chi2;  // -2 ln L but for a constant
    if (d_.error.empty())
      twice = n * std::log(f.chi2 / n) + n;
    else
      f.p_value = n > k ? numeric::incomplete_gamma_upper((n - k) / 2, f.chi2 / 2) : NAN;
    f.log_likelihood = -twice / 2;
    f.aicc = twice + 2 * k + (n > k + 1 ? 2 * k * (k + 1) / (n - k - 1) : INFINITY);
  }

  const Options& o_;
  const Data& d_;
  DissipationCurve simulation_;
};

Table table_of(const std::vector<Fit>& fits) {
  Table t;
  t.columns.reserve(13);
  TableColumn &name = t.add_text("mechanism", "loss"), &unit = t.add_text("unit", "of the strength"),
              &strength = t.add_number("strength", "1", "larger Hamaker constant going than coming, or viscosity"),
              &error = t.add_number("strength_error", "1", "standard error"), &weight = t.add_number("weight", "1", "share by AICc"),
              &aicc = t.add_number("aicc", "1", "Akaike's criterion, for few points"),
              &likelihood = t.add_number("log_likelihood", "1", "at the best strength"),
              &chi2 = t.add_number("chi2", "1", "sum of squared residuals, over the errors where these are given"),
              &p = t.add_number("p_value", "1", "of chi^2, with known errors"),
              &runs = t.add_number("runs_z", "1", "runs test of the residuals; below -2.6 the model misses the shape"),
              &offset = t.add_number("offset", "eV", "constant added to the dissipation"),
              &modulus = t.add_number("modulus", "GPa", "of the contact, as used or fitted"),
              &hamaker = t.add_number("hamaker", "eV", "as used or fitted");
  for (std::size_t i = 0; i < fits.size(); ++i) {
    const Fit& f = fits[i];
    name.text.push_back(mechanisms[i].name), unit.text.push_back(mechanisms[i].unit);
    strength.number.push_back(f.strength), error.number.push_back(f.strength_error), weight.number.push_back(f.weight);
    aicc.number.push_back(f.aicc), likelihood.number.push_back(f.log_likelihood), chi2.number.push_back(f.chi2);
    p.number.push_back(f.p_value), runs.number.push_back(f.runs), offset.number.push_back(f.offset);
    modulus.number.push_back(f.modulus), hamaker.number.push_back(f.hamaker);
  }
  return t;
}

std::string verdict(const std::vector<Fit>& fits, Context& context) {
  const std::size_t best = std::size_t(
      std::max_element(fits.begin(), fits.end(), [](const Fit& a, const Fit& b) { return a.weight < b.weight; }) - fits.begin());
  const Fit& f = fits[best];
  std::string text = f.weight > 0.95 ? fmt::format("{} (weight {:.3f})", mechanisms[best].name, f.weight)
                                     : fmt::format("not decided; most likely {} (weight {:.2f})", mechanisms[best].name, f.weight);
  if (f.runs < -2.6 || f.p_value < 0.005) {
    text += "; but it does not describe the curve within its noise";
    context.warn(
        "no mechanism describes the curve within its noise: they may act together, or the tip's radius, the modulus or the Hamaker "
        "constant are "
        "wrong (--fit-surface varies the last two)");
  }
  return text;
}

void slopes(const Data& d, const std::vector<Fit>& fits, DissipationMechanism& r) {
  const double half = 2.5 * (d.ratio.back() - d.ratio.front()) / double(d.ratio.size() - 1);
  const std::array<std::vector<double>*, 3> out = {&r.long_range_slope, &r.adhesion_slope, &r.viscosity_slope};
  for (const double x : d.ratio) {
    const Measured s = numeric::local_line(d.ratio, d.energy, x, half).slope_measured();
    r.slope_ratio.push_back(x), r.slope.push_back(s.value), r.slope_error.push_back(s.error);
    for (std::size_t k = 0; k < fits.size(); ++k)
      out[k]->push_back(fits[k].model.empty() ? NAN : numeric::local_line(d.ratio, fits[k].model, x, half).slope);
  }
}

}  // namespace

DissipationMechanism dissipation_mechanism(std::span<const Curve> curves, const Options& o, Context& context) {
  if (curves.empty())
    throw InputError("probes/dissipation_mechanism: a table of A/A0 (or amplitude) and dissipation (or phase) must be given");
  const Data d = data_of(curves.front(), o);
  context.progress(0, "simulating three losses");
  const Fitter fitter(o, d);
  std::vector<Fit> fits(3);
  std::vector<std::string> failed(3);
#pragma omp parallel for schedule(dynamic)
  for (int k = 0; k < 3; ++k) {
    try {
      fits[std::size_t(k)] = fitter.fit(mechanisms[k]);
    } catch (const std::exception& e) {
      failed[std::size_t(k)] = e.what();
    }
  }
  context.check_cancelled();
  double least = INFINITY, sum = 0;
  for (std::size_t k = 0; k < 3; ++k) {
    if (!std::isfinite(fits[k].aicc))
      context.warn(fmt::format("{} could not be fitted: {}", mechanisms[k].name,
                               failed[k].empty() ? "the simulated tip has no steady state in this range" : failed[k]));
    if (fits[k].aicc < least) least = fits[k].aicc;
  }
  if (!std::isfinite(least)) throw NumericalError("probes/dissipation_mechanism: at least one mechanism must be fitted, got none");
  for (Fit& f : fits) sum += f.weight = std::isfinite(f.aicc) ? std::exp((least - f.aicc) / 2) : 0;
  for (Fit& f : fits) f.weight /= sum;
  DissipationMechanism r;
  r.verdict = verdict(fits, context);
  r.mechanisms = table_of(fits);
  r.ratio = d.ratio, r.dissipation = d.energy, r.dissipation_error = d.error;
  if (d.error.empty()) {
    r.dissipation_error.assign(d.ratio.size(), NAN);
    context.warn("the table gives no errors of the dissipation: the noise is taken from the residuals, and chi^2 says nothing");
  }
  r.long_range = fits[0].model, r.adhesion = fits[1].model, r.viscosity = fits[2].model;
  for (std::vector<double>* v : {&r.long_range, &r.adhesion, &r.viscosity})
    if (v->empty()) v->assign(d.ratio.size(), NAN);
  slopes(d, fits, r);
  return r;
}

const Fields& DissipationMechanismOptions::fields() {
  using O = DissipationMechanismOptions;
  static const Fields table = with_nested<&O::lever>(with_nested<&O::surface>({
      field<&O::regime>("regime", "", "state of the tip on the measured curve: phase lag below 90 degrees repulsive, above attractive")
          .one_of({"repulsive", "attractive"}),
      field<&O::offset>("offset", "", "a free constant in the dissipation, so that only its slope counts"),
      field<&O::fit_surface>("fit_surface", "", "fit modulus and Hamaker constant too, within a factor of ten of those given"),
      field<&O::points>("points", "1", "distances of a simulated curve").range(10, 200),
  }));
  return table;
}

const ColumnRoles& DissipationMechanismOptions::columns() {
  static const ColumnRoles roles = {
      {"amplitude_ratio", "1", "amplitude over free amplitude A/A0", false, {"a/a0", "ratio", "setpoint", "setpointratio", "asp/a0"}},
      {"amplitude", "nm", "amplitude, instead of the ratio", false, {"a"}},
      {"dissipation", "eV", "energy lost in a period", false, {"edis", "e_dis", "energy", "energydissipation", "dissipatedenergy"}},
      {"phase", "deg", "phase lag, 90 degrees free, instead of the dissipation", false, {"phi", "phaselag"}},
      {"dissipation_error", "eV", "standard error of the dissipation", false, {"error", "edis_error", "sigma"}},
  };
  return roles;
}

const Fields& DissipationMechanism::fields() {
  using R = DissipationMechanism;
  const char* best = "curve of the best strength, whose error is in `mechanisms`";
  static const Fields table = {
      field<&R::verdict>("verdict", "", "which loss, and how sure").exact("by the weights"),
      field<&R::mechanisms>("mechanisms", "", "strength and likelihood of each loss"),
      field<&R::ratio>("ratio", "1", "A/A0").exact("of the data"),
      field<&R::dissipation>("dissipation", "eV", "measured").over("ratio", Plot::points),
      field<&R::dissipation_error>("dissipation_error", "eV", "its standard error, of the table").error_for("dissipation"),
      field<&R::long_range>("long_range", "eV", "long-range hysteresis").over("ratio").with("dissipation").exact(best),
      field<&R::adhesion>("adhesion", "eV", "hysteresis of adhesion").over("ratio").with("dissipation").exact(best),
      field<&R::viscosity>("viscosity", "eV", "viscosity").over("ratio").with("dissipation").exact(best),
      field<&R::slope_ratio>("slope_ratio", "1", "A/A0").exact("of the data"),
      field<&R::slope>("slope", "eV", "dE/d(A/A0) measured, by lines through neighbours").over("slope_ratio", Plot::points),
      field<&R::slope_error>("slope_error", "eV", "its standard error").error_for("slope"),
      field<&R::long_range_slope>("long_range_slope", "eV", "of long-range hysteresis, by the same lines")
          .over("slope_ratio")
          .with("slope")
          .exact(best),
      field<&R::adhesion_slope>("adhesion_slope", "eV", "of hysteresis of adhesion").over("slope_ratio").with("slope").exact(best),
      field<&R::viscosity_slope>("viscosity_slope", "eV", "of viscosity").over("slope_ratio").with("slope").exact(best),
  };
  return table;
}

const Analysis& dissipation_mechanism_analysis() {
  static const Analysis entry = analysis<&dissipation_mechanism>(
      "probes", "dissipation_mechanism", "which loss a tapping tip meets, from dissipation against amplitude",
      {{"Garcia, Gomez, Martinez, Patil, Dietz, Magerle, Phys. Rev. Lett. 97, 016103 (2006)", "10.1103/PhysRevLett.97.016103"},
       {"Burnham, Anderson, Model Selection and Multimodel Inference (2002)", "10.1007/b97636"}});
  return entry;
}

}  // namespace heteroglass::probes
