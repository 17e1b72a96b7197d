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
      if (region_event() && wide_event()) whole_event();
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

  /// A saddle in the region that is connected to the start.
  bool region_event() {
    SearchOptions o = o_.search;
    o.force_tolerance = o_.region_tolerance;
    open_region(s_.position, o_.region_radius);
    const Vectors direction = push();
    o.push *= landscape::norm(direction) / longest(direction);  // the length of the longest move becomes that of all
    point_ = search_saddle(*region_, region_->start(), direction, o);
    e_.evaluations = point_.evaluations;
    return region_saddle(o);
  }

  /// The search has converged, in a region wide enough, and one side of the saddle is the start.
  bool region_saddle(const SearchOptions& o) {
    for (int grown = 0; point_.end == SearchEnd::converged && grown < o_.growths && !whole_system() && rim_moved(point_.position); ++grown)
      widen(o_.growth * radius_, o);
    e_.outcome = Outcome::no_saddle;
    return point_.end == SearchEnd::converged && region_connected();
  }

  /// The same saddle in a wider region.
  void widen(double radius, const SearchOptions& o) {
    const std::vector<std::int32_t> old = region_->atoms();
    open_region(s_.position, radius);
    const auto among_more = [&](const Vectors& x, Vectors wide) {
      for (std::size_t k = 0, j = 0; k < wide.size() && j < old.size(); ++k)
        if (region_->atoms()[k] == old[j]) wide[k] = x[j++];
      return wide;
    };
    Mode mode = point_.mode;
    mode.direction = among_more(mode.direction, Vectors(region_->size()));
    const double k = stiffness();
    point_ = follow_mode(*region_, among_more(point_.position, region_->start()), mode, near(o), k);
    e_.evaluations += point_.evaluations;
  }

  /// Options where the saddle is known to be near: the force along the mode is turned round at once.
  SearchOptions near(SearchOptions o) const {
    o.neigen = 0;
    o.turn_below = HUGE_VAL;
    o.nperp = {16, 24}, o.threshold = -0.002;
    o.lanczos.max_iterations = 6;
    o.max_evaluations = 400;
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
  bool is_region_start(const Vectors& x) const { return longest(displacement(*region_, region_->start(), x)) < 2 * o_.same_displacement; }

  /// The mode points away from the start, if the start is beside the saddle at all. The side that faces the start is tried first; that the
  /// other one is a different minimum is seen in the end.
  bool region_connected() {
    if (landscape::dot(displacement(*region_, region_->start(), point_.position), point_.mode.direction) < 0)
      scale(point_.mode.direction, -1);
    e_.outcome = Outcome::unconnected;
    if (is_region_start(region_side(point_.position, point_.mode.direction, -1))) return true;
    scale(point_.mode.direction, -1);
    return is_region_start(region_side(point_.position, point_.mode.direction, -1));
  }

  /// Still connected when atoms farther away give way? Cheaper to ask than of the whole system.
  bool wide_event() {
    const double wide = o_.wide * o_.region_radius,
                 atoms = 4.19 * wide * wide * wide * static_cast<double>(s_.position.size()) / s_.frame->box.volume();
    if (radius_ >= wide || atoms > 0.5 * static_cast<double>(s_.position.size())) return true;
    SearchOptions o = o_.search;
    o.force_tolerance = o_.region_tolerance;
    const Vectors away = point_.mode.direction;
    const std::vector<std::int32_t> old = region_->atoms();
    widen(wide, o);
    e_.outcome = Outcome::not_whole;
    if (point_.end != SearchEnd::converged) return false;
    double along = 0;
    for (std::size_t k = 0, j = 0; k < region_->size() && j < old.size(); ++k)
      if (region_->atoms()[k] == old[j]) along += heteroglass::dot(away[j++], point_.mode.direction[k]);
    if (along < 0) scale(point_.mode.direction, -1);
    e_.outcome = Outcome::unconnected;
    return is_region_start(region_side(point_.position, point_.mode.direction, -1));
  }

  /// All atoms: those of the region at x, the others where they start.
  Vectors placed(const Vectors& x) const {
    Vectors all = s_.position;
    for (std::size_t k = 0; k < x.size(); ++k) all[static_cast<std::size_t>(region_->atoms()[k])] = x[k];
    return all;
  }

  void whole_event() {
    open_whole();
    Mode mode = point_.mode;
    mode.direction.assign(s_.position.size(), {});
    for (std::size_t k = 0; k < region_->size(); ++k)
      mode.direction[static_cast<std::size_t>(region_->atoms()[k])] = point_.mode.direction[k];
    Vectors x = placed(point_.position), f(x.size());
    whole_->forces(x, f);
    e_.outer_force = longest(f);
    for (int attempt = 0;; ++attempt) {
      if (!whole_saddle(std::move(x), std::move(mode))) return;
      const Mode second = measure_curvature();
      if (second.curvature > 0) break;
      e_.outcome = Outcome::higher_order;
      if (attempt == 2) return;
      // Forces below the tolerance let a search rest on a soft ridge: off it, to the side that goes down, and up along the mode again.
      const double downhill = landscape::dot(force_, second.direction) < 0 ? -1 : 1;
      x = point_.position, mode = point_.mode;
      add(x, downhill * o_.same_displacement / longest(second.direction), second.direction);
    }
    const Side forth = beyond();
    e_.outcome = forth.is_start ? Outcome::same_minimum : Outcome::connected;
    e_.energy_change = forth.energy - s_.energy;
    e_.energy_change_error = error_of(forth.force) + error_of(s_.residual_norm);
    e_.final_state = moved_to(forth.position);
  }

  /// From a point near: a stationary point of all atoms from which one way down leads to the start.
  bool whole_saddle(Vectors x, Mode mode) {
    const Vectors away = mode.direction;
    SearchOptions o = near(o_.search);
    o.force_tolerance = o_.force_tolerance;
    const double k = stiffness();
    point_ = follow_mode(*whole_, std::move(x), std::move(mode), o, k);
    e_.outcome = Outcome::not_whole;
    if (point_.end != SearchEnd::converged) return false;
    turn_away(away);
    measure_saddle();
    open_region(point_.position, radius_);
    e_.outcome = Outcome::unconnected;
    return begins_at_start();
  }

  void turn_away(const Vectors& away) {
    if (landscape::dot(away, point_.mode.direction) < 0) scale(point_.mode.direction, -1);
  }

  void measure_saddle() {
    const Vectors& x = point_.position;
    force_.resize(x.size());
    potential::Voigt virial{};
    e_.barrier = whole_->calculator().forces(s_.frame->box, x, force_, &virial) - s_.energy;
    e_.pressure_rise = virial[0] + virial[1] + virial[2] - s_.virial_trace;
    e_.residual_force = longest(force_);
    e_.saddle = moved_to(x);
  }

  /// The two lowest curvatures, each until its residual tells its sign. Returns the second.
  Mode measure_curvature() {
    const Vectors& x = point_.position;
    ModeOptions o = o_.search.lanczos;
    o.max_iterations = 60, o.residual = 0.03;
    const Vectors away = point_.mode.direction;
    point_.mode = lowest_mode(*whole_, x, force_, away, o);
    turn_away(away);
    e_.curvature = point_.mode.curvature, e_.curvature_error = point_.mode.residual;
    // The force that is left is rich in soft directions, which halves the iterations; the random part leaves none out.
    Vectors seed(x.size());
    for (Vec3& v : seed) {
      const double a = normal(random_), b = normal(random_), c = normal(random_);
      v = {a, b, s_.potential->dimension() == 2 ? 0 : c};
    }
    if (const double left = landscape::norm(force_); left > 0) add(seed, 3 * landscape::norm(seed) / left, force_);
    o.max_iterations = 120, o.min_iterations = 24, o.residual = 0.9;
    const std::vector<Vectors> first = {point_.mode.direction};
    Mode second = lowest_mode(*whole_, x, force_, seed, o, first);
    e_.next_curvature = second.curvature, e_.next_curvature_error = second.residual;
    e_.curvatures_converged = point_.mode.converged + second.converged;
    e_.barrier_error = error_of(landscape::norm(force_)) + error_of(s_.residual_norm);
    return second;
  }
  /// [energy] a residual force of this norm (over all atoms) leaves at most.
  double error_of(double force) const { return force * force / (2 * std::min(std::abs(e_.curvature), std::abs(e_.next_curvature))); }
  Moved moved_to(const Vectors& x) const { return moved(displacement(*whole_, s_.position, x), kept_move); }

  struct Side {
    Vectors position;
    double energy = 0, force = 0;  ///< [energy], [energy/length] norm over all atoms
    bool is_start = false;
  };

  /// The minimum on the other side: all atoms at once, for with some held still first it may be another one.
  Side beyond() {
    Side s{point_.position, 0, 0, false};
    add(s.position, o_.same_displacement / longest(point_.mode.direction), point_.mode.direction);
    descend(*whole_, s.position, o_.force_tolerance, o_.search.max_step, stiffness(), 2000);
    return reached(std::move(s));
  }

  /// Does the side where the mode comes from lead to the start? The region goes down first, which is cheap, then everything, until it is
  /// known: as near to the start as is_start asks; or lower than it, from where no way down leads back up; or nearly at rest far from it.
  bool begins_at_start() {
    const Vectors &saddle = point_.position, &mode = point_.mode.direction;
    Vectors mode_in_region;
    for (const std::int32_t i : region_->atoms()) mode_in_region.push_back(mode[static_cast<std::size_t>(i)]);
    const Vectors x = region_side(region_->start(), mode_in_region, -1);
    Vectors all = saddle;
    for (std::size_t k = 0; k < x.size(); ++k) all[static_cast<std::size_t>(region_->atoms()[k])] = x[k];
    const auto far = [&](const Vectors& y, const Vectors& f) {
      return longest(f) < o_.region_tolerance && longest(displacement(*whole_, s_.position, y)) > 4 * o_.same_displacement;
    };
    descend(*whole_, all, o_.force_tolerance, o_.search.max_step, stiffness(), 2000,
            [&](const Vectors& y, const Vectors& f) { return whole_->energy() < s_.energy - o_.same_energy || is_start(y) || far(y, f); });
    return reached({std::move(all), 0, 0, false}).is_start;
  }

  /// At the point where forces were asked for last.
  bool is_start(const Vectors& x) const {
    return std::abs(whole_->energy() - s_.energy) < o_.same_energy && longest(displacement(*whole_, s_.position, x)) < o_.same_displacement;
  }
  Side reached(Side s) {
    Vectors f(s.position.size());
    whole_->forces(s.position, f);
    s.energy = whole_->energy(), s.force = landscape::norm(f), s.is_start = is_start(s.position);
    return s;
  }

  const Start& s_;
  const EventOptions& o_;
  std::mt19937_64 random_;
  Vec3 at_;
  double radius_ = 0;
  std::unique_ptr<Region> region_;
  std::unique_ptr<WholeField> whole_;
  SaddlePoint point_;
  Vectors force_;  ///< of the whole system at the saddle
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
