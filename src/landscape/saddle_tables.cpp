#include "landscape/saddle_tables.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "numeric/proportion.hpp"

namespace heteroglass::landscape {
namespace {

double apart(const Moved& a, const Moved& b) {
  double most = 0;
  std::size_t i = 0, j = 0;
  while (i < a.atom.size() || j < b.atom.size()) {
    Vec3 d;
    if (j == b.atom.size() || (i < a.atom.size() && a.atom[i] < b.atom[j]))
      d = a.by[i++];
    else if (i == a.atom.size() || b.atom[j] < a.atom[i])
      d = b.by[j++];
    else
      d = a.by[i++] - b.by[j++];
    most = std::max(most, norm2(d));
  }
  return std::sqrt(most);
}

/// Atoms farther from their place at the start than `least`.
double involved(const Moved& m, double least) {
  return static_cast<double>(std::count_if(m.by.begin(), m.by.end(), [&](const Vec3& d) { return norm(d) > least; }));
}

/// A saddle is local; after it a marginal start may run far downhill, and where it comes to rest is up to the minimiser.
constexpr double avalanche = 0.25;  ///< [1] of all atoms moved in the final state

Table outcome_table(const std::vector<Event>& all) {
  Table t;
  t.add_text("outcome", "how a search ended"), t.add_number("searches", "1", "number"), t.add_number("fraction", "1", "of all searches"),
      t.add_number("fraction_error", "1");
  for (const Outcome o :
       {Outcome::connected, Outcome::unconnected, Outcome::no_saddle, Outcome::not_whole, Outcome::higher_order, Outcome::same_minimum}) {
    const auto n = static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const Event& e) { return e.outcome == o; }));
    t.columns[0].text.push_back(name(o));
    t.columns[1].number.push_back(static_cast<double>(n));
    t.columns[2].number.push_back(static_cast<double>(n) / static_cast<double>(all.size()));
    t.columns[3].number.push_back(numeric::proportion_error(n, all.size()));
  }
  return t;
}

/// Columns of the table, filled row by row.
class EventTable {
 public:
  explicit EventTable(const SpectrumOptions& o) : o_(o) {
    t_.add_number("centre", "1", "id of the atom pushed");
    t_.add_number("barrier", "eV", "energy of the saddle above the start");
    t_.add_number("barrier_error", "eV", "at most: |f|^2 / (2 lambda) of the residual forces at saddle and start");
    t_.add_number("energy_change", "eV", "energy of the final state above the start");
    t_.add_number("energy_change_error", "eV", "at most: the same of the residual forces at final state and start");
    t_.add_number("reverse_barrier", "eV", "energy of the saddle above the final state");
    if (has_volume()) t_.add_number("activation_volume", "angstrom^3", "V dp / B of the saddle at constant volume");
    t_.add_number("force_evaluations", "1", "to the saddle, in the region");
    t_.add_number("all_evaluations", "1", "in the region, both sides included");
    t_.add_number("whole_evaluations", "1", "of the whole system");
    t_.add_number("atoms_involved", "1", "moved by more than same_displacement at the saddle");
    t_.add_number("atoms_moved", "1", "moved by more than same_displacement in the final state: many after an avalanche");
    t_.add_number("connected", "1", "always 1: the start is one of the two minima; other searches are counted in outcomes");
    t_.add_number("found", "1", "searches that found this event");
    t_.add_number("curvature", "eV/angstrom^2", "lowest at the saddle");
    t_.add_number("curvature_error", "eV/angstrom^2", "residual |H v - lambda v|: an eigenvalue lies within");
    t_.add_number("next_curvature", "eV/angstrom^2", "second lowest at the saddle");
    t_.add_number("next_curvature_error", "eV/angstrom^2", "residual, likewise");
    t_.add_number("curvatures_converged", "1", "of the two, those whose residual tells their sign");
    t_.add_number("residual_force", "eV/angstrom", "longest, whole system at the saddle");
    t_.add_number("outer_force", "eV/angstrom", "longest when only the region had relaxed");
  }
  void add(const Frame& frame, const Event& e, double found) {
    std::vector<double> row = {static_cast<double>(frame.id[static_cast<std::size_t>(e.centre)]),
                               e.barrier,
                               e.barrier_error,
                               e.energy_change,
                               e.energy_change_error,
                               e.barrier - e.energy_change};
    if (has_volume()) row.push_back(-e.pressure_rise / 3 / o_.bulk_modulus);
    row.insert(row.end(), {static_cast<double>(e.evaluations), static_cast<double>(e.region_evaluations),
                           static_cast<double>(e.whole_evaluations), involved(e.saddle, o_.same_displacement),
                           involved(e.final_state, o_.same_displacement), 1, found, e.curvature, e.curvature_error, e.next_curvature,
                           e.next_curvature_error, static_cast<double>(e.curvatures_converged), e.residual_force, e.outer_force});
    for (std::size_t k = 0; k < t_.columns.size(); ++k) t_.columns[k].number.push_back(row[k]);
  }
  Table take() { return std::move(t_); }

 private:
  bool has_volume() const { return !std::isnan(o_.bulk_modulus); }
  const SpectrumOptions& o_;
  Table t_;
};

void add_spectrum(const std::vector<double>& barriers, const std::optional<double>& bin, Saddles& out) {
  if (barriers.empty()) return;
  const double most = *std::max_element(barriers.begin(), barriers.end());
  const double width =
      bin.value_or(std::max(most / std::clamp(std::sqrt(static_cast<double>(barriers.size())), 4.0, 25.0), 1e-6) * (1 + 1e-9));
  const auto bins = static_cast<std::size_t>(std::floor(most / width)) + 1;
  std::vector<double> count(bins, 0);
  for (const double b : barriers) ++count[std::min(bins - 1, static_cast<std::size_t>(b / width))];
  for (std::size_t k = 0; k < bins; ++k) {
    const double each = 1 / (width * static_cast<double>(barriers.size()));
    out.barrier.push_back((static_cast<double>(k) + 0.5) * width);
    out.spectrum.push_back(count[k] * each);
    out.spectrum_error.push_back(std::sqrt(count[k]) * each);
  }
}

void add_per_atom(const Frame& frame, const std::vector<const Event*>& connected, double same_displacement, Saddles& out) {
  out.lowest_barrier.assign(frame.size(), NAN);
  out.events.assign(frame.size(), 0);
  for (const Event* e : connected)
    for (std::size_t k = 0; k < e->saddle.atom.size(); ++k) {
      if (norm(e->saddle.by[k]) <= same_displacement) continue;
      const auto i = static_cast<std::size_t>(e->saddle.atom[k]);
      ++out.events[i];
      if (!(out.lowest_barrier[i] <= e->barrier)) out.lowest_barrier[i] = e->barrier;
    }
}

}  // namespace

bool same_event(const Event& a, const Event& b, double same_displacement, double same_energy) {
  if (std::abs(a.barrier - b.barrier) >= same_energy) return false;
  const double between = apart(a.saddle, b.saddle);
  // After one and the same saddle an avalanche can end in different places.
  return between < 0.25 * same_displacement || (between < same_displacement && std::abs(a.energy_change - b.energy_change) < same_energy);
}

namespace {

struct Different {
  std::vector<const Event*> event;
  std::vector<double> found;
};

/// Connected events above the ripples, each once, lowest barrier first.
Different different_events(const std::vector<Event>& all, const SpectrumOptions& o, Saddles& out) {
  Different d;
  for (const Event& e : all) {
    if (e.outcome != Outcome::connected) continue;
    if (e.barrier < o.minimum_barrier) {
      ++out.ripples;
      continue;
    }
    const auto same =
        std::find_if(d.event.begin(), d.event.end(), [&](const Event* f) { return same_event(*f, e, o.same_displacement, o.same_energy); });
    if (same != d.event.end())
      ++d.found[static_cast<std::size_t>(same - d.event.begin())], ++out.duplicates;
    else
      d.event.push_back(&e), d.found.push_back(1);
  }
  std::vector<std::size_t> order(d.event.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return d.event[a]->barrier < d.event[b]->barrier; });
  Different sorted;
  for (const std::size_t k : order) sorted.event.push_back(d.event[k]), sorted.found.push_back(d.found[k]);
  return sorted;
}

Measured mean(const std::vector<double>& v, const char* note) {
  Measured m = numeric::mean(v);
  m.note = note;
  return m;
}

}  // namespace

std::vector<const Event*> summarise(const Frame& frame, const std::vector<Event>& all, const SpectrumOptions& o, Saddles& out) {
  const auto count = [&](Outcome outcome) {
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const Event& e) { return e.outcome == outcome; }));
  };
  const Different different = different_events(all, o, out);
  EventTable table(o);
  std::vector<double> barriers, changes, evaluations;
  for (std::size_t k = 0; k < different.event.size(); ++k) {
    const Event& e = *different.event[k];
    table.add(frame, e, different.found[k]);
    barriers.push_back(e.barrier), changes.push_back(e.energy_change);
    if (involved(e.final_state, o.same_displacement) > avalanche * static_cast<double>(frame.size())) ++out.avalanches;
  }
  for (const Event& e : all)
    if (e.outcome != Outcome::no_saddle) evaluations.push_back(e.evaluations);
  out.table = table.take();
  out.outcomes = outcome_table(all);
  out.searches = static_cast<double>(all.size());
  out.unconnected = static_cast<double>(count(Outcome::unconnected));
  const std::size_t connected = count(Outcome::connected);
  out.failed = out.searches - static_cast<double>(connected) - out.unconnected;
  out.success = {static_cast<double>(connected) / out.searches, numeric::proportion_error(connected, all.size()), "binomial"};
  out.mean_barrier = mean(barriers, "s / sqrt(n) over different connected events");
  out.mean_energy_change = mean(changes, "s / sqrt(n) over different connected events");
  out.evaluations_to_saddle = mean(evaluations, "s / sqrt(n) over searches");
  add_spectrum(barriers, o.bin, out);
  add_per_atom(frame, different.event, o.same_displacement, out);
  return different.event;
}

const Fields& SaddlesOptions::fields() {
  static const Fields table = {
      field<&SaddlesOptions::potential>("potential", "", "file, alias or name: CuZr-Mendelev2007, lj:kob-andersen, kim:MODEL, ..."),
      field<&SaddlesOptions::searches>("searches", "1", "number of searches in all").range(1, 1e7),
      field<&SaddlesOptions::searches_per_atom>("searches_per_atom", "1", "searches around each centre, instead of searches").range(1, 1e5),
      field<&SaddlesOptions::centres>("centres", "1", "ids of the atoms to push; none: random, or all with searches_per_atom"),
      field<&SaddlesOptions::displacement>(
          "displacement", "angstrom",
          "longest move of an atom in the first push; unset: 0.5 angstrom, 0.2 sigma, in two dimensions 0.1 sigma")
          .positive(),
      field<&SaddlesOptions::r_cut>("r_cut", "angstrom",
                                    "shell that is pushed with the centre; unset: first minimum of g(r), in two dimensions 1.5 rho^(-1/2)")
          .positive(),
      field<&SaddlesOptions::region_radius>(
          "region_radius", "angstrom", "atoms so near the centre move in a search; unset: 2.5 rho^(-1/3), 5 rho^(-1/2) in two dimensions")
          .positive(),
      field<&SaddlesOptions::force_tolerance>("force_tolerance", "eV/angstrom", "longest force at saddles and minima of the whole system")
          .positive(),
      field<&SaddlesOptions::same_displacement>("same_displacement", "angstrom", "two states are one when no atom is farther apart")
          .positive(),
      field<&SaddlesOptions::same_energy>("same_energy", "eV", "two states are one when their energies differ by less").positive(),
      field<&SaddlesOptions::minimum_barrier>("minimum_barrier", "eV", "lower ones are ripples and not listed").non_negative(),
      field<&SaddlesOptions::ninit>("ninit", "1", "pushes before the curvature is looked at").range(1, 100),
      field<&SaddlesOptions::neigen>("neigen", "1", "steps along the mode after each Lanczos iteration").range(1, 20),
      field<&SaddlesOptions::lanczos_max>("lanczos_max", "1", "most iterations for the lowest mode").range(3, 200),
      field<&SaddlesOptions::eigenvalue_tolerance>("eigenvalue_tolerance", "1", "relative change of the curvature that ends the iteration")
          .positive(),
      field<&SaddlesOptions::nperp>("nperp", "1", "steps across the mode between Lanczos iterations; 32 after the last").range(1, 1000),
      field<&SaddlesOptions::max_evaluations>("max_evaluations", "1", "force evaluations after which a search is given up").range(10, 1e6),
      field<&SaddlesOptions::barrier_bin>("barrier_bin", "eV", "bin of the spectrum; unset: from the number of events").positive(),
      field<&SaddlesOptions::keep>("keep", "1", "connected events whose saddle and final state are handed on, lowest barrier first")
          .range(0, 1e5),
      field<&SaddlesOptions::seed>("seed", "1", "of the random pushes").non_negative(),
  };
  return table;
}

const Fields& Saddles::fields() {
  static const Fields table = {
      field<&Saddles::table>("table", "", "different connected events, lowest barrier first")
          .exact("errors stand in the columns barrier_error, energy_change_error and those of the curvatures"),
      field<&Saddles::outcomes>("outcomes", "", "how the searches ended").exact("counts; fractions carry their errors"),
      field<&Saddles::searches>("searches", "1", "searches made").exact("a count"),
      field<&Saddles::unconnected>("unconnected", "1", "searches whose saddle joins two other minima").exact("a count"),
      field<&Saddles::failed>("failed", "1", "searches without a saddle of first order of the whole system").exact("a count"),
      field<&Saddles::duplicates>("duplicates", "1", "events found again").exact("a count"),
      field<&Saddles::ripples>("ripples", "1", "connected events below minimum_barrier").exact("a count"),
      field<&Saddles::success>("success", "1", "fraction of searches that gave a connected event"),
      field<&Saddles::mean_barrier>("mean_barrier", "eV", "of different connected events"),
      field<&Saddles::mean_energy_change>("mean_energy_change", "eV", "of different connected events"),
      field<&Saddles::evaluations_to_saddle>("evaluations_to_saddle", "1", "force evaluations in the region until the saddle converged"),
      field<&Saddles::barrier>("barrier", "eV", "middle of the bins").exact("set by the bins"),
      field<&Saddles::spectrum>("spectrum", "1/eV", "distribution of barriers of different connected events; an empty bin has no error bar")
          .over("barrier", Plot::bars),
      field<&Saddles::spectrum_error>("spectrum_error", "1/eV", "of counting").error_for("spectrum"),
      field<&Saddles::start_energy>("start_energy", "eV", "energy of the start").exact("of this potential"),
      field<&Saddles::avalanches>("avalanches", "1", "different connected events that move more than a quarter of all atoms")
          .exact("a count"),
      field<&Saddles::start_moved>("start_moved", "angstrom", "longest move of an atom while the start was minimised").exact("as done"),
      field<&Saddles::bulk_modulus>("bulk_modulus", "GPa", "of the start, by finite strain").exact("residual forces leave less than 0.1 %"),
      field<&Saddles::region_radius>("region_radius", "angstrom", "as used").exact("as used"),
      field<&Saddles::displacement>("displacement", "angstrom", "as used").exact("as used"),
      field<&Saddles::lowest_barrier>("lowest_barrier", "eV", "lowest barrier of an event in which the atom takes part; none: no value")
          .atoms("Lowest Barrier")
          .exact("of the events found"),
      field<&Saddles::events>("events", "1", "connected events in which the atom takes part").atoms("Activated Events").exact("a count"),
      field<&Saddles::start>("start", "", "the minimum from which all searches began"),
      field<&Saddles::saddle>("saddle", "", "saddles of the first `keep` events; moves below same_displacement / 50 left out"),
      field<&Saddles::final_state>("final_state", "", "minima behind these saddles, likewise"),
  };
  return table;
}

}  // namespace heteroglass::landscape
