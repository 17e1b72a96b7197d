#include "landscape/saddle_event.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>

#include "core/error.hpp"
#include "landscape/region.hpp"

namespace heteroglass::landscape {
namespace {

/// A stream of random numbers for each search, whatever thread it runs on.
std::mt19937_64 stream(std::uint64_t seed, int search) {
  std::seed_seq words{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32), static_cast<std::uint32_t>(search)};
  return std::mt19937_64(words);
}

/// Normal deviates by Box and Muller: the standard leaves the method open, and results should not depend on the library.
double normal(std::mt19937_64& random) {
  const auto uniform = [&] { return (static_cast<double>(random() >> 11) + 0.5) * 0x1p-53; };
  return std::sqrt(-2 * std::log(uniform())) * std::cos(2 * 3.14159265358979323846 * uniform());
}

constexpr double kept_move = 1e-7;  ///< [angstrom, sigma] so that a kept frame is a stationary point itself

/// Rounded to 1e-9, as a journal keeps it, so that a search read back is the search as it was.
Moved moved(const Vectors& displacement, double least) {
  Moved m;
  for (std::size_t i = 0; i < displacement.size(); ++i) {
    const Vec3& d = displacement[i];
    if (norm(d) < least) continue;
    m.atom.push_back(static_cast<std::int32_t>(i));
    m.by.push_back({std::round(d.x * 1e9) / 1e9, std::round(d.y * 1e9) / 1e9, std::round(d.z * 1e9) / 1e9});
  }
  return m;
}

/// From a to b, beside motions that cost nothing.
Vectors displacement(const ForceField& field, const Vectors& a, const Vectors& b) {
  Vectors d = b;
  add(d, -1, a);
  project_out(d, field.rigid_motions(a));
  return d;
}

class Finder {
 public:
  Finder(const Start& s, int search, std::int32_t centre, const EventOptions& o) : s_(s), o_(o), random_(stream(o.seed, search)) {
    e_.search = search, e_.centre = centre;
    at_ = s.position[static_cast<std::size_t>(centre)];
  }

  Event find() {
    try {
      if (region_saddle() && region_connected()) whole_saddle();
    } catch (const NumericalError&) {  // atoms on top of each other
      e_.outcome = Outcome::no_saddle;
    }
    return finish();
  }

 private:
  Event finish() {
    close_region();
    if (whole_) e_.whole_evaluations = whole_->evaluations();
    return std::move(e_);
  }
  void close_region() {
    if (region_) e_.region_evaluations += region_->evaluations(), e_.region_atoms = static_cast<int>(region_->size());
    region_.reset();
  }
  void open_region(const Vectors& position, double radius) {
    close_region();
    radius_ = radius;
    region_ = std::make_unique<Region>(*s_.potential, *s_.frame, position, at_, radius);
  }
  void open_whole() {
    if (!whole_) whole_ = std::make_unique<WholeField>(*s_.potential, *s_.frame);
  }

  Vectors push() {
    const bool flat = s_.potential->dimension() == 2;
    Vectors p(region_->size());
    for (std::size_t k = 0; k < p.size(); ++k) {
      if (region_->distance()[k] > s_.r_cut) continue;
      const double x = normal(random_), y = normal(random_), z = normal(random_);
      p[k] = {x, y, flat ? 0 : z};
    }
    return p;
  }

  /// Atoms in the outer fifth of the region have moved as far as would count as another state.
  bool rim_moved(const Vectors& x) const {
    for (std::size_t k = 0; k < x.size(); ++k)
      if (region_->distance()[k] > 0.8 * radius_ && norm(x[k] - region_->start()[k]) > 2 * o_.same_displacement) return true;
    return false;
  }
  bool whole_system() const { return region_->size() == s_.position.size(); }

  bool region_saddle() {
    SearchOptions o = o_.search;
    o.force_tolerance = o_.region_tolerance;
    open_region(s_.position, o_.region_radius);
    const Vectors direction = push();
    o.push *= landscape::norm(direction) / longest(direction);  // the length of the longest move becomes that of all
    point_ = search_saddle(*region_, region_->start(), direction, o);
    e_.evaluations = point_.evaluations;
    for (int grown = 0; point_.end == SearchEnd::converged && grown < 3 && !whole_system() && rim_moved(point_.position); ++grown) grow(o);
    if (point_.end != SearchEnd::converged) e_.outcome = Outcome::no_saddle;
    return point_.end == SearchEnd::converged;
  }

  /// The same saddle in a wider region.
  void grow(const SearchOptions& o) {
    const std::vector<std::int32_t> old = region_->atoms();
    const Vectors x = point_.position;
    const Mode mode = point_.mode;
    open_region(s_.position, 1.35 * radius_);
    Vectors wide = region_->start();
    Mode wide_mode = mode;
    wide_mode.direction.assign(wide.size(), {});
    for (std::size_t k = 0, j = 0; k < wide.size() && j < old.size(); ++k)
      if (region_->atoms()[k] == old[j]) wide[k] = x[j], wide_mode.direction[k] = mode.direction[j], ++j;
    point_ = follow_mode(*region_, wide, wide_mode, near(o), stiffness());
    e_.evaluations += point_.evaluations;
  }

  /// Options where the saddle is known to be near: the force along the mode is turned round at once.
  SearchOptions near(SearchOptions o) const {
    o.neigen = 0;
    o.turn_below = HUGE_VAL;
    o.nperp = {16, 24};
    o.lanczos.max_iterations = 6;
    o.max_evaluations = 600;
    return o;
  }
  /// Of the descent without memory: that of the mode, the only one known.
  double stiffness() const { return 20 * std::abs(point_.mode.curvature) + 1e-300; }

  /// From the saddle to one side, in the region.
  Vectors region_side(const Vectors& saddle, const Vectors& mode, double sign) {
    Vectors x = saddle;
    const double most = longest(mode);
    add(x, sign * o_.same_displacement / most, mode);
    descend(*region_, x, o_.region_tolerance, o_.search.max_step, stiffness(), 1000);
    return x;
  }

  /// The mode points away from the start, if the start is beside the saddle at all.
  bool region_connected() {
    const Vectors plus = region_side(point_.position, point_.mode.direction, 1),
                  minus = region_side(point_.position, point_.mode.direction, -1);
    const bool at_plus = longest(displacement(*region_, region_->start(), plus)) < 2 * o_.same_displacement,
               at_minus = longest(displacement(*region_, region_->start(), minus)) < 2 * o_.same_displacement;
    if (at_plus) scale(point_.mode.direction, -1);
    if (at_plus != at_minus) return true;
    e_.outcome = at_plus ? Outcome::same_minimum : Outcome::unconnected;
    open_whole();
    Vectors all = placed(point_.position), f(all.size());
    e_.barrier = whole_->calculator().forces(s_.frame->box, all, f) - s_.energy;
    e_.energy_change = NAN;
    e_.curvature = point_.mode.curvature;
    e_.saddle = moved_to(all);
    return false;
  }

  /// All atoms: those of the region at x, the others where they start.
  Vectors placed(const Vectors& x) const {
    Vectors all = s_.position;
    for (std::size_t k = 0; k < x.size(); ++k) all[static_cast<std::size_t>(region_->atoms()[k])] = x[k];
    return all;
  }

  void whole_saddle() {
    open_whole();
    Mode mode = point_.mode;
    mode.direction.assign(s_.position.size(), {});
    for (std::size_t k = 0; k < region_->size(); ++k)
      mode.direction[static_cast<std::size_t>(region_->atoms()[k])] = point_.mode.direction[k];
    Vectors x = placed(point_.position), f(x.size());
    whole_->forces(x, f);
    e_.outer_force = longest(f);
    const Vectors away = mode.direction;
    SearchOptions o = near(o_.search);
    o.force_tolerance = o_.force_tolerance;
    const double k = stiffness();
    point_ = follow_mode(*whole_, std::move(x), std::move(mode), o, k);
    e_.residual_force = point_.residual_force;
    if (point_.end != SearchEnd::converged) {
      e_.outcome = Outcome::not_whole;
      return;
    }
    if (dot(away, point_.mode.direction) < 0) scale(point_.mode.direction, -1);
    measure_saddle();
    if (e_.outcome == Outcome::higher_order) return;
    sides();
  }

  void measure_saddle() {
    const Vectors& x = point_.position;
    Vectors f(x.size());
    potential::Voigt virial{};
    e_.barrier = whole_->calculator().forces(s_.frame->box, x, f, &virial) - s_.energy;
    e_.pressure_rise = virial[0] + virial[1] + virial[2] - s_.virial_trace;
    e_.saddle = moved_to(x);
    // The next curvature: from a start near the centre, where another negative one would be.
    ModeOptions o = o_.search.lanczos;
    o.max_iterations = 8, o.tolerance = 1e-4;
    point_.mode = improved(lowest_mode(*whole_, x, f, point_.mode.direction, o));
    e_.curvature = point_.mode.curvature;
    Vectors seed(x.size());
    for (const std::int32_t i : region_->atoms()) {
      const double a = normal(random_), b = normal(random_), c = normal(random_);
      seed[static_cast<std::size_t>(i)] = {a, b, s_.potential->dimension() == 2 ? 0 : c};
    }
    o.max_iterations = 24, o.tolerance = 1e-3, o.min_iterations = 12;
    o.stop_below = o_.search.threshold * stiffness();
    const std::vector<Vectors> first = {point_.mode.direction};
    e_.next_curvature = lowest_mode(*whole_, x, f, seed, o, first).curvature;
    if (e_.next_curvature < o.stop_below) e_.outcome = Outcome::higher_order;
  }
  Moved moved_to(const Vectors& x) const { return moved(displacement(*whole_, s_.position, x), kept_move); }
  Mode improved(Mode next) const {
    if (dot(next.direction, point_.mode.direction) < 0) scale(next.direction, -1);
    return next;
  }

  /// Down on both sides: the region first, which is cheap, then everything.
  void sides() {
    const Vectors saddle = point_.position, mode = point_.mode.direction;
    open_region(saddle, radius_);
    Vectors in_region, mode_in_region;
    for (const std::int32_t i : region_->atoms()) mode_in_region.push_back(mode[static_cast<std::size_t>(i)]);
    const auto relaxed = [&](double sign, double tolerance) {
      const Vectors x = region_side(region_->start(), mode_in_region, sign);
      Vectors all = saddle;
      for (std::size_t k = 0; k < x.size(); ++k) all[static_cast<std::size_t>(region_->atoms()[k])] = x[k];
      descend(*whole_, all, tolerance, o_.search.max_step, stiffness(), 2000);
      return all;
    };
    Vectors f(saddle.size());
    const auto is_start = [&](const Vectors& x, double energy) {
      return longest(displacement(*whole_, s_.position, x)) < o_.same_displacement && std::abs(energy - s_.energy) < o_.same_energy;
    };
    const Vectors back = relaxed(-1, o_.force_tolerance);
    const double back_energy = whole_->calculator().forces(s_.frame->box, back, f);
    const Vectors forth = relaxed(1, o_.force_tolerance);
    const double forth_energy = whole_->calculator().forces(s_.frame->box, forth, f);
    const bool begins = is_start(back, back_energy), ends = is_start(forth, forth_energy);
    const bool swapped = ends && !begins;
    e_.outcome = begins && ends ? Outcome::same_minimum : begins || ends ? Outcome::connected : Outcome::unconnected;
    e_.energy_change = (swapped ? back_energy : forth_energy) - s_.energy;
    e_.final_state = moved_to(swapped ? back : forth);
  }

  const Start& s_;
  const EventOptions& o_;
  std::mt19937_64 random_;
  Vec3 at_;
  double radius_ = 0;
  std::unique_ptr<Region> region_;
  std::unique_ptr<WholeField> whole_;
  SaddlePoint point_;
  Event e_;
};

}  // namespace

const char* name(Outcome outcome) {
  switch (outcome) {
    case Outcome::connected:
      return "connected";
    case Outcome::unconnected:
      return "unconnected";
    case Outcome::no_saddle:
      return "no saddle found";
    case Outcome::not_whole:
      return "no saddle of the whole system";
    case Outcome::higher_order:
      return "more than one negative curvature";
    case Outcome::same_minimum:
      return "both sides are the start";
  }
  return "";
}

Event find_event(const Start& start, int search, std::int32_t centre, const EventOptions& options) {
  return Finder(start, search, centre, options).find();
}

}  // namespace heteroglass::landscape
