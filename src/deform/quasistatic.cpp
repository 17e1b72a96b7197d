#include "deform/quasistatic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <random>

#include "core/error.hpp"

namespace heteroglass::deform {
namespace {

/// Close to a drop the barrier is low, and long steps could cross it too early.
constexpr double cautious = 0.05;
constexpr double never = -std::numeric_limits<double>::infinity();
constexpr std::size_t voigt_of[3][3] = {{0, 5, 4}, {5, 1, 3}, {4, 3, 2}};

std::size_t direction(char letter) { return static_cast<std::size_t>(letter - 'x'); }

/// Weights of the polynomial through the last `points` strains, at `to`; nothing when it would magnify errors tenfold.
std::vector<double> weights(std::span<const double> strains, double to) {
  std::vector<double> w;
  double size = 0;
  for (std::size_t i = 0; i < strains.size(); ++i) {
    double v = 1;
    for (std::size_t j = 0; j < strains.size(); ++j)
      if (j != i) v *= (to - strains[j]) / (strains[i] - strains[j]);
    w.push_back(v), size += std::abs(v);
  }
  return size < 10 ? w : std::vector<double>{};
}

/// Displacements beyond the map of the cell, less their mean.
std::vector<Vec3> displacements(const Minimum& before, const Minimum& after) {
  const Mat3 f = after.box.edges() * before.box.inverse_edges();
  const std::size_t n = before.position.size();
  std::vector<Vec3> u(n);
  Vec3 mean;
  for (std::size_t i = 0; i < n; ++i)
    mean += u[i] = after.position[i] - after.box.origin() - f * (before.position[i] - before.box.origin());
  for (Vec3& v : u) v -= mean / double(n);
  return u;
}

/// Mean position weighted by u^2; along periodic edges as the phase of the first Fourier component.
Vec3 centre(const Minimum& m, const std::vector<Vec3>& u) {
  std::array<std::complex<double>, 3> phase{};
  Vec3 plain;
  double weight = 0;
  for (std::size_t i = 0; i < u.size(); ++i) {
    const Vec3 s = m.box.fractional(m.position[i]);
    weight += norm2(u[i]);
    plain += norm2(u[i]) * s;
    for (std::size_t k = 0; k < 3; ++k) phase[k] += std::polar(norm2(u[i]), 2 * std::numbers::pi * s[k]);
  }
  Vec3 s;
  for (std::size_t k = 0; k < 3; ++k) s[k] = m.box.periodic(k) ? std::arg(phase[k]) / (2 * std::numbers::pi) : plain[k] / weight;
  return m.box.wrap(m.box.cartesian(s));
}

void put(io::Archive& out, const Minimum& m) {
  out << m.strain << m.box.edges() << m.box.origin() << m.position << m.energy << m.stress << m.residual;
}
void get(io::Archive& in, Minimum& m) {
  Mat3 edges;
  Vec3 origin;
  in >> m.strain >> edges >> origin >> m.position >> m.energy >> m.stress >> m.residual;
  m.box = Box(edges, origin, m.box.periodicity());
}

}  // namespace

Loading::Loading(Mode mode, const std::string& plane, const std::string& axis, int dimension, const std::array<bool, 3>& periodic)
    : mode_(mode) {
  a_ = direction(mode == Mode::uniaxial ? axis[0] : plane[0]), b_ = direction(plane[1]);
  if (dimension == 2 && (mode == Mode::uniaxial ? a_ == 2 : a_ == 2 || b_ == 2))
    throw InputError(fmt::format("{}: must lie in the xy plane of a two-dimensional system, got {}",
                                 mode == Mode::uniaxial ? "axis" : "plane", mode == Mode::uniaxial ? axis : plane));
  for (std::size_t k = 0; k < 3; ++k) lateral_[k] = mode == Mode::uniaxial && k != a_ && periodic[k] && (dimension == 3 || k < 2);
}

Mat3 Loading::gradient(double strain) const {
  Mat3 f = Mat3::identity();
  if (mode_ == Mode::simple_shear) f[a_][b_] = strain;
  if (mode_ == Mode::pure_shear) f[a_][a_] = std::exp(strain / 2), f[b_][b_] = std::exp(-strain / 2);
  if (mode_ == Mode::uniaxial) f[a_][a_] = 1 + strain;
  for (std::size_t i = 0; i < 3 && mode_ == Mode::along; ++i)
    for (std::size_t j = 0; j < 3; ++j) f[i][j] += strain * m_[i][j];
  return f;
}

Loading Loading::along(const Mat3& m) {
  Loading l;
  l.mode_ = Mode::along, l.m_ = m;
  return l;
}

double Loading::stress(const potential::Voigt& s, double strain) const {
  if (mode_ == Mode::along) {
    const Mat3 rate = m_ * inverse(gradient(strain));
    double sum = 0;
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; j < 3; ++j) sum += s[voigt_of[i][j]] * rate[i][j];
    return sum;
  }
  if (mode_ == Mode::simple_shear) return s[voigt_of[a_][b_]];
  return mode_ == Mode::pure_shear ? (s[a_] - s[b_]) / 2 : s[a_];
}

double Loading::work(const potential::Voigt& s, double strain) const {
  return stress(s, strain) / (mode_ == Mode::uniaxial ? 1 + strain : 1);
}

Quasistatic::Quasistatic(std::shared_ptr<const potential::Potential> potential, const Frame& frame, const Loading& loading,
                         const QuasistaticSettings& settings, Context& context)
    : potential_(std::move(potential)), frame_(frame), loading_(loading), settings_(settings), context_(context) {
  unit_ = potential::pressure_unit(frame.units);
  // A minimum is sharp to about f^2 / (2 k) for each atom; smaller drops cannot be told from that.
  const double rounding = 0.1 * double(frame.size()) * std::pow(settings.relax.force_tolerance, 2);
  least_drop_ = std::max(settings.least_drop, rounding);
  reset();
  state_.box = frame.box, state_.position = frame.position;
  settle(state_, never);
  extend(branch_, state_);
}

void Quasistatic::reset() {
  calculator_ = potential_->calculator(frame_);
  memory_.clear();
}

void Quasistatic::extend(Branch& branch, const Minimum& m) {
  if (!branch.empty() && branch.back().strain == m.strain) branch.pop_back();
  // A branch that turns round is begun anew: the path is the same, the polynomial would see its points twice.
  if (branch.size() > 1 && (m.strain - branch.back().strain) * (branch.back().strain - branch.front().strain) < 0) branch = {branch.back()};
  if (branch.size() == 3) branch.erase(branch.begin());
  Point p{m.strain, m.box.edges(), {}};
  for (const Vec3& r : m.position) p.fractional.push_back(m.box.fractional(r));
  branch.push_back(std::move(p));
}

/// Finds the minimum from the point where it is.
void Quasistatic::settle(Minimum& m, double stop_below) {
  landscape::Relaxation how = settings_.relax;
  how.memory = &memory_, how.stop_below = stop_below, how.max_step *= step_factor_;
  landscape::Relaxed r;
  if (loading_.uniaxial()) {
    const landscape::CellRelaxation cell{.free = loading_.lateral(), .stress_tolerance = settings_.stress_tolerance};
    r = landscape::relax_cell(*calculator_, m.box, m.position, how, cell, unit_, context_);
  } else {
    r = landscape::relax(*calculator_, m.box, m.position, how, context_);
  }
  evaluations_ += r.force_evaluations;
  m.dropped = r.left, m.residual = r.residual_force;
  if (!r.converged && !r.left) ++unconverged_;
  std::vector<Vec3> force(m.position.size());
  potential::Voigt virial{};
  m.energy = calculator_->forces(m.box, m.position, force, &virial);
  ++evaluations_;
  for (std::size_t k = 0; k < 6; ++k) m.stress[k] = virial[k] / m.box.volume() * unit_;
}

Minimum Quasistatic::relaxed(const Branch& branch, double strain, double stop_below) {
  std::vector<double> strains, w;
  for (const Point& p : branch) strains.push_back(p.strain);
  std::size_t first = 0;
  for (; first < branch.size(); ++first)
    if (w = weights(std::span(strains).subspan(first), strain); !w.empty()) break;
  Mat3 edges{};
  std::vector<Vec3> s(branch.back().fractional.size());
  for (std::size_t k = 0; k < w.size(); ++k) {
    const Point& p = branch[first + k];
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; j < 3; ++j) edges[i][j] += w[k] * p.edges[i][j];
    for (std::size_t i = 0; i < s.size(); ++i) s[i] += w[k] * p.fractional[i];
  }
  // The loaded entries are exact, the lateral ones as extrapolated.
  const Mat3 loaded = loading_.gradient(strain) * frame_.box.edges();
  for (std::size_t i = 0; i < 3; ++i)
    if (!loading_.lateral()[i]) edges[i] = loaded[i];
  Minimum m;
  m.strain = strain;
  m.box = Box(edges, edges * frame_.box.inverse_edges() * frame_.box.origin(), frame_.box.periodicity());
  for (const Vec3& f : s) m.position.push_back(m.box.cartesian(f));
  if (settings_.kick > 0) kick(m);
  settle(m, stop_below);
  return m;
}

void Quasistatic::kick(Minimum& m) const {
  std::mt19937_64 random(1);
  const bool flat = potential_->dimension() == 2;
  const auto next = [&] { return settings_.kick * (2 * (double(random() >> 11) * 0x1p-53) - 1); };
  for (std::size_t i = 0; i < m.position.size(); ++i) {
    const Vec3 by{next(), next(), flat ? 0 : next()};
    if (settings_.relax.frozen.empty() || !settings_.relax.frozen[i]) m.position[i] += by;
  }
}

/// V tau: energy per strain.
double Quasistatic::power(const Minimum& m) const { return loading_.work(m.stress, m.strain) / unit_ * m.box.volume(); }

double Quasistatic::heat(const Minimum& from, const Minimum& to) const {
  return 0.5 * (power(from) + power(to)) * (to.strain - from.strain) - (to.energy - from.energy);
}

void Quasistatic::go_to(double strain) {
  while (state_.strain != strain && !(settings_.stop_at_drop && !drops_.empty())) {
    Minimum next = relaxed(branch_, strain, never);
    if (heat(state_, next) > least_drop_)
      pass_drop(std::move(next));
    else
      accept(std::move(next));
  }
}

void Quasistatic::accept(Minimum m) {
  state_ = std::move(m);
  extend(branch_, state_);
}

/// `high` was reached from the state through a drop. Afterwards the state is the minimum behind the drop, at most strain_tolerance later.
void Quasistatic::pass_drop(Minimum high) {
  Minimum low = state_;
  Branch branch = branch_;
  landscape::CurvatureMemory elastic = memory_;
  const double released = heat(low, high);
  step_factor_ = cautious;
  bool from_low = true;  // `high` is what relaxing from `low` gives
  while (settings_.bisect && std::abs(high.strain - low.strain) > settings_.strain_tolerance) {
    const double middle = 0.5 * (low.strain + high.strain), elastic_energy = low.energy + power(low) * (middle - low.strain);
    memory_ = elastic;
    Minimum m = relaxed(branch, middle, released > 20 * least_drop_ ? elastic_energy - 0.5 * released : never);
    if (m.dropped || heat(low, m) > least_drop_) {
      from_low = !m.dropped;
      high = std::move(m);
    } else {
      low = std::move(m), elastic = memory_, from_low = false;
      extend(branch, low);
    }
  }
  step_factor_ = 1;
  const bool certain = settings_.stop_at_drop && high.dropped;
  if (!from_low && !certain) {
    memory_ = elastic;
    high = relaxed(branch, high.strain, never);
  }
  if (certain || heat(low, high) > least_drop_) {
    drops_.push_back(describe(low, high));
    drops_.back().late = drop_delay(branch, low);
    branch_.clear(), memory_.clear();
    accept(std::move(settings_.stop_at_drop ? low : high));
  } else {
    branch_ = std::move(branch);
    accept(std::move(high));
  }
}

/// The direction in which a branch runs into its instability: what its velocity (of fractional positions, per strain) gains between its last
/// points. The steady part of the velocity, which most atoms share, drops out.
std::vector<Vec3> Quasistatic::unstable_mode(const Branch& branch) {
  const std::size_t n = branch.empty() ? 0 : branch.back().fractional.size();
  std::vector<Vec3> mode(branch.size() < 2 ? 0 : n);
  Vec3 mean;
  for (std::size_t i = 0; i < mode.size(); ++i) {
    const auto velocity = [&](std::size_t k) {
      return (branch[k].fractional[i] - branch[k - 1].fractional[i]) / (branch[k].strain - branch[k - 1].strain);
    };
    const std::size_t last = branch.size() - 1;
    mode[i] = branch.back().edges * (last > 1 ? velocity(last) - velocity(last - 1) : velocity(last));
    mean += mode[i] / double(n);
  }
  for (Vec3& v : mode) v -= mean;
  return mode;
}

/// Past the drop the force along the unstable mode grows as Xi.e (gamma - gamma_c), Xi the force per strain at fixed fractional positions;
/// up to where its largest component is the force tolerance, a minimiser may take the vanished minimum for one.
double Quasistatic::drop_delay(const Branch& branch, const Minimum& low) {
  const std::vector<Vec3> mode = unstable_mode(branch);
  double squares = 0, largest = 0, along = 0;
  for (const Vec3& v : mode) squares += norm2(v), largest = std::max(largest, norm(v));
  if (!(squares > 0)) return 0;
  constexpr double h = 1e-5;
  for (const double side : {1.0, -1.0}) {
    const Mat3 map = loading_.gradient(low.strain + side * h) * inverse(loading_.gradient(low.strain));
    Minimum m;
    m.box = Box(map * low.box.edges(), map * low.box.origin(), low.box.periodicity());
    for (const Vec3& r : low.position) m.position.push_back(map * r);
    std::vector<Vec3> force(m.position.size());
    calculator_->forces(m.box, m.position, force);
    ++evaluations_;
    for (std::size_t i = 0; i < force.size(); ++i)
      if (settings_.relax.frozen.empty() || !settings_.relax.frozen[i]) along += side * dot(force[i], mode[i]) / (2 * h);
  }
  return along != 0 ? settings_.relax.force_tolerance * squares / (std::abs(along) * largest) : 0;
}

Drop Quasistatic::describe(const Minimum& before, const Minimum& after) const {
  Drop d;
  const double step = after.strain - before.strain;
  d.strain = 0.5 * (before.strain + after.strain), d.width = std::abs(step);
  d.stress_before = loading_.stress(before.stress, before.strain);
  d.stress_drop = std::copysign(1.0, step) * (d.stress_before - loading_.stress(after.stress, after.strain));
  d.energy_drop = before.energy + power(before) * step - after.energy;
  const std::vector<Vec3> u = displacements(before, after);
  double squares = 0, fourth = 0;
  for (const Vec3& v : u) {
    const double l2 = norm2(v);
    squares += l2, fourth += l2 * l2;
    d.largest_displacement = std::max(d.largest_displacement, std::sqrt(l2));
    d.atoms += l2 > settings_.moved * settings_.moved;
  }
  d.participation = fourth > 0 ? squares * squares / fourth : 0;
  d.centre = centre(after, u);
  return d;
}

void Quasistatic::save(io::Archive& out) const {
  put(out, state_);
  out << branch_.size();
  for (const Point& p : branch_) out << p.strain << p.edges << p.fractional;
  out << drops_ << evaluations_ << unconverged_;
}

void Quasistatic::load(io::Archive& in) {
  get(in, state_);
  std::size_t points = 0;
  in >> points;
  branch_.assign(points, {});
  for (Point& p : branch_) in >> p.strain >> p.edges >> p.fractional;
  in >> drops_ >> evaluations_ >> unconverged_;
  reset();
}

}  // namespace heteroglass::deform
