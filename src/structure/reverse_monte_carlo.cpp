#include "structure/reverse_monte_carlo.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>
#include <random>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "io/atomic_file.hpp"
#include "potential/potential.hpp"
#include "structure/rmc_start.hpp"
#include "structure/rmc_walk.hpp"

namespace heteroglass::structure {
namespace {

constexpr double pi = std::numbers::pi;
constexpr double widest_bin = 0.02;     // [angstrom]
constexpr double longest_default = 15;  // [angstrom]
constexpr double default_s_sigma = 0.01, default_g_sigma = 0.03;
constexpr int window_of_convergence = 10;  // moves an atom

using Options = ReverseMonteCarloOptions;

double default_r_max(const Frame& frame, const Options& o) {
  const Vec3 h = frame.box.heights();
  const double half = std::min({h.x, h.y, h.z}) / 2;
  if (o.r_max && *o.r_max > half)
    throw InputError(
        fmt::format("--r-max: must be at most half the smallest height of the box, {:.4g} angstrom, got {:.4g}", half, *o.r_max));
  return o.r_max.value_or(std::min(half, longest_default));
}

std::vector<double> errors(const Curve& c, const std::string& column, std::optional<double> given, double fallback) {
  const CurveColumn* e = given ? nullptr : c.find(column);
  std::vector<double> sigma = e ? e->values : std::vector<double>(c.size(), given.value_or(fallback));
  for (std::size_t i = 0; i < sigma.size(); ++i)
    if (!(sigma[i] > 0))
      throw InputError(fmt::format("{}: {} must be greater than 0, got {} in row {}", c.source, column, sigma[i], i + 1));
  return sigma;
}

RmcData points_of(const Curve& c, const std::string& x, const std::string& y, std::optional<double> sigma, double fallback) {
  RmcData d{c.label.empty() ? c.source : c.label, c.at(x).values, c.at(y).values, errors(c, y + "_error", sigma, fallback)};
  for (std::size_t i = 0; i < d.x.size(); ++i)
    if (!(d.x[i] > (i == 0 ? 0 : d.x[i - 1])))
      throw InputError(fmt::format("{}: {} must be positive and rise from row to row, got {} in row {}", c.source, x, d.x[i], i + 1));
  return d;
}

/// g(r) out to r_max, from g or from G(r) = 4 pi rho r (g - 1).
RmcData pair_distribution(const Curve& c, double density, double r_max, std::optional<double> g_sigma) {
  const bool reduced = c.find("g_reduced") != nullptr;
  RmcData d = points_of(c, "r", reduced ? "g_reduced" : "g", g_sigma, default_g_sigma);
  for (std::size_t i = 0; reduced && i < d.x.size(); ++i) {
    const double scale = 4 * pi * density * d.x[i];
    d.y[i] = 1 + d.y[i] / scale;
    if (!g_sigma && c.find("g_reduced_error")) d.sigma[i] /= scale;
  }
  const auto keep = static_cast<std::size_t>(std::lower_bound(d.x.begin(), d.x.end(), r_max) - d.x.begin());
  d.x.resize(keep), d.y.resize(keep), d.sigma.resize(keep);
  if (keep < 4)
    throw InputError(fmt::format("{}: g(r) must have at least four points below r_max = {:.4g} angstrom, got {}", c.source, r_max, keep));
  return d;
}

class Refinement {
 public:
  Refinement(const Frame& start, std::span<const Curve> curves, const Options& o, Context& context)
      : frame_(start), o_(o), context_(context), pairs_(start), bins_(bins()) {
    check(curves);
    least_ = least_distances(frame_, o_.minimum_distance);
    scramble();
    std::vector<RmcTarget> targets;
    for (std::size_t i = 0; i < curves.size(); ++i) targets.push_back(target(curves[i], o_.weights[o_.weights.size() == 1 ? 0 : i]));
    for (const std::string& text : o_.coordination) targets.push_back(coordination(text));
    walk_.emplace(frame_, pairs_, bins_, std::move(targets), RmcRules{least_, o_.max_move, static_cast<std::uint64_t>(o_.seed), energy()});
    for (const RmcTarget& t : walk_->targets()) points_ += static_cast<double>(t.points());
    for (std::size_t t = 0; t < walk_->targets().size(); ++t) first_model_.push_back(walk_->model(t));
    result_.chi_squared_per_point_start = walk_->chi_squared() / points_;
    result_.moves_per_atom = {0}, result_.chi_squared = {result_.chi_squared_per_point_start};
    const std::size_t close = walk_->overlaps();
    if (close > frame_.size())
      throw InputError(
          fmt::format("--minimum-distance: must leave room for {} atoms in this box, got {} pairs that are nearer", frame_.size(), close));
    if (close > 0)
      context_.warn(fmt::format("{}: {} pairs of the start are nearer than their minimum distance; they can only become fewer",
                                frame_.source, close));
  }

  ReverseMonteCarlo run() {
    resume();
    const std::size_t n = frame_.size();
    const auto sweeps = static_cast<std::size_t>(std::ceil(o_.moves));
    auto saved = std::chrono::steady_clock::now();
    for (std::size_t s = result_.moves_per_atom.size() - 1; s < sweeps && !settled(); ++s) {
      if (context_.cancelled()) save();
      context_.check_cancelled();
      walk_->run(n);
      walk_->count();
      result_.moves_per_atom.push_back(static_cast<double>(s + 1)), result_.chi_squared.push_back(walk_->chi_squared() / points_);
      context_.progress(static_cast<double>(s + 1) / static_cast<double>(sweeps),
                        fmt::format("{} moves an atom, chi2 a point {:.4g}", s + 1, result_.chi_squared.back()));
      if (std::chrono::steady_clock::now() - saved > std::chrono::seconds(20)) save(), saved = std::chrono::steady_clock::now();
    }
    collect();
    return std::move(result_);
  }

 private:
  RmcEnergy energy() const {
    if (o_.potential.empty()) return {};
    const auto loaded = potential::load(o_.potential, frame_, context_);
    RmcEnergy e{loaded->pair_functional(frame_), o_.temperature * constants::boltzmann};
    if (!e.terms)
      throw InputError(fmt::format("--potential: must be an EAM table, whose energy of one atom's move is quick, got {}", o_.potential));
    const Vec3 h = frame_.box.heights();
    if (2 * e.terms->cutoff() > std::min({h.x, h.y, h.z}))
      throw InputError(fmt::format("{}: the box must be at least twice the cut-off of the potential wide, {:.4g} angstrom, got {:.4g}",
                                   frame_.source, 2 * e.terms->cutoff(), std::min({h.x, h.y, h.z})));
    return e;
  }

  DistanceBins bins() const {
    const double r_max = default_r_max(frame_, o_);
    return {r_max, static_cast<std::size_t>(std::ceil(r_max / widest_bin))};
  }

  void check(std::span<const Curve> curves) const {
    if (!frame_.box.fully_periodic()) throw InputError(fmt::format("{}: the box must be periodic in all directions", frame_.source));
    if (curves.empty() && o_.coordination.empty())
      throw InputError("structure/reverse_monte_carlo: at least one file must hold S(Q) or g(r), got none");
    if (!curves.empty() && o_.weights.size() != 1 && o_.weights.size() != curves.size())
      throw InputError(fmt::format("--weights: must be number, xray or neutron, once or for each of the {} data sets, got {}",
                                   curves.size(), o_.weights.size()));
    for (const std::string& w : o_.weights) {
      if (w != "number" && w != "xray" && w != "neutron")
        throw InputError(fmt::format("--weights: must be number, xray or neutron, got '{}'", w));
      if (w != "number") frame_.require_species_names();
    }
    if (frame_.units == UnitSystem::lj && std::any_of(o_.weights.begin(), o_.weights.end(), [](const auto& w) { return w != "number"; }))
      throw InputError("--weights: Lennard-Jones data have no scattering lengths; must be number");
  }

  void scramble() {
    if (o_.scramble == 0) return;
    std::mt19937_64 random(static_cast<std::uint64_t>(o_.seed));
    std::uniform_real_distribution<double> uniform(-o_.scramble, o_.scramble);
    for (Vec3& r : frame_.position) {
      const double x = uniform(random), y = uniform(random), z = uniform(random);
      r = frame_.box.wrap(r + Vec3{x, y, z});
    }
    push_apart(frame_, least_);
  }

  RmcTarget target(const Curve& c, const std::string& weights) const {
    const bool s = c.find("q") && c.find("structure_factor"), g = c.find("r") && (c.find("g") || c.find("g_reduced"));
    if (s == g)
      throw InputError(
          fmt::format("{}: must hold either q and structure_factor, or r and g (or g_reduced), got {}", c.source, s ? "both" : "neither"));
    if (s)
      return structure_factor_target(
          windowed(points_of(c, "q", "structure_factor", o_.structure_factor_sigma, default_s_sigma), bins_.r_max), frame_, pairs_, bins_,
          weights);
    const double density = static_cast<double>(frame_.size()) / frame_.box.volume();
    return pair_distribution_target(pair_distribution(c, density, bins_.r_max, o_.g_sigma), frame_, pairs_, bins_, weights, o_.q_max);
  }

  /// Cu-Zr=6.5:3.4
  RmcTarget coordination(const std::string& text) const {
    const std::size_t equals = text.find('='), colon = text.find(':');
    double number = 0, r_cut = 0;
    try {
      number = std::stod(text.substr(equals + 1)), r_cut = std::stod(text.substr(colon + 1));
    } catch (const std::exception&) {
      colon == std::string::npos ? number = -1 : number;
    }
    if (equals == std::string::npos || colon == std::string::npos || !(number >= 0) || !(r_cut > 0) || r_cut > bins_.r_max)
      throw InputError(
          fmt::format("--coordination: must be written Cu-Zr=6.5:3.4 (number, then distance in angstrom up to r_max), got '{}'", text));
    const auto [a, b] = species_of(text.substr(0, equals), frame_, "--coordination");
    return coordination_target(number, o_.coordination_sigma, r_cut, a, b, frame_, pairs_, bins_);
  }

  bool settled() {
    const std::vector<double>& h = result_.chi_squared;
    if (h.size() <= window_of_convergence || o_.tolerance == 0) return false;
    const double before = h[h.size() - 1 - window_of_convergence];
    result_.converged = before - h.back() < o_.tolerance * before;
    return result_.converged;
  }

  /// Everything that the walk follows from, so that another question does not go on from this one's checkpoint.
  std::string key() const {
    io::Archive a;
    a << frame_.position << frame_.type << frame_.box.edges() << o_.seed << o_.max_move << o_.potential << o_.temperature << bins_.r_max
      << least_.values;
    for (const RmcTarget& t : walk_->targets()) a << t.x << t.wanted << t.sigma << t.base << t.coefficient.values;
    return io::sha256(a.bytes());
  }
  std::filesystem::path file() const { return context_.directory / ("rmc-" + key().substr(0, 16) + ".checkpoint"); }

  void save() const {
    if (context_.directory.empty()) return;
    io::Archive out;
    walk_->save(out);
    out << result_.moves_per_atom << result_.chi_squared;
    std::filesystem::create_directories(context_.directory);
    io::write_archive(file(), key(), out);
  }
  void resume() {
    if (context_.directory.empty()) return;
    io::Archive in = io::read_archive(file(), key());
    if (in.empty()) return;
    walk_->load(in);
    in >> result_.moves_per_atom >> result_.chi_squared;
  }

  void collect() {
    ReverseMonteCarlo& r = result_;
    const std::size_t n = frame_.size();
    r.chi_squared_per_point = walk_->chi_squared() / points_;
    r.moves = static_cast<double>(walk_->proposed()) / static_cast<double>(n);
    r.acceptance = walk_->proposed() > 0 ? static_cast<double>(walk_->accepted()) / static_cast<double>(walk_->proposed()) : 0;
    r.close_pairs = static_cast<int>(walk_->overlaps());
    r.energy_per_atom = o_.potential.empty() ? std::nan("") : walk_->energy() / static_cast<double>(n);
    r.r_max = bins_.r_max;
    for (std::size_t p = 0; p < pairs_.size(); ++p)
      r.minimum_distance[frame_.species_name(pairs_.first(p)) + "-" + frame_.species_name(pairs_.second(p))] =
          least_(pairs_.first(p), pairs_.second(p));
    double squares = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const Vec3 d = frame_.box.minimum_image(walk_->positions()[i] - frame_.position[i]);
      squares += d.x * d.x + d.y * d.y + d.z * d.z;
    }
    r.displacement_rms = std::sqrt(squares / static_cast<double>(n));
    collect_data();
    collect_partials();
    Frame out = frame_;
    out.position = walk_->positions();
    out.image.clear(), out.velocity.clear(), out.properties.clear();
    r.configuration = {std::move(out)};
    if (!r.converged && o_.tolerance > 0)
      context_.warn(
          fmt::format("chi2 still falls after {} moves an atom: give --moves more, or --tolerance 0 to say that this is enough", o_.moves));
  }

  void collect_data() {
    ReverseMonteCarlo& r = result_;
    Table& t = r.data;
    t.add_text("name"), t.add_text("kind"), t.add_text("weights");
    t.add_number("points", "1"), t.add_number("chi_squared_per_point", "1");
    t.add_number("r_factor", "1", "root of the sum of squared differences over that of the squared signal (value less 1)");
    for (std::size_t i = 0; i < walk_->targets().size(); ++i) {
      const RmcTarget& a = walk_->targets()[i];
      const std::vector<double>& m = walk_->model(i);
      double chi2 = 0, off = 0, signal = 0;
      for (std::size_t k = 0; k < a.points(); ++k) {
        const double d = m[k] - a.wanted[k], s = a.wanted[k] - (a.kind == "coordination" ? 0 : 1);
        chi2 += d * d / (a.sigma[k] * a.sigma[k]), off += d * d, signal += s * s;
      }
      t.columns[0].text.push_back(a.name), t.columns[1].text.push_back(a.kind), t.columns[2].text.push_back(a.weights);
      const double row[] = {static_cast<double>(a.points()), chi2 / static_cast<double>(a.points()), std::sqrt(off / signal)};
      for (std::size_t c = 0; c < 3; ++c) t.columns[c + 3].number.push_back(row[c]);
      if (a.kind == "structure factor" && r.q.empty())
        r.q = a.x, r.structure_factor_data = a.wanted, r.structure_factor_data_error = a.sigma, r.structure_factor = m,
        r.structure_factor_start = first_model_[i];
      if (a.kind == "pair distribution" && r.r.empty())
        r.r = a.x, r.g_data = a.wanted, r.g_data_error = a.sigma, r.g = m, r.g_start = first_model_[i];
    }
  }

  /// Partial pair distributions on coarser bins.
  void collect_partials() {
    constexpr std::size_t group = 5;
    ReverseMonteCarlo& r = result_;
    const std::size_t coarse = bins_.count / group;
    r.pair = pairs_.labels(frame_);
    r.g_partial = r.g_partial_error = Matrix(pairs_.size(), coarse);
    const double width = bins_.width() * group;
    for (std::size_t b = 0; b < coarse; ++b) {
      const double inner = static_cast<double>(b) * width, outer = inner + width,
                   shell = 4.0 / 3 * pi * (std::pow(outer, 3) - std::pow(inner, 3));
      r.distance.push_back(inner + width / 2);
      for (std::size_t p = 0; p < pairs_.size(); ++p) {
        double count = 0;
        for (std::size_t k = 0; k < group; ++k) count += walk_->histogram()[p][b * group + k];
        const std::size_t i = pairs_.first(p), j = pairs_.second(p);
        const double each = (i == j ? 2 : 1) * frame_.box.volume() /
                            (static_cast<double>(pairs_.counts()[i]) * static_cast<double>(pairs_.counts()[j]) * shell);
        r.g_partial(p, b) = each * count, r.g_partial_error(p, b) = each * std::sqrt(count);
      }
    }
  }

  Frame frame_;
  const Options& o_;
  Context& context_;
  SpeciesPairs pairs_;
  DistanceBins bins_;
  Matrix least_;
  std::optional<RmcWalk> walk_;
  std::vector<std::vector<double>> first_model_;
  double points_ = 0;
  ReverseMonteCarlo result_;
};

}  // namespace

ReverseMonteCarlo reverse_monte_carlo(std::span<const Frame> frames, std::span<const Curve> curves, const ReverseMonteCarloOptions& options,
                                      Context& context) {
  if (frames.size() != 1)
    throw InputError(
        fmt::format("structure/reverse_monte_carlo: one file must hold the starting configuration, got {} configurations", frames.size()));
  return Refinement(frames.front(), curves, options, context).run();
}

const Analysis& reverse_monte_carlo_analysis() {
  static const Analysis entry = [] {
    Analysis a = analysis<&reverse_monte_carlo>("structure", "reverse_monte_carlo",
                                                "a configuration refined against a measured structure factor or pair distribution function",
                                                {{"McGreevy, Pusztai, Mol. Simul. 1, 359 (1988)", "10.1080/08927028808080958"},
                                                 {"McGreevy, J. Phys.: Condens. Matter 13, R877 (2001)", "10.1088/0953-8984/13/46/201"}});
    a.cost = [](const void* options, double atoms) {
      const double moves = static_cast<const ReverseMonteCarloOptions*>(options)->moves;
      return fmt::format(
          "up to {:.3g} moves, some 30 microseconds of a core each for 300 data points and r_max 15 angstrom: {:.2g} minutes",
          moves * atoms, moves * atoms * 30e-6 / 60);
    };
    return a;
  }();
  return entry;
}

}  // namespace heteroglass::structure
