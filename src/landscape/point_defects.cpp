#include "landscape/point_defects.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include "core/error.hpp"
#include "landscape/defect_sites.hpp"
#include "landscape/defect_strings.hpp"
#include "landscape/minimise.hpp"
#include "landscape/moduli.hpp"
#include "landscape/normal_modes.hpp"
#include "landscape/relax.hpp"
#include "landscape/strain_response.hpp"
#include "numeric/sample_mean.hpp"
#include "sample/point_defects.hpp"

namespace heteroglass::landscape {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t modulus_kinds = 4;
const char* const modulus_names[modulus_kinds] = {"shear (Hill)", "c44", "c' = (c11 - c12)/2", "bulk"};

/// A relaxed configuration and what is measured of it.
struct Measurement {
  Frame frame;
  double energy = 0;              ///< [eV]
  double residual_force = 0;      ///< [eV/angstrom]
  double modulus[modulus_kinds];  ///< [GPa] in the order of modulus_names
};

struct Sample {
  Measurement of;
  int count = 0, number = 0;  ///< defects, sample
  DefectSites sites;
  bool changed = false;  ///< other defects than were made
};

/// Everything that a run shares.
struct Run {
  const PointDefectsOptions& options;
  std::shared_ptr<const potential::Potential> potential;
  Context& context;
};

void cubic_moduli(const potential::Stiffness& c, double* out) {
  const Moduli m = moduli(c);
  out[0] = m.shear.value;
  out[1] = (c[3][3] + c[4][4] + c[5][5]) / 3;
  out[2] = (c[0][0] + c[1][1] + c[2][2] - c[0][1] - c[0][2] - c[1][2]) / 6;
  out[3] = m.bulk.value;
}

Measurement measured(Run& run, const Frame& start) {
  const auto calculator = run.potential->calculator(start);
  Box box = start.box;
  std::vector<Vec3> position = start.position;
  const CellRelaxation cell{.stress_tolerance = run.options.stress_tolerance};
  const Relaxed relaxed = relax_cell(*calculator, box, position, {.force_tolerance = run.options.force_tolerance, .frozen = {}}, cell,
                                     potential::pressure_unit(start.units), run.context);
  if (!relaxed.converged) run.context.warn(fmt::format("not all configurations reached their minimum: {}", relaxed.message));
  Measurement m;
  m.frame = moved(start, box, std::move(position));
  m.energy = relaxed.energy, m.residual_force = relaxed.residual_force;
  Harmonic minimum(m.frame, run.potential, std::max(1e-3, 10 * run.options.force_tolerance));
  try {
    cubic_moduli(strain_response(minimum, "auto", 1e-6, run.context).slope, m.modulus);
  } catch (const NumericalError&) {
    run.context.warn("a configuration is a saddle, not a minimum: its moduli are left out");
    std::fill(std::begin(m.modulus), std::end(m.modulus), nan);
  }
  return m;
}

/// The defects that were made, where they were made: one atom more (or less) on each of the sites placed, and on no others. A hole has
/// several sites beside it, of which one counts as shared: there only the number must be right.
bool as_made(const DefectSites& d, const Frame& crystal, const Table& placed, const std::string& kind) {
  const std::vector<double>& ids = placed.columns[0].number;
  return d.defective.size() == ids.size() && std::all_of(d.defective.begin(), d.defective.end(), [&](std::size_t s) {
           const bool known = std::find(ids.begin(), ids.end(), static_cast<double>(crystal.id[s])) != ids.end();
           return d.occupancy[s] == (kind == "vacancy" ? 0 : 2) && (known || (kind != "vacancy" && !kind.starts_with("split")));
         });
}

std::vector<Sample> all_samples(Run& run, const Measurement& crystal) {
  const PointDefectsOptions& o = run.options;
  std::vector<int> counts = o.counts;
  std::sort(counts.begin(), counts.end());
  if (counts.empty() || counts.front() < 1)
    throw InputError(
        fmt::format("counts: must be positive numbers of defects, got {}", counts.empty() ? "none" : std::to_string(counts[0])));
  // All are placed before the first is relaxed: a count too large for the crystal shows at once.
  std::vector<sample::PointDefects> placed;
  for (const int count : counts)
    for (int k = 0; k < o.samples; ++k)
      placed.push_back(sample::point_defects(
          crystal.frame,
          {.defect = o.defect, .count = count, .minimum_distance = o.minimum_distance, .seed = o.seed + static_cast<int>(placed.size())}));
  std::vector<Sample> samples;
  for (const int count : counts)
    for (int k = 0; k < o.samples; ++k) {
      run.context.check_cancelled();
      const sample::PointDefects& made = placed[samples.size()];
      run.context.progress(static_cast<double>(samples.size()) / static_cast<double>(placed.size()), fmt::format("{} defects", count));
      Sample s{.of = measured(run, made.configuration[0]), .count = count, .number = k + 1, .sites = {}};
      s.sites = defect_sites(crystal.frame, s.of.frame);
      s.changed = !as_made(s.sites, crystal.frame, made.defects, o.defect);
      samples.push_back(std::move(s));
    }
  return samples;
}

/// [eV] of each species of the crystal.
std::vector<double> chemical_potentials(const PointDefectsOptions& o, const Measurement& crystal) {
  const Frame& f = crystal.frame;
  const std::vector<std::size_t> counts = f.species_counts();
  const auto present = std::count_if(counts.begin(), counts.end(), [](std::size_t n) { return n > 0; });
  std::vector<double> mu(counts.size(), crystal.energy / static_cast<double>(f.size()));
  if (o.chemical_potential.empty() && present == 1) return mu;
  for (std::size_t s = 0; s < counts.size(); ++s) {
    if (counts[s] == 0) continue;
    const auto given = o.chemical_potential.find(f.species[s].name);
    if (given == o.chemical_potential.end())
      throw InputError(fmt::format("chemical_potential: must be given for each element of a compound, got none for {}", f.species_name(s)));
    mu[s] = given->second;
  }
  return mu;
}

double enthalpy(const Sample& s, const Measurement& crystal, const std::vector<double>& mu) {
  double h = s.of.energy - crystal.energy;
  const std::vector<std::size_t> before = crystal.frame.species_counts(), after = s.of.frame.species_counts();
  for (std::size_t k = 0; k < mu.size(); ++k) h -= mu[k] * (static_cast<double>(after[k]) - static_cast<double>(before[k]));
  return h / s.count;
}

double relaxation_volume(const Sample& s, const Measurement& crystal) {
  const double omega = crystal.frame.box.volume() / static_cast<double>(crystal.frame.size());
  return (s.of.frame.box.volume() - crystal.frame.box.volume()) / (s.count * omega);
}

double concentration(const Sample& s, const Measurement& crystal) { return s.count / static_cast<double>(crystal.frame.size()); }

/// -d ln M / dc by a line through the origin, of the configurations that kept their defects.
Measured softening(const std::vector<Sample>& samples, const Measurement& crystal, std::size_t kind) {
  std::vector<double> x, y;
  for (const Sample& s : samples)
    if (s.of.modulus[kind] > 0) x.push_back(concentration(s, crystal)), y.push_back(-std::log(s.of.modulus[kind] / crystal.modulus[kind]));
  if (x.empty()) return {nan, nan, "no configuration has moduli"};
  double xx = 0, xy = 0, rr = 0;
  for (std::size_t k = 0; k < x.size(); ++k) xx += x[k] * x[k], xy += x[k] * y[k];
  Measured slope{xy / xx, nan, "one concentration; give more counts or samples for an error"};
  for (std::size_t k = 0; k < x.size(); ++k) rr += std::pow(y[k] - slope.value * x[k], 2);
  if (x.size() > 1) {
    slope.error = std::sqrt(rr / static_cast<double>(x.size() - 1) / xx);
    slope.note = "scatter about the line of ln M against c";
  }
  return slope;
}

void describe_moduli(const std::vector<Sample>& samples, const Measurement& crystal, PointDefects& r) {
  Table& t = r.moduli;
  t.add_text("modulus", "averages over the directions of the cube");
  t.add_number("crystal", "GPa", "without defects");
  t.add_number("softening", "1", "-dlnM/dc, alpha beta of the theory"), t.add_number("softening_error", "1");
  t.add_number("alpha", "1", "H_f / (M Omega)"), t.add_number("beta", "1", "softening / alpha"), t.add_number("beta_error", "1");
  const double unit = potential::pressure_unit(crystal.frame.units);
  for (std::size_t k = 0; k < modulus_kinds; ++k) {
    const Measured s = softening(samples, crystal, k);
    const double alpha = r.formation_enthalpy.value / (crystal.modulus[k] * r.atomic_volume / unit);
    const double row[] = {crystal.modulus[k], s.value, s.error, alpha, s.value / alpha, s.error / alpha};
    t.columns[0].text.emplace_back(modulus_names[k]);
    for (std::size_t c = 0; c < std::size(row); ++c) t.columns[c + 1].number.push_back(row[c]);
    if (k > 0) continue;
    r.shear_volume_energy = crystal.modulus[0] * r.atomic_volume / unit;
    r.alpha = {alpha, r.formation_enthalpy.error / r.shear_volume_energy, r.formation_enthalpy.note};
    r.beta = {s.value / alpha, s.error / alpha, s.note};
  }
  const double s = t.columns[2].number[0];
  const auto row = [&](double c, const Measurement& m) {
    r.concentration.push_back(c);
    r.shear_modulus.push_back(m.modulus[0]), r.c44.push_back(m.modulus[1]), r.c_prime.push_back(m.modulus[2]);
    r.bulk_modulus.push_back(m.modulus[3]), r.shear_modulus_model.push_back(crystal.modulus[0] * std::exp(-s * c));
  };
  row(0, crystal);
  for (const Sample& x : samples) row(concentration(x, crystal), x.of);
}

void describe_configurations(const std::vector<Sample>& samples, const Measurement& crystal, const std::vector<double>& mu,
                             PointDefects& r) {
  Table& t = r.configurations;
  t.add_number("defects", "1"), t.add_number("sample", "1"), t.add_number("concentration", "1", "per site");
  t.add_number("formation_enthalpy", "eV", "per defect"), t.add_number("relaxation_volume", "1", "per defect, in atomic volumes");
  t.add_number("shear_modulus", "GPa"), t.add_number("c44", "GPa"), t.add_number("c_prime", "GPa"), t.add_number("bulk_modulus", "GPa");
  t.add_number("residual_force", "eV/angstrom"), t.add_number("empty_sites", "1"), t.add_number("shared_sites", "1");
  t.add_number("kept", "1", "1: the defects are those that were made; 0: some moved or joined");
  for (const Sample& s : samples) {
    const auto empty = std::count(s.sites.occupancy.begin(), s.sites.occupancy.end(), 0);
    const double row[] = {static_cast<double>(s.count),
                          static_cast<double>(s.number),
                          concentration(s, crystal),
                          enthalpy(s, crystal, mu),
                          relaxation_volume(s, crystal),
                          s.of.modulus[0],
                          s.of.modulus[1],
                          s.of.modulus[2],
                          s.of.modulus[3],
                          s.of.residual_force,
                          static_cast<double>(empty),
                          static_cast<double>(s.sites.defective.size()) - static_cast<double>(empty),
                          s.changed ? 0.0 : 1.0};
    for (std::size_t c = 0; c < std::size(row); ++c) t.columns[c].number.push_back(row[c]);
  }
}

/// Over the samples of the smallest count.
Measured smallest(const std::vector<Sample>& samples, const std::function<double(const Sample&)>& value) {
  std::vector<double> x;
  for (const Sample& s : samples)
    if (s.count == samples.front().count) x.push_back(value(s));
  const bool alike = x.size() == 1 || samples.front().count == 1;
  if (!alike) return numeric::sample_mean(x, "");
  return {x.front(), nan, "of this potential and cell; larger cells tell what the cell does"};
}

/// Weight of a mode on `core` over that of all atoms.
double weight(std::span<const double> e, const std::vector<std::size_t>& core) {
  double on = 0;
  for (const std::size_t i : core)
    for (std::size_t k = 0; k < 3; ++k) on += e[3 * i + k] * e[3 * i + k];
  return on / static_cast<double>(core.size()) * static_cast<double>(e.size() / 3);
}

Modes modes_of(Run& run, const Frame& f, std::size_t count) {
  Harmonic minimum(f, run.potential, 1e-2);
  Modes m = softest_modes(minimum, std::min(count, 3 * f.size() - 3), 1, available_memory(), run.context);
  for (double& v : m.value) v = minimum.frequency(v);
  return m;
}

/// Modes whose amplitude on the core is five times the mean or more; the softest that has half the largest core weight is the resonance.
void list_resonances(double core_part, PointDefects& r) {
  Table& t = r.resonances;
  t.add_number("frequency", "THz"), t.add_number("core_weight", "1", "mean square amplitude on the core over that on all");
  t.add_number("core_share", "1", "part of the mode that is on the core"), t.add_number("atoms", "1", "that take part, 1 / sum |e_i|^4");
  const double most = *std::max_element(r.core_weight.begin(), r.core_weight.end());
  r.resonance_frequency = {nan, nan, "no soft mode has five times the mean amplitude on the core"};
  for (std::size_t p = 0; p < r.frequency.size(); ++p) {
    const double w = r.core_weight[p];
    if (w < 5) continue;
    const double row[] = {r.frequency[p], w, w * core_part, r.participating_atoms[p]};
    for (std::size_t c = 0; c < std::size(row); ++c) t.columns[c].number.push_back(row[c]);
    if (std::isnan(r.resonance_frequency.value) && w > most / 2)
      r.resonance_frequency = {r.frequency[p], nan, "of this cell, whose sound waves mix with it; compare cells"};
  }
}

void describe_modes(Run& run, const Measurement& crystal, const Sample& s, PointDefects& r) {
  run.context.progress(1, "soft modes");
  r.crystal_frequency = modes_of(run, crystal.frame, 1).value.front();
  const Modes m = modes_of(run, s.of.frame, static_cast<std::size_t>(run.options.modes));
  const std::vector<std::size_t> core = core_atoms(crystal.frame, s.of.frame, s.sites);
  const std::size_t n = 3 * s.of.frame.size();
  for (std::size_t p = 0; p < m.value.size(); ++p) {
    const auto e = std::span<const double>(m.vector).subspan(p * n, n);
    r.frequency.push_back(m.value[p]), r.core_weight.push_back(weight(e, core));
    r.participating_atoms.push_back(participation(e, 3, n / 3) * static_cast<double>(n / 3));
  }
  list_resonances(static_cast<double>(core.size()) / static_cast<double>(n / 3), r);
  if (r.frequency.front() < 0)
    run.context.warn(fmt::format("the lowest mode is negative ({:.3g} {}): this defect is a saddle and turns into another one; no moduli",
                                 r.frequency[0], unit_in(crystal.frame.units, "THz")));
}

void leave_out_moduli(std::vector<Sample>& samples) {
  for (Sample& s : samples) std::fill(std::begin(s.of.modulus), std::end(s.of.modulus), nan);
}

void warn(const std::vector<Sample>& samples, Context& context) {
  for (const Sample& s : samples)
    if (s.changed)
      context.warn(
          fmt::format("{} defects, sample {}: relaxation moved or joined defects ({} sites are empty or shared); left out of softening",
                      s.count, s.number, s.sites.defective.size()));
}

}  // namespace

PointDefects point_defects(const Frame& frame, const PointDefectsOptions& o, Context& context) {
  Run run{o, potential::load(o.potential, frame, context), context};
  if (run.potential->dimension() != 3) throw InputError(fmt::format("potential: must be three-dimensional, got {}", o.potential));
  const Measurement crystal = measured(run, frame);
  const std::vector<double> mu = chemical_potentials(o, crystal);
  std::vector<Sample> samples = all_samples(run, crystal);
  PointDefects r;
  describe_modes(run, crystal, samples.front(), r);
  if (r.frequency.front() < 0) leave_out_moduli(samples);
  r.potential_reference = run.potential->reference();
  r.crystal_energy = crystal.energy / static_cast<double>(frame.size());
  r.atomic_volume = crystal.frame.box.volume() / static_cast<double>(frame.size());
  r.formation_enthalpy = smallest(samples, [&](const Sample& s) { return enthalpy(s, crystal, mu); });
  r.relaxation_volume = smallest(samples, [&](const Sample& s) { return relaxation_volume(s, crystal); });
  r.formation_volume = r.relaxation_volume;
  r.formation_volume.value += o.defect == "vacancy" ? 1 : -1;
  describe_moduli(samples, crystal, r);
  describe_configurations(samples, crystal, mu, r);
  const Sample& first = samples.front();
  describe_sites(crystal.frame, first.of.frame, first.sites, o.string_threshold, r);
  r.configuration = {crystal.frame};
  int last = 0;
  for (const Sample& s : samples)
    if (s.count != std::exchange(last, s.count)) r.configuration.push_back(with_displacements(s.of.frame, s.sites));
  warn(samples, context);
  return r;
}

const Fields& PointDefectsOptions::fields() {
  using O = PointDefectsOptions;
  static const Fields table = {
      field<&O::potential>("potential", "", "file, alias or name of the interatomic potential"),
      field<&O::defect>("defect", "", "kind of defect").one_of(sample::defect_kinds()),
      field<&O::counts>("counts", "1", "numbers of defects in the cell, each a configuration of its own").range(1, 1e7),
      field<&O::samples>("samples", "1", "random configurations of each count").range(1, 1000),
      field<&O::minimum_distance>("minimum_distance", "angstrom", "least distance between defects").non_negative(),
      field<&O::chemical_potential>("chemical_potential", "eV", "of the elements, Cu=-3.5,Zr=-6.5; unset: energy per atom of the crystal"),
      field<&O::force_tolerance>("force_tolerance", "eV/angstrom", "largest force on an atom after relaxation").positive(),
      field<&O::stress_tolerance>("stress_tolerance", "GPa", "largest stress after relaxation").positive(),
      field<&O::string_threshold>("string_threshold", "1", "displacement that counts, in nearest-neighbour distances").positive(),
      field<&O::modes>("modes", "1", "softest modes to find").range(1, 1000),
      field<&O::seed>("seed", "1", "of places and orientations").range(0, 2e9),
  };
  return table;
}

const Fields& PointDefects::fields() {
  using P = PointDefects;
  const std::string computed = "of this potential and cell";
  static const Fields table = {
      field<&P::formation_enthalpy>("formation_enthalpy", "eV", "H_f at zero stress, per defect, of the smallest count"),
      field<&P::formation_volume>("formation_volume", "1", "in atomic volumes"),
      field<&P::relaxation_volume>("relaxation_volume", "1", "volume change per defect with the number of sites kept, in atomic volumes"),
      field<&P::alpha>("alpha", "1", "H_f / (G Omega)"),
      field<&P::beta>("beta", "1", "shear susceptibility, -dlnG/dc / alpha"),
      field<&P::shear_volume_energy>("shear_volume_energy", "eV", "G Omega of the crystal").exact(computed),
      field<&P::crystal_energy>("crystal_energy", "eV", "energy per atom of the crystal").exact(computed),
      field<&P::atomic_volume>("atomic_volume", "angstrom^3", "Omega, volume per atom of the crystal").exact(computed),
      field<&P::moduli>("moduli", "", "how defects change each modulus"),
      field<&P::configurations>("configurations", "", "each crystal with defects").exact(computed),
      field<&P::concentration>("concentration", "1", "defects per site; 0: the crystal").exact("counted"),
      field<&P::shear_modulus>("shear_modulus", "GPa", "G, Hill's average").over("concentration", Plot::points).exact(computed),
      field<&P::shear_modulus_model>("shear_modulus_model", "GPa", "G0 exp(-alpha beta c)")
          .over("concentration")
          .with("shear_modulus")
          .exact("see beta"),
      field<&P::c44>("c44", "GPa", "mean of C44, C55, C66").over("concentration", Plot::none).exact(computed),
      field<&P::c_prime>("c_prime", "GPa", "(c11 - c12)/2").over("concentration", Plot::none).exact(computed),
      field<&P::bulk_modulus>("bulk_modulus", "GPa", "K").over("concentration", Plot::none).exact(computed),
      field<&P::sites>("sites", "", "empty and shared sites of the smallest count").exact(computed),
      field<&P::displaced_atoms>("displaced_atoms", "1", "atoms displaced by more than string_threshold").exact("counted"),
      field<&P::string_length>("string_length", "1", "atoms in the longest row of displaced ones through the defect").exact("counted"),
      field<&P::strings>("strings", "", "rows of displaced atoms through the defect, by family of directions").exact(computed),
      field<&P::distance>("distance", "angstrom", "of each atom's site from the defect").exact(computed),
      field<&P::displacement>("displacement", "angstrom", "of each atom from its site").over("distance", Plot::points).exact(computed),
      field<&P::frequency>("frequency", "THz", "of the softest modes of the smallest count").exact(computed),
      field<&P::core_weight>("core_weight", "1", "mean square amplitude on the atoms around the defect over that on all")
          .over("frequency", Plot::points)
          .exact(computed),
      field<&P::participating_atoms>("participating_atoms", "1", "atoms in the mode, 1 / sum |e_i|^4")
          .over("frequency", Plot::points)
          .exact(computed),
      field<&P::crystal_frequency>("crystal_frequency", "THz", "lowest mode of the perfect crystal in the same cell").exact(computed),
      field<&P::resonances>("resonances", "", "soft modes with five times the mean amplitude on the core, or more").exact(computed),
      field<&P::resonance_frequency>("resonance_frequency", "THz", "of the softest mode with at least half the largest core weight"),
      field<&P::configuration>("configuration", "", "the relaxed crystal, then the first sample of each count").exact("configurations"),
      field<&P::potential_reference>("potential_reference", "", "who made the potential").exact("text"),
  };
  return table;
}

const Analysis& point_defects_analysis() {
  static const Analysis entry = analysis<&point_defects>(
      "landscape", "point_defects", "formation enthalpy, softening, strings and soft modes of point defects in a crystal",
      {{"Granato, Phys. Rev. Lett. 68, 974 (1992)", "10.1103/PhysRevLett.68.974"},
       {"Granato, Eur. Phys. J. B 87, 18 (2014)", "10.1140/epjb/e2013-41024-1"},
       {"Dederichs et al., J. Nucl. Mater. 69-70, 176 (1978)", "10.1016/0022-3115(78)90243-X"},
       {"Nordlund et al., Europhys. Lett. 71, 625 (2005)", "10.1209/epl/i2005-10132-1"}});
  return entry;
}

}  // namespace heteroglass::landscape
