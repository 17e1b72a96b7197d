#include "sample/quench.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>

#include "core/analysis.hpp"
#include "core/composition.hpp"
#include "core/constants.hpp"
#include "core/error.hpp"
#include "engine/adopt.hpp"
#include "engine/cost.hpp"
#include "engine/output.hpp"
#include "engine/run.hpp"
#include "numeric/sample_mean.hpp"
#include "sample/cooling_curve.hpp"
#include "sample/cooling_rows.hpp"
#include "sample/crystallinity.hpp"
#include "sample/glass_transition.hpp"
#include "sample/quench_job.hpp"
#include "sample/start.hpp"

namespace heteroglass::sample {
namespace {

/// What one member contributes to the result.
struct Member {
  int seed = 0;
  CoolingCurve curve;
  Measured density;
  double energy = NAN, liquid_energy = NAN, residual_force = NAN, crystalline = NAN, laves = NAN;
};

double density(const Frame& f) {
  double mass = 0;
  const std::vector<std::size_t> counts = f.species_counts();
  for (std::size_t s = 0; s < counts.size(); ++s) mass += f.species[s].mass * static_cast<double>(counts[s]);
  return mass / f.box.volume() * constants::density_factor;
}

Member read_member(const engine::Job& job, const std::vector<Ramp>& schedule, const QuenchOptions& o, Quench& result) {
  Member m;
  std::vector<CoolingPart> parts;
  double from = o.melt_temperature;
  for (std::size_t k = 0; k < schedule.size(); ++k) {
    parts.push_back({engine::stage_log(job, fmt::format("cool-{}", k + 1)), from, schedule[k].target});
    from = schedule[k].target;
  }
  const Curve hold = engine::stage_log(job, "hold"), liquid = engine::stage_log(job, "liquid"),
              inherent = engine::stage_log(job, "inherent");
  parts.push_back({hold, from, from});
  m.curve = cooling_curve(parts, o.bin, job.start.size(), o.pressure);
  const std::vector<double>& rho = hold.at("Density").values;
  m.density = numeric::block_mean(std::span(rho).subspan(rho.size() / 2));
  m.liquid_energy = engine::per_atom(liquid, "PotEng", job).back();
  m.energy = engine::per_atom(inherent, "PotEng", job).back();
  m.residual_force = inherent.at("Fmax").values.back();
  result.liquid.push_back(engine::kept_frame(job, "liquid"));
  result.melt.push_back(engine::kept_frame(job, "melt"));
  result.glass.push_back(engine::kept_frame(job, "hold"));
  result.configuration.push_back(engine::kept_frame(job, "inherent"));
  m.crystalline = crystalline_fraction(result.configuration.back()), m.laves = laves_fraction(result.configuration.back());
  return m;
}

/// Mean over members with the standard error of the mean, or the one value there is.
Measured over_members(const std::vector<Member>& members, double Member::*value, const char* alone) {
  std::vector<double> x;
  for (const Member& m : members) x.push_back(m.*value);
  return numeric::sample_mean(x, alone);
}

void summarise_density(const std::vector<Member>& members, Quench& result) {
  if (members.size() == 1) {
    result.density = members.front().density;
    return;
  }
  std::vector<double> x;
  for (const Member& m : members) x.push_back(m.density.value);
  result.density = numeric::sample_mean(x, "");
}

/// Says at which temperatures within the two lines the rate of cooling changes; nothing for a foreign run, whose rates are unknown.
std::string rate_changes(const GlassTransition& g, const std::vector<Ramp>& schedule) {
  std::vector<double> within;
  for (std::size_t k = 0; k + 1 < schedule.size(); ++k) {
    const double t = schedule[k].target;
    const bool changes = schedule[k].rate != schedule[k + 1].rate && (within.empty() || within.back() != t);
    if (changes && ((t > g.glass_low && t < g.glass_high) || (t > g.liquid_low && t < g.liquid_high))) within.push_back(t);
  }
  return within.empty() ? "" : fmt::format("; the cooling rate changes within the lines, at {} K", fmt::join(within, " K and "));
}

/// T_g of the mean curve. With several members the error is at least their spread.
Measured transition(const CoolingCurve& mean, const std::vector<Member>& members, const std::vector<Ramp>& schedule,
                    std::vector<double> CoolingCurve::*y, const char* name, Table& fit) {
  const GlassTransition g = glass_transition(mean.temperature, mean.*y);
  Measured t = g.temperature;
  std::vector<double> each;
  for (const Member& m : members) {
    const double value = glass_transition(m.curve.temperature, m.curve.*y).temperature.value;
    if (std::isfinite(value)) each.push_back(value);
  }
  const double spread = each.size() > 1 ? numeric::sample_mean(each, "").error : 0;
  if (spread > g.error_covariance && std::isfinite(t.error)) {
    t.error = std::hypot(spread, g.error_ranges);
    t.note = "spread of the members and spread over the ranges of the two lines";
  }
  if (std::isfinite(t.value)) t.note += rate_changes(g, schedule);
  const double row[] = {g.glass_low,    g.glass_high,       g.liquid_low, g.liquid_high, g.glass_slope,
                        g.liquid_slope, g.error_covariance, spread,       g.error_ranges};
  fit.columns[0].text.emplace_back(name);
  for (std::size_t c = 0; c < std::size(row); ++c) fit.columns[c + 1].number.push_back(row[c]);
  return t;
}

Table empty_fit() {
  Table t;
  t.add_text("quantity", "what kinks");
  for (const char* name : {"glass_low", "glass_high", "liquid_low", "liquid_high"}) t.add_number(name, "K", "range of a line");
  t.add_number("glass_slope", "1/K", "A^3/K or eV/K per atom"), t.add_number("liquid_slope", "1/K", "A^3/K or eV/K per atom");
  t.add_number("from_covariance", "K", "part of the error"), t.add_number("from_members", "K", "part of the error");
  t.add_number("from_ranges", "K", "part of the error; NaN: too few other ranges gave a crossing");
  return t;
}

Table samples_table(const std::vector<Member>& members) {
  Table t;
  t.add_number("member", "1"), t.add_number("seed", "1"), t.add_number("density", "g/cm^3"), t.add_number("energy", "eV", "per atom");
  t.add_number("liquid_energy", "eV", "per atom"), t.add_number("crystalline_fraction", "1"), t.add_number("laves_fraction", "1");
  t.add_number("residual_force", "eV/angstrom", "largest component of a force");
  for (std::size_t i = 0; i < members.size(); ++i) {
    const Member& m = members[i];
    const double row[] = {double(i + 1),   double(m.seed), m.density.value, m.energy,
                          m.liquid_energy, m.crystalline,  m.laves,         m.residual_force};
    for (std::size_t c = 0; c < std::size(row); ++c) t.columns[c].number.push_back(row[c]);
  }
  return t;
}

bool has_crystallised(const Member& m) { return m.crystalline + m.laves > 0.1; }

void warn(const std::vector<Member>& members, const QuenchOptions& o, const Quench& result, Context& context) {
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (members[i].residual_force > 10 * o.force_tolerance)
      context.warn(
          fmt::format("member {}: the minimisation stopped at a largest force component of {:.2g} eV/angstrom, above the tolerance {:.2g}",
                      i + 1, members[i].residual_force, o.force_tolerance));
    if (has_crystallised(members[i]))
      context.warn(fmt::format("member {}: {:.0f} % of the atoms are crystalline, {:.0f} % as in a Laves phase; this is no glass", i + 1,
                               100 * members[i].crystalline, 100 * members[i].laves));
  }
  if (!std::isfinite(result.glass_transition_volume.value)) context.warn("glass transition: " + result.glass_transition_volume.note);
}

void summarise(const std::vector<Member>& members, const std::vector<Ramp>& schedule, const QuenchOptions& o, Quench& result,
               Context& context) {
  std::vector<CoolingCurve> curves;
  for (const Member& m : members) curves.push_back(m.curve);
  const CoolingCurve mean = mean_curve(curves);
  result.temperature = mean.temperature;
  result.volume = mean.volume, result.volume_error = mean.volume_error;
  result.enthalpy = mean.enthalpy, result.enthalpy_error = mean.enthalpy_error;
  result.glass_transition_fit = empty_fit();
  result.glass_transition_volume = transition(mean, members, schedule, &CoolingCurve::volume, "volume", result.glass_transition_fit);
  result.glass_transition_enthalpy = transition(mean, members, schedule, &CoolingCurve::enthalpy, "enthalpy", result.glass_transition_fit);
  summarise_density(members, result);
  const char* one = "one sample has no spread; ask for --members";
  result.energy = over_members(members, &Member::energy, one);
  result.liquid_energy = over_members(members, &Member::liquid_energy, one);
  result.crystalline_fraction = over_members(members, &Member::crystalline, one);
  result.laves_fraction = over_members(members, &Member::laves, one);
  for (const Member& m : members) result.crystallised = result.crystallised || has_crystallised(m);
  result.samples = samples_table(members);
  warn(members, o, result, context);
}

/// V(T) and H(T) of the rows of a foreign log where the temperature falls, averaged in bins of the smoothed temperature: single rows
/// have the noise of the instantaneous one, which flattens the lines.
CoolingCurve adopted_curve(const Curve& log, const QuenchOptions& o, double n, Context& context) {
  const std::vector<double>&t = log.at("Temp").values, &v = log.at("Volume").values, &e = log.at("PotEng").values;
  const CoolingRows cooling = cooling_rows(t);
  const std::vector<std::size_t>& rows = cooling.place;
  if (rows.empty()) context.warn("adopted: the temperature of the log never falls by 100 K; no V(T), H(T) and glass transition");
  std::map<long, std::vector<std::size_t>, std::greater<>> bins;
  for (std::size_t k = 0; k < rows.size(); ++k) bins[std::lround(cooling.smoothed[k] / o.bin)].push_back(rows[k]);
  CoolingCurve c;
  for (const auto& [key, members] : bins) {
    double mean_t = 0, mean_v = 0, mean_e = 0;
    const double share = 1 / static_cast<double>(members.size());
    for (const std::size_t i : members) mean_t += share * t[i], mean_v += share * v[i], mean_e += share * e[i];
    const double kinetic = 1.5 * (n - 1) * constants::boltzmann * mean_t;
    c.temperature.push_back(mean_t), c.temperature_error.push_back(NAN);
    c.volume.push_back(mean_v / n), c.volume_error.push_back(NAN);
    c.enthalpy.push_back(enthalpy(mean_e + kinetic, mean_v, o.pressure) / n), c.enthalpy_error.push_back(NAN);
  }
  const CurveColumn* p = log.find("Press");
  double pressure = 0;
  for (const std::size_t i : rows) pressure += p ? p->values[i] * constants::bar_in_gpa / static_cast<double>(rows.size()) : 0;
  if (p && std::abs(pressure - o.pressure) > 0.5)
    context.warn(
        fmt::format("adopted: the mean pressure of the cooling is {:.2g} GPa, --pressure is {:.2g} GPa: H = E + P V takes the second",
                    pressure, o.pressure));
  return c;
}

/// A finished run of the user's own: its last configuration, and V(T), H(T) of its log where the temperature falls.
Quench adopted(const QuenchOptions& o, const engine::Potential& potential, Context& context) {
  const engine::AdoptedRun run =
      engine::adopt(o.engine.adopt, parse_composition(o.composition).symbols(), {"Temp", "Volume", "PotEng"}, context);
  Quench result;
  result.potential_reference = potential.reference;
  result.engine_version = run.version;
  result.configuration = {run.frames.back()};
  Member m;
  const double n = static_cast<double>(run.frames.back().size());
  m.curve = adopted_curve(run.log, o, n, context);
  m.density = {density(result.configuration.back()), NAN, "adopted: of the last configuration"};
  m.energy = run.log.at("PotEng").values.back() / n;
  m.crystalline = crystalline_fraction(result.configuration.back()), m.laves = laves_fraction(result.configuration.back());
  context.warn("adopted: `energy` is that of the last row of the log, whatever its temperature; `glass`, `liquid` and `melt` are empty");
  summarise({m}, {}, o, result, context);
  return result;
}

void check(const QuenchOptions& o, const std::vector<Ramp>& schedule, Context& context) {
  if (o.members < 1) throw InputError(fmt::format("members: must be at least 1, got {}", o.members));
  if (schedule.front().target > o.melt_temperature)
    throw InputError(fmt::format("schedule: must cool from the melt temperature {} K, got the first target {} K", o.melt_temperature,
                                 schedule.front().target));
  if (o.atoms < 200) context.warn(fmt::format("{} atoms: boxes below about 500 atoms feel their own periodic images", o.atoms));
}

}  // namespace

Quench quench(const QuenchOptions& o, Context& context) {
  const std::vector<Ramp> schedule = parse_schedule(o.schedule, o.melt_temperature);
  check(o, schedule, context);
  const engine::Potential potential = engine::find_potential(o.potential, parse_composition(o.composition).symbols());
  if (!o.engine.adopt.empty()) return adopted(o, potential, context);
  const engine::Workspace workspace(context, o.engine);
  std::vector<engine::Job> jobs;
  for (int m = 0; m < o.members; ++m)
    jobs.push_back(quench_job(o, potential, schedule, m, workspace.path() / fmt::format("member-{}", m + 1)));
  Quench result;
  result.potential_reference = potential.reference;
  result.written_only = !engine::run_jobs(jobs, o.engine, context);
  if (result.written_only) {
    context.warn(fmt::format(
        "only scripts and inputs were written, in {}: run `lmp {} -in run.in` in each folder, then this command again without --write-only",
        workspace.path().string(), fmt::join(o.engine.engine_arguments(), " ")));
    result.glass_transition_fit = empty_fit(), result.samples = samples_table({});
    return result;
  }
  std::vector<Member> members;
  for (std::size_t j = 0; j < jobs.size(); ++j) {
    members.push_back(read_member(jobs[j], schedule, o, result));
    members.back().seed = member_seed(o.seed, static_cast<int>(j));
  }
  result.engine_version = engine::engine_version(jobs.front());
  summarise(members, schedule, o, result, context);
  return result;
}

const Fields& QuenchOptions::fields() {
  static const Fields table = with_nested<&QuenchOptions::engine>({
      field<&QuenchOptions::composition>("composition", "", "elements with atomic amounts, e.g. Cu64Zr36"),
      field<&QuenchOptions::potential>("potential", "", "file, alias (CuZr-Mendelev2007) or kim:MODEL"),
      field<&QuenchOptions::atoms>("atoms", "1", "atoms of a sample").range(10, 1e9),
      field<&QuenchOptions::members>("members", "1", "independent samples").range(1, 1e4),
      field<&QuenchOptions::melt_temperature>("melt_temperature", "K", "temperature of the melt").positive(),
      field<&QuenchOptions::melt_time>("melt_time", "ps", "time in the melt").positive(),
      field<&QuenchOptions::schedule>(
          "schedule", "",
          "cooling program: TEMPERATURE:RATE or TEMPERATURE:TIME (1000K:50ps anneals), one after the other; T_g is cleanest when one "
          "rate spans both lines, 300 K above and below"),
      field<&QuenchOptions::hold_time>("hold_time", "ps", "time at the last temperature, whose second half gives the density").positive(),
      field<&QuenchOptions::pressure>("pressure", "GPa", "constant isotropic pressure, also P0 of H = E + P0 V"),
      field<&QuenchOptions::timestep>("timestep", "ps", "time step").range(1e-5, 0.02),
      field<&QuenchOptions::seed>("seed", "1", "of starts and velocities; members derive theirs from it").range(0, 2e9),
      field<&QuenchOptions::force_tolerance>("force_tolerance", "eV/angstrom", "largest force on an atom after minimising").positive(),
      field<&QuenchOptions::relax_box>("relax_box", "", "minimise the box to the pressure as well"),
      field<&QuenchOptions::bin>("bin", "K", "width of the bins of V(T) and H(T)").range(1, 500).difference(),
  });
  return table;
}

const Fields& Quench::fields() {
  static const Fields table = {
      field<&Quench::configuration>("configuration", "", "inherent structure (minimised glass) of each member")
          .exact("one configuration each"),
      field<&Quench::glass>("glass", "", "thermal configuration at the end of the schedule").exact("one configuration each"),
      field<&Quench::liquid>("liquid", "", "inherent structure of the melt").exact("one configuration each"),
      field<&Quench::melt>("melt", "", "thermal configuration of the melt").exact("one configuration each"),
      field<&Quench::temperature>("temperature", "K", "mean temperature of each bin").exact("abscissa"),
      field<&Quench::volume>("volume", "angstrom^3", "volume per atom").over("temperature"),
      field<&Quench::volume_error>("volume_error", "angstrom^3", "standard error of the volume").error_for("volume"),
      field<&Quench::enthalpy>("enthalpy", "eV", "E + P0 V per atom, with the constant pressure P0").over("temperature"),
      field<&Quench::enthalpy_error>("enthalpy_error", "eV", "standard error of the enthalpy").error_for("enthalpy"),
      field<&Quench::glass_transition_volume>("glass_transition_volume", "K", "where the lines of V(T) meet; the one to compare"),
      field<&Quench::glass_transition_enthalpy>("glass_transition_enthalpy", "K",
                                                "where the lines of H(T) meet; uncertain where their slopes differ little"),
      field<&Quench::glass_transition_fit>("glass_transition_fit", "", "ranges and slopes of the lines, parts of the error"),
      field<&Quench::density>("density", "g/cm^3", "density at the end of the schedule"),
      field<&Quench::energy>("energy", "eV", "energy per atom of the inherent structure"),
      field<&Quench::liquid_energy>("liquid_energy", "eV", "energy per atom of the melt's inherent structure"),
      field<&Quench::crystalline_fraction>("crystalline_fraction", "1",
                                           "atoms with more than half of their bonds crystal-like: fcc, hcp, bcc"),
      field<&Quench::laves_fraction>("laves_fraction", "1", "atoms surrounded as in a Laves phase (C15, C14, C36)"),
      field<&Quench::crystallised>("crystallised", "", "a member has more than a tenth crystalline and Laves-like atoms")
          .exact("a threshold"),
      field<&Quench::samples>("samples", "", "each member"),
      field<&Quench::potential_reference>("potential_reference", "", "who made the potential").exact("text"),
      field<&Quench::engine_version>("engine_version", "", "version of LAMMPS").exact("text"),
      field<&Quench::written_only>("written_only", "", "scripts were written, nothing was run").exact("a fact"),
  };
  return table;
}

namespace {

/// For --dry-run: checks composition, potential and schedule, and counts the steps.
std::string cost(const QuenchOptions& o) {
  engine::find_potential(o.potential, parse_composition(o.composition).symbols());
  double steps = (o.melt_time + o.hold_time) / o.timestep, from = o.melt_temperature;
  for (const Ramp& ramp : parse_schedule(o.schedule, o.melt_temperature)) {
    steps += double(ramp_steps(from, ramp, o.timestep));
    from = ramp.target;
  }
  return engine::cost_text(steps, o.atoms, o.members, o.engine);
}

}  // namespace

const Analysis& quench_analysis() {
  static const Analysis entry = [] {
    Analysis a = analysis<&quench>("sample", "quench", "makes metallic glasses by cooling a melt in LAMMPS",
                                   {{"Mendelev, Sordelet, Kramer, J. Appl. Phys. 102, 043501 (2007)", "10.1063/1.2769157"},
                                    {"Debenedetti, Stillinger, Nature 410, 259 (2001)", "10.1038/35065704"},
                                    {"Stillinger, Weber, Phys. Rev. A 25, 978 (1982)", "10.1103/PhysRevA.25.978"},
                                    {"ten Wolde, Ruiz-Montero, Frenkel, J. Chem. Phys. 104, 9932 (1996)", "10.1063/1.471721"},
                                    {"Frank, Kasper, Acta Cryst. 11, 184 (1958)", "10.1107/S0365110X58000487"},
                                    {"Thompson et al., Comput. Phys. Commun. 271, 108171 (2022) (LAMMPS)", "10.1016/j.cpc.2021.108171"}});
    a.cost = [](const void* options, double) { return cost(*static_cast<const QuenchOptions*>(options)); };
    return a;
  }();
  return entry;
}

}  // namespace heteroglass::sample
