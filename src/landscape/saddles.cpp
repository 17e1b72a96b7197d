#include "landscape/saddles.hpp"

#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <optional>

#include "core/analysis.hpp"
#include "core/error.hpp"
#include "io/atomic_file.hpp"
#include "landscape/region.hpp"
#include "landscape/relax.hpp"
#include "landscape/saddle_event.hpp"
#include "landscape/saddle_journal.hpp"
#include "landscape/saddle_tables.hpp"
#include "structure/first_shell.hpp"

namespace heteroglass::landscape {
namespace {

/// Frame indices of the centres of all searches.
std::vector<std::int32_t> centres(const Frame& frame, const SaddlesOptions& o) {
  std::vector<std::int32_t> from;
  for (const int id : o.centres) {
    const auto at = std::lower_bound(frame.id.begin(), frame.id.end(), static_cast<std::int64_t>(id));
    if (at == frame.id.end() || *at != id) throw InputError(fmt::format("--centres: must be ids of {}, got {}", frame.source, id));
    from.push_back(static_cast<std::int32_t>(at - frame.id.begin()));
  }
  std::vector<std::int32_t> out;
  if (from.empty() && !o.searches_per_atom) {
    for (int s = 0; s < o.searches; ++s) {  // splitmix64: a random atom for each search
      std::uint64_t z = (static_cast<std::uint64_t>(o.seed) << 32) + static_cast<std::uint64_t>(s + 1) * 0x9e3779b97f4a7c15u;
      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u, z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
      out.push_back(static_cast<std::int32_t>((z ^ (z >> 31)) % frame.size()));
    }
    return out;
  }
  if (from.empty())
    for (std::size_t i = 0; i < frame.size(); ++i) from.push_back(static_cast<std::int32_t>(i));
  const std::size_t n =
      o.searches_per_atom ? from.size() * static_cast<std::size_t>(*o.searches_per_atom) : static_cast<std::size_t>(o.searches);
  for (std::size_t s = 0; s < n; ++s) out.push_back(from[s % from.size()]);
  return out;
}

/// The frame at its minimum, all else of a search that is common.
Start minimised(const Frame& frame, const potential::Potential& potential, double force_tolerance, Saddles& out, Context& context) {
  Start s;
  s.potential = &potential, s.frame = &frame, s.position = frame.position;
  WholeField field(potential, frame);
  Vectors f(frame.size());
  potential::Voigt virial{};
  const Relaxed r = relax(field.calculator(), frame.box, s.position, {.force_tolerance = 0.01 * force_tolerance}, context);
  if (!r.converged)
    throw NumericalError(fmt::format("saddles: the start must minimise to {:.1e}, got a force of {:.1e}; see landscape minimise",
                                     0.01 * force_tolerance, r.residual_force));
  for (std::size_t i = 0; i < frame.size(); ++i) out.start_moved = std::max(out.start_moved, norm(s.position[i] - frame.position[i]));
  s.energy = field.calculator().forces(frame.box, s.position, f, &virial);
  s.residual_norm = norm(f);
  s.virial_trace = virial[0] + virial[1] + virial[2];
  out.start_energy = s.energy;
  return s;
}

/// [energy/length^3] by straining all edges by +- 5e-4 and relaxing; NaN unless all directions repeat.
double bulk_modulus(const Start& s, double force_tolerance, Context& context) {
  const Frame& frame = *s.frame;
  if (!frame.box.fully_periodic() || s.potential->dimension() == 2) return NAN;
  const double e = 5e-4;
  std::array<double, 2> pressure{};
  for (const int side : {0, 1}) {
    const double scale = side == 0 ? 1 - e : 1 + e;
    Mat3 edges = frame.box.edges();
    for (std::size_t a = 0; a < 3; ++a)
      for (std::size_t b = 0; b < 3; ++b) edges[a][b] *= scale;
    Frame strained = frame;
    strained.box = Box(edges, frame.box.origin(), frame.box.periodicity());
    Vectors x = s.position, f(x.size());
    for (Vec3& r : x) r = frame.box.origin() + scale * (r - frame.box.origin());
    WholeField field(*s.potential, strained);
    relax(field.calculator(), strained.box, x, {.force_tolerance = force_tolerance}, context);
    potential::Voigt virial{};
    field.calculator().forces(strained.box, x, f, &virial);
    pressure[static_cast<std::size_t>(side)] = -(virial[0] + virial[1] + virial[2]) / 3 / strained.box.volume();
  }
  const double volume_strain = std::pow(1 + e, 3) - std::pow(1 - e, 3);
  return -(pressure[1] - pressure[0]) / volume_strain;
}

/// In two dimensions g(r) of the box, which is as thin as it happens to be, has no meaning.
double first_shell(const Frame& frame, bool flat, const SaddlesOptions& o) {
  return flat ? o.r_cut.value_or(1.5 * spacing(frame, true)) : structure::shell_radius(frame, o.r_cut);
}

EventOptions event_options(const Frame& frame, bool flat, const SaddlesOptions& o, Saddles& out) {
  const bool lj = frame.units == UnitSystem::lj;
  EventOptions e;
  out.displacement = o.displacement.value_or(!lj ? 0.5 : flat ? 0.1 : 0.2);
  out.region_radius = o.region_radius.value_or((flat ? 5 : 2.5) * spacing(frame, flat));
  e.search = SearchOptions{}.scaled(lj ? 0.4 : 1);
  e.search.push = out.displacement;
  e.search.ninit = o.ninit, e.search.neigen = o.neigen, e.search.nperp = o.nperp, e.search.max_evaluations = o.max_evaluations;
  e.search.lanczos.max_iterations = o.lanczos_max, e.search.lanczos.tolerance = o.eigenvalue_tolerance;
  e.region_radius = out.region_radius;
  e.force_tolerance = o.force_tolerance;
  e.region_tolerance = 10 * o.force_tolerance;
  e.same_displacement = o.same_displacement, e.same_energy = o.same_energy;
  e.seed = static_cast<std::uint64_t>(o.seed);
  return e;
}

std::string fingerprint(const Start& s, const SaddlesOptions& o, std::size_t searches) {
  std::string all;
  for (const Field& f : SaddlesOptions::fields())
    if (f.kind == Kind::real) all += fmt::format("{} {:.17g};", f.name, f.get<double>(&o));
  all += fmt::format("{} {} {} {} {} {} {} {} {}", o.potential, o.r_cut.value_or(-1), searches, o.displacement.value_or(-1),
                     o.region_radius.value_or(-1), o.ninit, o.neigen, o.lanczos_max, o.max_evaluations);
  for (int n : o.nperp) all += fmt::format(" {}", n);
  all += fmt::format(" {}", o.seed);
  for (const Vec3& r : s.position) all += fmt::format(" {:.17g} {:.17g} {:.17g}", r.x, r.y, r.z);
  return io::sha256(all);
}

/// All searches that are not in the journal, on threads; in the order of their numbers.
std::vector<Event> run_searches(const Start& s, const std::vector<std::int32_t>& at, const EventOptions& o, Journal& journal,
                                Context& context) {
  std::vector<std::optional<Event>> done(at.size());
  for (const Event& e : journal.read())
    if (e.search >= 0 && static_cast<std::size_t>(e.search) < at.size()) done[static_cast<std::size_t>(e.search)] = e;
  std::atomic<std::size_t> finished = journal.read().size();
  std::atomic<bool> stop = false;
  std::string failure;
#pragma omp parallel for schedule(dynamic, 1)
  for (std::int64_t k = 0; k < static_cast<std::int64_t>(at.size()); ++k) {
    const auto n = static_cast<std::size_t>(k);
    if (done[n] || stop) continue;
    if (context.cancelled()) {
      stop = true;
      continue;
    }
    try {
      done[n] = find_event(s, static_cast<int>(k), at[n], o);
#pragma omp critical(heteroglass_saddles)
      journal.append(*done[n]);
    } catch (const std::exception& e) {
      stop = true;
#pragma omp critical(heteroglass_saddles)
      failure = e.what();
    }
    ++finished;
    if (omp_get_thread_num() == 0)
      context.progress(static_cast<double>(finished) / static_cast<double>(at.size()),
                       fmt::format("{} of {} searches", finished.load(), at.size()));
  }
  if (!failure.empty()) throw NumericalError("saddles: " + failure);
  context.check_cancelled();
  std::vector<Event> all;
  for (auto& e : done) all.push_back(std::move(*e));
  return all;
}

Frame moved(const Start& s, const Moved* by, double energy_above) {
  Frame f = *s.frame;
  f.position = s.position;
  if (by)
    for (std::size_t k = 0; k < by->atom.size(); ++k) f.position[static_cast<std::size_t>(by->atom[k])] += by->by[k];
  f.velocity.clear(), f.image.clear();
  f.source += fmt::format(" at {:.4g} above the start", energy_above);
  f.normalise();
  return f;
}

/// Measured with an embedded-atom potential: what a search takes in its region, and the part that goes on to the whole system.
std::string cost(const SaddlesOptions& o, double atoms) {
  const double searches = !o.searches_per_atom ? o.searches : *o.searches_per_atom * (o.centres.empty() ? atoms : double(o.centres.size()));
  return fmt::format(
      "{:.0f} searches of some 300 force evaluations of the region, and of the whole system some 250 for each event that passes there (a "
      "third); about "
      "{:.2g} minutes on one core with an embedded-atom potential; searches run side by side on threads",
      searches, searches * (0.2 + 7e-5 * atoms) / 60);
}

}  // namespace

Saddles saddles(const Frame& frame, const SaddlesOptions& o, Context& context) {
  if (frame.size() < 2) throw InputError(fmt::format("{}: must hold at least two atoms, got {}", frame.source, frame.size()));
  const auto potential = potential::load(o.potential, frame, context);
  const std::vector<std::int32_t> at = centres(frame, o);
  Saddles out;
  Start start = minimised(frame, *potential, o.force_tolerance, out, context);
  if (out.start_moved > o.same_displacement)
    context.warn(fmt::format("the start was no minimum: an atom moved by {:.3g} while it was minimised; `start` holds the minimum used",
                             out.start_moved));
  const bool flat = potential->dimension() == 2;
  start.r_cut = first_shell(frame, flat, o);
  const double modulus = bulk_modulus(start, 0.1 * o.force_tolerance, context);
  if (std::isnan(modulus)) context.warn("no activation volumes: they need a box that repeats in three directions");
  out.bulk_modulus = modulus * potential::pressure_unit(frame.units);
  const EventOptions eo = event_options(frame, flat, o, out);
  Journal journal(context.directory, fingerprint(start, o, at.size()));
  const std::vector<Event> all = run_searches(start, at, eo, journal, context);
  const SpectrumOptions so{o.same_displacement, o.same_energy, o.minimum_barrier, o.barrier_bin, modulus};
  const std::vector<const Event*> different = summarise(frame, all, so, out);
  if (out.avalanches > 0 && frame.size() >= 200)
    context.warn(
        fmt::format("avalanches: after {} of {} events more than a quarter of all atoms have moved (atoms_moved); the start is marginal, "
                    "and where an avalanche ends, its energy_change included, depends on the minimiser; barriers do not",
                    out.avalanches, different.size()));
  out.start = {moved(start, nullptr, 0)};
  for (const Event* e : different) {
    if (static_cast<int>(out.saddle.size()) >= o.keep) break;
    out.saddle.push_back(moved(start, &e->saddle, e->barrier));
    out.final_state.push_back(moved(start, &e->final_state, e->energy_change));
  }
  return out;
}

const Analysis& saddles_analysis() {
  static const Analysis entry = [] {
    Analysis a = analysis<&saddles>("landscape", "saddles", "activated events: saddles, barriers, connected minima, by ARTn",
                                    {{"Barkema, Mousseau, Phys. Rev. Lett. 77, 4358 (1996)", "10.1103/PhysRevLett.77.4358"},
                                     {"Malek, Mousseau, Phys. Rev. E 62, 7723 (2000)", "10.1103/PhysRevE.62.7723"},
                                     {"Rodney, Schuh, Phys. Rev. B 80, 184203 (2009)", "10.1103/PhysRevB.80.184203"},
                                     {"Fan, Iwashita, Egami, Nat. Commun. 5, 5083 (2014)", "10.1038/ncomms6083"}});
    a.cost = [](const void* options, double atoms) { return cost(*static_cast<const SaddlesOptions*>(options), atoms); };
    return a;
  }();
  return entry;
}

}  // namespace heteroglass::landscape
